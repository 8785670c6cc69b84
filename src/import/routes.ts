import type { ClusterIdentitySpec } from '../api/cluster-identity.ts'
import { apiVersionOf, Gateway, ServiceRoute } from '../api/kinds.ts'
import { hostName, objectName } from '../api/names.ts'
import { objectKey } from '../api/object.ts'
import type { Current } from '../engine/current.ts'
import type { World } from '../engine/world.ts'
import type { Gateways } from './gateways.ts'
import { chooseSplits } from './host.ts'
import { freeName, type Proposed, propose } from './proposal.ts'
import type { Told } from './request.ts'
import type { Host } from './sorted.ts'

export interface RouteProposal {
  readonly proposed: Proposed
  readonly host: Host
  /** The key of the Gateway that it names. */
  readonly gateway: string
}

/** A ServiceRoute for every host that has none yet. */
export const routesFor = (
  hosts: readonly Host[],
  gateways: Gateways,
  identity: ClusterIdentitySpec,
  world: World,
  told: Told,
): readonly RouteProposal[] => {
  const present = presentRoutes(identity, world)
  const missing = hosts.filter(({ host }) => !present.hosts.has(host))
  const chosen = chooseSplits(missing, told.environments, present.parts)
  const names = new Set(world.routes.map(({ key }) => key))
  return missing.flatMap(host => {
    const split = chosen.get(host.host)
    const found = gateways.memberFor(host)
    if (split === undefined || found === undefined) return []
    const { member } = found
    const name = nameFor(host, split.parts, names, world.current)
    names.add(`${host.namespace}/${name.name}`)
    const spec = {
      ...split.parts,
      gatewayName: member.name,
      ...(member.namespace === world.settings.defaultGatewayNamespace
        ? {}
        : { gatewayNamespace: member.namespace }),
    }
    const comments = [
      ...name.comments,
      ...(split.why === undefined ? [] : [splitComment(split.parts, split.why)]),
      ...(host.elsewhere.length === 0
        ? []
        : [`DNSEndpoints in ${host.elsewhere.join(', ')} say the same; a host has one ServiceRoute.`]),
      ...(found.why === undefined ? [] : [`Gateway: ${found.why}.`]),
    ]
    return [
      {
        host,
        proposed: propose(ServiceRoute, { namespace: host.namespace, name: name.name }, spec, comments),
        gateway: objectKey({
          apiVersion: apiVersionOf(Gateway),
          kind: Gateway.kind,
          namespace: member.namespace,
          name: member.name,
        }),
      },
    ]
  })
}

const presentRoutes = (identity: ClusterIdentitySpec, { routes }: World) => {
  const known = routes.flatMap(({ namespace, spec }) => (spec === undefined ? [] : [{ ...spec, namespace }]))
  return { parts: known, hosts: new Set(known.map(spec => hostName(spec, identity))) }
}

type Parts = Host['splits'][number]

/** The service's name; another one where a route, or a DNSEndpoint that was made by hand, is in the way of it. */
const nameFor = (
  { namespace, records }: Host,
  { serviceName, environment, application }: Parts,
  taken: ReadonlySet<string>,
  { dnsEndpoints }: Current,
): { readonly name: string; readonly comments: readonly string[] } => {
  const isRoute = (name: string): boolean => taken.has(`${namespace}/${name}`)
  const inTheWay = (name: string): string | undefined =>
    records
      .map(({ writer }) => objectName(`${name}-${writer.controller}`))
      .find(each => dnsEndpoints.isForeign(`${namespace}/${each}`))
  const wished = objectName(serviceName)
  const name = freeName(
    each => isRoute(each) || inTheWay(each) !== undefined,
    wished,
    objectName(`${serviceName}-${environment}-${application}`),
    objectName(`${serviceName}-${environment}-${application}-route`),
  )
  if (name === wished) return { name, comments: [] }
  const foreign = inTheWay(wished)
  return {
    name,
    comments: [
      foreign === undefined
        ? `Not named ${wished}, because another route is.`
        : `Not named ${wished}, because its DNSEndpoint would have the name of ${foreign}, which was made by hand.`,
    ],
  }
}

const splitComment = ({ serviceName, environment, application }: Parts, why: string): string =>
  `The host can be split otherwise too. Service ${serviceName}, environment ${environment}, application ${application}, because ${why}.`
