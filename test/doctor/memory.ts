import { DNSEndpoint, IstioGateway, type RouterKind, routerKinds } from '../../src/api/kinds.ts'
import { earlierOperatorLease, type LeaseSpec, leaseName } from '../../src/api/leases.ts'
import { groupOf, type KubeObject, shortName } from '../../src/api/object.ts'
import { nameOfKind } from '../../src/doctor/checks/crds.ts'
import { type Facts, known, type LeaseFacts } from '../../src/doctor/facts.ts'
import { fieldsOf } from '../../src/doctor/fields.ts'
import { reconcile } from '../../src/engine/engine.ts'
import { defaultSettings } from '../../src/engine/snapshot.ts'

/** The facts that are gathered where a cluster has these objects, and all may be read. */
export const factsOf = (
  objects: readonly KubeObject[],
  now: number,
  current: readonly KubeObject[] = [],
): Facts => {
  const inputs = objects.filter(
    ({ apiVersion, kind }) =>
      groupOf(apiVersion).endsWith('router.io') || kind === 'Service' || kind === 'Namespace',
  )
  return {
    now,
    served: new Map(
      [...routerKinds, DNSEndpoint, IstioGateway].map(kind => [
        nameOfKind(kind),
        [
          {
            version: kind.version,
            hasStatus: true,
            ...('spec' in kind ? { fields: fieldsOf(kind as RouterKind) } : {}),
          },
        ],
      ]),
    ),
    state: known(reconcile({ inputs, fromFiles: new Set(), current, settings: defaultSettings })),
    deployments: known(objects.filter(({ kind }) => kind === 'Deployment')),
    leases: known(leasesNamed(leaseName, objects)),
    earlierLeases: known(leasesNamed(earlierOperatorLease, objects)),
    secrets: new Map(
      objects
        .filter(({ kind }) => kind === 'Secret')
        .map(object => [shortName(object.metadata), tls(object)]),
    ),
    callerLacks: known([]),
    daemonLacks: known([]),
  }
}

const leasesNamed = (name: string, objects: readonly KubeObject[]): readonly LeaseFacts[] =>
  objects
    .filter(({ kind, metadata }) => kind === 'Lease' && metadata.name === name)
    .map(({ metadata, spec }) => ({ name: shortName(metadata), spec: spec as LeaseSpec }))

const tls = (object: KubeObject) => {
  const { data } = object as KubeObject & { readonly data: Readonly<Record<string, string>> }
  const certificate = data['tls.crt']
  return known({
    certificate: certificate === undefined ? undefined : atob(certificate),
    hasKey: data['tls.key'] !== undefined,
  })
}
