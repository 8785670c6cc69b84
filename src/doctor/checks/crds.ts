import { DNSEndpoint, IstioGateway, type KindInfo, RegionFailover, routerKinds } from '../../api/kinds.ts'
import { counted } from '../../lib/counted.ts'
import { type Check, type Problem, problem, type Severity, some, verdict } from '../check.ts'
import type { Facts } from '../facts.ts'
import { fieldsOf } from '../fields.ts'

export const routerCrds: Check = {
  remedy: 'srouter install --crds-only | kubectl apply --server-side -f -',
  look: ({ served }) =>
    verdict(
      routerKinds.flatMap(kind =>
        // The earlier operator had none, and a cluster without takes part in no failover.
        problemsOf(kind, [kind.version], served, kind.kind === RegionFailover.kind ? 'warning' : 'error'),
      ),
      `${counted(routerKinds.length, 'kind')}, served as ${routerKinds[0]?.version}, with status`,
    ),
}

/** What a CRD does not know the API server drops, in silence. */
export const crdFields: Check = {
  remedy: 'apply what "srouter install --crds-only" of this version prints',
  look: ({ served }) => {
    const known = routerKinds.flatMap(kind => {
      const version = served.get(nameOfKind(kind))?.find(each => each.version === kind.version)
      return version?.fields === undefined ? [] : [{ kind, has: new Set(version.fields) }]
    })
    if (known.length === 0) return { notChecked: 'the API server shows no schema of the kinds' }
    return verdict(
      known.flatMap(({ kind, has }) => {
        const missing = fieldsOf(kind).filter(field => !has.has(field))
        return missing.length === 0
          ? []
          : [
              problem(
                'warning',
                `${nameOfKind(kind)} is older than this srouter, and drops what is written to ${some(missing)}`,
              ),
            ]
      }),
      'every field of this version is known',
    )
  },
}

export const dnsEndpointCrd: Check = {
  remedy: "install ExternalDNS's CRD: dnsendpoints.externaldns.k8s.io of the version that you run",
  look: ({ served }) =>
    verdict(
      problemsOf(DNSEndpoint, [DNSEndpoint.version], served, 'error'),
      `served as ${DNSEndpoint.version}, with status`,
    ),
}

/** Without it DNS works, and Istio Gateways are not written. */
export const istioCrd: Check = {
  remedy: 'install Istio 1.18 or later, where hosts are to be served here',
  look: ({ served }) =>
    verdict(
      problemsOf(IstioGateway, ['v1', 'v1beta1'], served, 'warning'),
      `served as ${versionsOf(IstioGateway, served).join(', ')}`,
    ),
}

export const nameOfKind = ({ plural, group }: KindInfo): string => `${plural}.${group}`

const versionsOf = (kind: KindInfo, served: Facts['served']): readonly string[] =>
  (served.get(nameOfKind(kind)) ?? []).map(({ version }) => version)

const problemsOf = (
  kind: KindInfo,
  wanted: readonly string[],
  served: Facts['served'],
  severity: Severity,
): readonly Problem[] => {
  const there = served.get(nameOfKind(kind)) ?? []
  const usable = there.find(({ version }) => wanted.includes(version))
  const name = nameOfKind(kind)
  if (there.length === 0) return [problem(severity, `${name} is not installed`)]
  if (usable === undefined)
    return [
      problem(
        severity,
        `${name} is not served as ${wanted.join(' or ')}, but ${versionsOf(kind, served).join(', ')}`,
      ),
    ]
  // Of an Istio Gateway none is read or written.
  return usable.hasStatus || kind === IstioGateway
    ? []
    : [problem(severity, `${name} has no status subresource in ${usable.version}, so no status is kept`)]
}
