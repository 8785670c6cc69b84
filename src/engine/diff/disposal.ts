import { label } from '../../api/labels.ts'
import type { KubeObject } from '../../api/object.ts'
import {
  endpointsOf,
  gatewayOwner,
  gatewayOwnerKey,
  routeOwner,
  routeOwnerKey,
  standInPair,
} from '../current.ts'
import type { Evaluation, JudgedRoute } from '../evaluate.ts'
import { isAbout } from '../failover/claims.ts'

/**
 * What becomes of an object of ours that nothing asks for, and why. `known` is false where no cause is;
 * `unlessUsed` keeps an address as long as some host is a CNAME of it.
 */
export type Disposal =
  | { readonly keep: true; readonly reason: string }
  | { readonly keep: false; readonly reason: string; readonly known: boolean; readonly unlessUsed?: true }

const keep = (reason: string): Disposal => ({ keep: true, reason })
const remove = (reason: string) => ({ keep: false, reason, known: true }) as const

/**
 * Judges DNSEndpoints. When in doubt they stay: a missing ClusterIdentity, DNSConfiguration, policy or Gateway, or a
 * resource in error, removes nothing.
 */
export const disposals = (evaluation: Evaluation): ((object: KubeObject) => Disposal) => {
  const { world } = evaluation
  if (world.identity.state !== 'one') return () => keep('the ClusterIdentity is not available')
  if (world.configuration.state !== 'one') return () => keep('the DNSConfiguration is not available')
  const routes = new Map(evaluation.routes.map(route => [routeOwnerKey(route.resource), route]))
  const ofGateway = gatewayDisposals(evaluation)
  return object => {
    const route = routeOwner(object)
    if (route !== undefined) return ofRoute(object, routes.get(route), route)
    const peer = object.metadata.labels?.[label.regionFailover]
    if (peer !== undefined) return ofFailover(object, peer, evaluation)
    const gateway = gatewayOwner(object)
    if (gateway !== undefined) return ofGateway(gateway)
    return {
      keep: false,
      reason: 'it has the managed-by label and belongs to no route and no gateway',
      known: false,
    }
  }
}

const ofRoute = (object: KubeObject, route: JudgedRoute | undefined, owner: string): Disposal => {
  if (route === undefined) return remove(`ServiceRoute ${owner} is gone`)
  const { trouble, facts } = route
  const zone = object.metadata.labels?.[label.region] ?? 'unknown'
  if (trouble === undefined)
    return remove(
      `the DNSPolicy of namespace ${route.resource.namespace} does not use this controller of zone ${zone}`,
    )
  if (trouble.effect === 'inactive') return remove(trouble.message)
  if (trouble.code === 'HostConflict' && publishes(object, facts.host)) return remove(trouble.message)
  return keep(trouble.message)
}

const ofFailover = (
  object: KubeObject,
  peer: string,
  { failovers, gateways, standIns }: Evaluation,
): Disposal => {
  if (!isAbout(object, peer)) return keep(`it has nothing of ${peer}, whatever its label says`)
  const failover = failovers.find(({ resource }) => resource.name === peer)
  if (failover === undefined) return remove(`RegionFailover ${peer} is gone`)
  if (failover.trouble !== undefined) return keep(failover.trouble.message)
  const standIn = standIns.find(candidate => candidate.peer === peer)
  const isEngaged = standIn?.state === 'Engaged' || standIn?.state === 'Claiming'
  const pending = gateways.find(
    ({ resource: { spec }, issues }) =>
      spec !== undefined &&
      gatewayOwnerKey(spec.controller, spec.targetPostfix) === standInPair(object) &&
      issues.some(issue => issue.effect !== 'note' || issue.code === 'LoadBalancerIPPending'),
  )
  if (isEngaged && pending !== undefined)
    return keep(`the Gateway ${pending.resource.key} has no address at present`)
  return remove(isEngaged ? 'nothing asks for it any more' : (standIn?.why ?? 'it is not needed any more'))
}

const publishes = (object: KubeObject, host: string | undefined): boolean =>
  host !== undefined && endpointsOf(object).some(endpoint => endpoint.dnsName === host)

const gatewayDisposals = ({ gateways }: Evaluation): ((owner: string) => Disposal) => {
  // What an invalid Gateway means cannot be read off it, so no address is removed while there is one.
  const invalid = gateways.find(({ resource }) => resource.spec === undefined)
  const pairs = new Map<string, (typeof gateways)[number]>()
  const postfixes = new Map<string, string>()
  for (const gateway of gateways) {
    const spec = gateway.resource.spec
    if (spec === undefined) continue
    const pair = gatewayOwnerKey(spec.controller, spec.targetPostfix)
    if (!pairs.has(pair)) pairs.set(pair, gateway)
    if (gateway.trouble === undefined) postfixes.set(spec.targetPostfix, gateway.resource.key)
  }
  return owner => {
    const gateway = pairs.get(owner)
    if (gateway === undefined)
      return invalid === undefined
        ? { ...remove(`no Gateway has controller and targetPostfix ${owner} any more`), unlessUsed: true }
        : keep(`the Gateway ${invalid.resource.key} is invalid`)
    const { trouble, issues, resource } = gateway
    const holder = postfixes.get(resource.spec?.targetPostfix ?? '')
    if (trouble !== undefined)
      return trouble.code === 'TargetConflict' && holder !== undefined
        ? remove(trouble.message)
        : keep(trouble.message)
    const pending = issues.find(issue => issue.code === 'LoadBalancerIPPending')
    return pending === undefined
      ? remove(`Gateway ${resource.key} does not need it any more`)
      : keep(pending.message)
  }
}
