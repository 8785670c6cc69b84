import type { ExternalDNSController } from '../api/dns-configuration.ts'
import type { DNSPolicySpec } from '../api/dns-policy.ts'
import type { GatewaySpec } from '../api/gateway.ts'
import { hostName, targetName } from '../api/names.ts'
import type { ServiceRouteSpec } from '../api/service-route.ts'
import type { Issue } from './issue.ts'
import type { Resource } from './resource.ts'
import type { World } from './world.ts'

/** What a namespace's DNSPolicy comes to in this cluster. */
export type PolicyState =
  | { readonly state: 'none' | 'invalid' | 'unknown' }
  | { readonly state: 'inactive'; readonly policy: Resource<DNSPolicySpec>; readonly mismatch: string }
  | {
      readonly state: 'active'
      readonly policy: Resource<DNSPolicySpec>
      readonly controllers: readonly ExternalDNSController[]
    }

/** A Gateway as its routes see it. */
export interface GatewayFacts {
  readonly gatewayKey: string
  readonly gateway: Resource<GatewaySpec> | undefined
  /** Why the Gateway is in error. */
  readonly gatewayTrouble: Issue | undefined
  /** Undefined without a ClusterIdentity. */
  readonly target: string | undefined
}

/** A route with everything that it refers to looked up; the rules judge it. */
export interface RouteFacts extends GatewayFacts {
  readonly resource: Resource<ServiceRouteSpec>
  readonly policy: PolicyState
  /** Undefined without a ClusterIdentity. */
  readonly host: string | undefined
  /** The host, or without a ClusterIdentity the part of it that tells two hosts apart. */
  readonly claim: string
}

const anyIdentity = { environmentLetter: '*', domain: '*' }
const noRoute = { serviceName: '', environment: '', application: '' }

export const routeFacts = (
  resource: Resource<ServiceRouteSpec>,
  world: World,
  policies: ReadonlyMap<string, PolicyState>,
  gatewayOf: (namespace: string, name: string) => GatewayFacts,
): RouteFacts => {
  const spec = resource.spec
  const identity = world.identity.state === 'one' ? world.identity.spec : undefined
  const { gatewayKey, gateway, gatewayTrouble, target } =
    spec === undefined
      ? noGateway
      : gatewayOf(spec.gatewayNamespace ?? world.settings.defaultGatewayNamespace, spec.gatewayName)
  const host = spec === undefined || identity === undefined ? undefined : hostName(spec, identity)
  return {
    resource,
    gatewayKey,
    gateway,
    gatewayTrouble,
    target,
    policy: policies.get(resource.namespace) ?? { state: 'none' },
    host,
    claim: host ?? hostName(spec ?? noRoute, anyIdentity),
  }
}

const noGateway: GatewayFacts = {
  gatewayKey: '',
  gateway: undefined,
  gatewayTrouble: undefined,
  target: undefined,
}

/** What a Gateway comes to; worked out once, however many routes name it. */
export const gatewayFacts = (
  world: World,
  troubles: ReadonlyMap<string, Issue>,
): ((namespace: string, name: string) => GatewayFacts) => {
  const look = (gatewayKey: string): GatewayFacts => {
    const gateway = world.gateways.get(gatewayKey)
    const postfix = gateway?.spec?.targetPostfix
    const target =
      world.identity.state !== 'one' || postfix === undefined
        ? undefined
        : targetName(world.identity.spec, postfix)
    return { gatewayKey, gateway, gatewayTrouble: troubles.get(gatewayKey), target }
  }
  const known = new Map<string, Map<string, GatewayFacts>>()
  return (namespace, name) => {
    let there = known.get(namespace)
    if (there === undefined) {
      there = new Map()
      known.set(namespace, there)
    }
    let facts = there.get(name)
    if (facts === undefined) {
      facts = look(`${namespace}/${name}`)
      there.set(name, facts)
    }
    return facts
  }
}

/** By namespace: what its counting (oldest) policy comes to. */
export const policyStates = (world: World): ReadonlyMap<string, PolicyState> =>
  new Map([...world.policies].map(([namespace, policies]) => [namespace, policyState(policies[0], world)]))

const policyState = (policy: Resource<DNSPolicySpec> | undefined, world: World): PolicyState => {
  if (policy === undefined) return { state: 'none' }
  const spec = policy.spec
  if (spec === undefined) return { state: 'invalid' }
  if (world.identity.state !== 'one') return { state: 'unknown' }
  const { region, cluster } = world.identity.spec
  const mismatches = [
    // An empty source is none: the earlier operator's manifests have it so.
    ...(!spec.sourceRegion || spec.sourceRegion === region
      ? []
      : [`sourceRegion is ${spec.sourceRegion} and this cluster's region ${region}`]),
    ...(!spec.sourceCluster || spec.sourceCluster === cluster
      ? []
      : [`sourceCluster is ${spec.sourceCluster} and this cluster ${cluster}`]),
  ]
  if (mismatches.length > 0) return { state: 'inactive', policy, mismatch: mismatches.join(', ') }
  if (world.configuration.state !== 'one') return { state: 'unknown' }
  return {
    state: 'active',
    policy,
    controllers: spec.mode === 'RegionBound' ? world.controllers : world.localControllers,
  }
}
