import { claimName, clusterNameOf, ownName } from '../api/claims.ts'
import type { GatewaySpec } from '../api/gateway.ts'
import { dnsNameProblem, targetName } from '../api/names.ts'
import type { RegionFailoverSpec } from '../api/region-failover.ts'
import type { Evaluation, Judged, JudgedRoute } from '../engine/evaluate.ts'
import { suggest } from '../lib/suggest.ts'

/** What somebody asks about. `name` is in DNS; undefined where it cannot be known. */
export type Subject =
  | { readonly kind: 'route'; readonly name: string | undefined; readonly route: JudgedRoute }
  /** The target of a Gateway, or its `own-` name. */
  | { readonly kind: 'gateway'; readonly name: string | undefined; readonly gateway: Judged<GatewaySpec> }
  /** A name of another cluster that this one may stand in for. */
  | { readonly kind: 'failover'; readonly name: string; readonly failover: Judged<RegionFailoverSpec> }
  | {
      readonly kind: 'none'
      readonly name: string | undefined
      /** What was asked for, as given. */
      readonly text: string
      /** What was probably meant. */
      readonly near: string | undefined
    }

/**
 * | text                                | is                                                  |
 * | ----------------------------------- | --------------------------------------------------- |
 * | web-ns-p-prod-shop.aks.example.com  | the host of a route                                 |
 * | web-ns-p-prod-shop                  | the same, in the cluster's domain                   |
 * | https://web-ns-p-prod-shop.aks…/x   | the same, as somebody copied it                     |
 * | shop/web                            | a route, or else a Gateway, by namespace and name   |
 * | aks01-weu-internal.aks.example.com  | the target of a Gateway; so with `own-` before it   |
 * | aks01-neu-internal.aks.example.com  | a name of a cluster that this one may stand in for  |
 */
export const subjectOf = (given: string, evaluation: Evaluation): Subject => {
  const text = URL.parse(given)?.hostname || given.trim()
  if (text.includes('/')) return byKey(text, evaluation)
  const name = nameOf(text, evaluation)
  // Nobody can be asked for it.
  if (dnsNameProblem(name) !== undefined) return { kind: 'none', name: undefined, text, near: undefined }
  return (
    routeWith(name, evaluation) ??
    gatewayWith(name, evaluation) ??
    failoverWith(name, evaluation) ?? { kind: 'none', name, text, near: nearest(name, evaluation) }
  )
}

const nameOf = (text: string, { world: { identity } }: Evaluation): string => {
  const name = text.toLowerCase().replace(/\.$/, '')
  return name.includes('.') || identity.state !== 'one' ? name : `${name}.${identity.spec.domain}`
}

const byKey = (text: string, { routes, gateways, world }: Evaluation): Subject => {
  const route = routes.find(({ resource }) => resource.key === text)
  if (route !== undefined) return { kind: 'route', name: hostOf(route), route }
  const gateway = gateways.find(({ resource }) => resource.key === text)
  if (gateway !== undefined) {
    const postfix = gateway.resource.spec?.targetPostfix
    const { identity } = world
    const name =
      postfix === undefined || identity.state !== 'one' ? undefined : targetName(identity.spec, postfix)
    return { kind: 'gateway', name, gateway }
  }
  const near = suggest(
    text,
    routes.map(({ resource }) => resource.key),
  )
  return { kind: 'none', name: undefined, text, near }
}

/** Without a ClusterIdentity what the status remembers. */
const hostOf = ({ facts, resource }: JudgedRoute): string | undefined => {
  if (facts.host !== undefined) return facts.host
  const remembered = (resource.object.status as { readonly host?: unknown } | undefined)?.host
  return typeof remembered === 'string' ? remembered : undefined
}

/** Of several that ask for one host, the one that has it. */
const routeWith = (name: string, { routes }: Evaluation): Subject | undefined => {
  const found = routes.filter(route => hostOf(route) === name)
  const route = found.find(({ trouble }) => trouble?.code !== 'HostConflict') ?? found[0]
  return route === undefined ? undefined : { kind: 'route', name, route }
}

const gatewayWith = (name: string, { gateways, world }: Evaluation): Subject | undefined => {
  const { identity } = world
  if (identity.state !== 'one') return undefined
  const me = clusterNameOf(identity.spec)
  const found = gateways.filter(({ resource: { spec } }) =>
    spec === undefined
      ? false
      : name === targetName(identity.spec, spec.targetPostfix) ||
        // Without a part in failover there are no such names.
        (world.takesPart && name === ownName(me, spec.targetPostfix, identity.spec.domain)),
  )
  const gateway = found.find(({ trouble }) => trouble === undefined) ?? found[0]
  return gateway === undefined ? undefined : { kind: 'gateway', name, gateway }
}

const failoverWith = (name: string, { failovers, world }: Evaluation): Subject | undefined => {
  const { identity } = world
  if (identity.state !== 'one') return undefined
  const { domain } = identity.spec
  const failover = failovers.find(({ resource: { spec } }) => {
    if (spec === undefined) return false
    const peer = clusterNameOf(spec)
    return (
      name === claimName(peer, domain) ||
      [...world.postfixHolders.keys()].some(
        postfix =>
          name === targetName({ ...spec, domain }, postfix) || name === ownName(peer, postfix, domain),
      )
    )
  })
  return failover === undefined ? undefined : { kind: 'failover', name, failover }
}

/** By the first label: a long domain would make all names alike. */
const nearest = (name: string, { routes, gateways, world }: Evaluation): string | undefined => {
  const { identity } = world
  const names = [
    ...routes.flatMap(route => hostOf(route) ?? []),
    ...gateways.flatMap(({ resource: { spec } }) =>
      spec === undefined || identity.state !== 'one' ? [] : targetName(identity.spec, spec.targetPostfix),
    ),
  ]
  const byLabel = new Map(names.map(each => [firstLabel(each), each]))
  const label = firstLabel(name)
  return byLabel.get(label) ?? byLabel.get(suggest(label, byLabel.keys()) ?? '')
}

const firstLabel = (name: string): string => name.split('.', 1)[0] ?? ''
