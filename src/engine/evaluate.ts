import type { ClusterIdentitySpec } from '../api/cluster-identity.ts'
import type { DNSConfigurationSpec } from '../api/dns-configuration.ts'
import type { DNSPolicySpec } from '../api/dns-policy.ts'
import type { GatewaySpec } from '../api/gateway.ts'
import type { RegionFailoverSpec } from '../api/region-failover.ts'
import type { ServiceRouteSpec } from '../api/service-route.ts'
import { type Current, routeOwnerKey } from './current.ts'
import type { Decoded } from './decode.ts'
import { gatewayFacts, type PolicyState, policyStates, type RouteFacts, routeFacts } from './facts.ts'
import { type StandIn, standInOf } from './failover/stand-in.ts'
import { type GatewayPair, gatewayPairs } from './gateway-pairs.ts'
import { collect, decisive, type Issue, type Rule } from './issue.ts'
import { byAge, type Resource } from './resource.ts'
import { failoverRules } from './rules/failover/index.ts'
import { gatewayRules } from './rules/gateway/index.ts'
import { policyRules } from './rules/policy/index.ts'
import { hostUnique } from './rules/route/host-unique.ts'
import { routeRules } from './rules/route/index.ts'
import { configurationRules, identityRules } from './rules/singleton/index.ts'
import type { Settings } from './snapshot.ts'
import { buildWorld, type World } from './world.ts'

/** A resource and what the rules say of it; `trouble` is the issue that decides its phase. */
export interface Judged<Spec> {
  readonly resource: Resource<Spec>
  readonly issues: readonly Issue[]
  readonly trouble: Issue | undefined
}

export interface JudgedRoute extends Judged<ServiceRouteSpec> {
  readonly facts: RouteFacts
}

/** Every input judged by the rules of its kind, in the order of Decoded. */
export interface Evaluation {
  readonly world: World
  readonly identities: readonly Judged<ClusterIdentitySpec>[]
  readonly configurations: readonly Judged<DNSConfigurationSpec>[]
  readonly failovers: readonly Judged<RegionFailoverSpec>[]
  /** What those of them that are in order come to. */
  readonly standIns: readonly StandIn[]
  readonly gateways: readonly Judged<GatewaySpec>[]
  /** Those of them that have addresses, each pair once. */
  readonly pairs: readonly GatewayPair[]
  readonly policies: readonly Judged<DNSPolicySpec>[]
  readonly policyStates: ReadonlyMap<string, PolicyState>
  readonly routes: readonly JudgedRoute[]
}

export const evaluate = (decoded: Decoded, current: Current, settings: Settings): Evaluation => {
  const world = buildWorld(decoded, current, settings)
  const gateways = judge(decoded.gateways, gatewayRules, world)
  const failovers = judge(decoded.failovers, failoverRules, world)
  const pairs = gatewayPairs(gateways, world)
  const states = policyStates(world)
  return {
    world,
    identities: judge(decoded.identities, identityRules, world),
    configurations: judge(decoded.configurations, configurationRules, world),
    failovers,
    standIns: standInsOf(failovers, pairs, world),
    gateways,
    pairs,
    policies: judge(decoded.policies, policyRules, world),
    policyStates: states,
    routes: judgeRoutes(world, states, troubles(gateways)),
  }
}

const judge = <Spec>(
  resources: readonly Resource<Spec>[],
  rules: readonly Rule<Resource<Spec>, World>[],
  world: World,
): readonly Judged<Spec>[] =>
  resources.map(resource => {
    const issues = [...resource.issues, ...collect(rules, resource, world)]
    return { resource, issues, trouble: decisive(issues) }
  })

const standInsOf = (
  failovers: readonly Judged<RegionFailoverSpec>[],
  pairs: readonly GatewayPair[],
  world: World,
): readonly StandIn[] =>
  failovers
    .filter(({ trouble }) => trouble === undefined)
    .flatMap(({ resource }) => standInOf(resource, world, pairs.length > 0) ?? [])

const troubles = (judged: readonly Judged<unknown>[]): ReadonlyMap<string, Issue> =>
  new Map(
    judged.flatMap(({ resource, trouble }) =>
      trouble === undefined ? [] : [[resource.key, trouble] as const],
    ),
  )

const judgeRoutes = (
  world: World,
  policies: ReadonlyMap<string, PolicyState>,
  gatewayTroubles: ReadonlyMap<string, Issue>,
): readonly JudgedRoute[] => {
  const gatewayOf = gatewayFacts(world, gatewayTroubles)
  const judged = world.routes.map(resource => {
    const facts = routeFacts(resource, world, policies, gatewayOf)
    const asked = resource.spec === undefined ? [] : collect(routeRules, facts, world)
    const issues = resource.issues.length === 0 ? asked : [...resource.issues, ...asked]
    return { resource, facts, issues, trouble: decisive(issues) }
  })
  const holders = hostHolders(judged, world)
  return judged.map(route => {
    const conflict = contends(route) ? hostUnique(route.facts, holders) : undefined
    if (conflict === undefined) return route
    const issues = [...route.issues, conflict]
    // A conflict is worse than waiting for something, so it decides.
    return { ...route, issues, trouble: conflict }
  })
}

/** A route that is invalid, or that another cluster publishes, has no claim to its host here. */
const contends = ({ resource, trouble }: JudgedRoute): boolean =>
  resource.spec !== undefined && (trouble === undefined || trouble.effect === 'pending')

/** By host: the route that already publishes it, else the oldest one. */
const hostHolders = (
  routes: readonly JudgedRoute[],
  world: World,
): ReadonlyMap<string, Resource<ServiceRouteSpec>> => {
  const holders = new Map<string, Resource<ServiceRouteSpec>>()
  const publishes = (resource: Resource<unknown>, host: string | undefined): boolean =>
    host !== undefined && world.current.publishers.get(host)?.has(routeOwnerKey(resource)) === true
  const wins = (
    resource: Resource<unknown>,
    holder: Resource<unknown>,
    host: string | undefined,
  ): boolean => {
    const publishing = publishes(resource, host)
    return publishing === publishes(holder, host) ? byAge(resource, holder) < 0 : publishing
  }
  for (const route of routes) {
    if (!contends(route)) continue
    const { claim, host } = route.facts
    const holder = holders.get(claim)
    if (holder === undefined || wins(route.resource, holder, host)) holders.set(claim, route.resource)
  }
  for (const { host, resource } of keptHosts(routes, world)) {
    const holder = holders.get(host)
    if (holder !== undefined && wins(resource, holder, host)) holders.set(host, resource)
  }
  return holders
}

/** What routes that wait or are in error go on publishing, also where they ask for another host by now. */
const keptHosts = (
  routes: readonly JudgedRoute[],
  { current }: World,
): readonly { readonly host: string; readonly resource: Resource<ServiceRouteSpec> }[] => {
  const keeping = new Map(
    routes
      .filter(({ trouble }) => trouble?.effect === 'pending' || trouble?.effect === 'error')
      .map(({ resource }) => [routeOwnerKey(resource), resource]),
  )
  if (keeping.size === 0) return []
  return [...current.publishers].flatMap(([host, owners]) =>
    [...owners].flatMap(owner => {
      const resource = keeping.get(owner)
      return resource === undefined ? [] : [{ host, resource }]
    }),
  )
}
