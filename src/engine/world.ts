import type { ClusterIdentitySpec } from '../api/cluster-identity.ts'
import type { DNSConfigurationSpec, ExternalDNSController } from '../api/dns-configuration.ts'
import { txtPrefixFor } from '../api/dns-configuration.ts'
import type { DNSPolicySpec } from '../api/dns-policy.ts'
import type { GatewaySpec } from '../api/gateway.ts'
import { label } from '../api/labels.ts'
import type { KubeObject } from '../api/object.ts'
import type { RegionFailoverSpec } from '../api/region-failover.ts'
import type { ServiceRouteSpec } from '../api/service-route.ts'
import { byKey } from '../lib/compare.ts'
import type { Current } from './current.ts'
import type { Decoded } from './decode.ts'
import type { Answers } from './failover/answers.ts'
import { type Home, homeOf } from './failover/home.ts'
import { byAge, type Resource } from './resource.ts'
import type { Settings } from './snapshot.ts'

/** A kind of which a cluster has one: the one, none, several, or one that is invalid. */
export type Singleton<Spec> =
  | { readonly state: 'one'; readonly resource: Resource<Spec>; readonly spec: Spec }
  | { readonly state: 'none' | 'several' | 'invalid' }

/** The decoded inputs, indexed: what the rules ask. */
export interface World {
  readonly settings: Settings
  readonly identity: Singleton<ClusterIdentitySpec>
  readonly configuration: Singleton<DNSConfigurationSpec>
  /** By name; none where there is no usable DNSConfiguration. */
  readonly controllers: readonly ExternalDNSController[]
  /** Controllers that an Active policy uses: this cluster's region and those that it adopts. */
  readonly localControllers: readonly ExternalDNSController[]
  /** Every --txt-prefix that some controller is known to have. */
  readonly txtPrefixes: { readonly route: readonly string[]; readonly gateway: readonly string[] }
  /** Clusters that this one may stand in for. */
  readonly failovers: readonly Resource<RegionFailoverSpec>[]
  /** What the zones say; undefined where none is asked. */
  readonly answers: Answers | undefined
  /** Whether another cluster stands in for this one. */
  readonly home: Home
  /** Whether this cluster has part in failover, and so publishes its own addresses under `own-` names as well. */
  readonly takesPart: boolean
  readonly gateways: ReadonlyMap<string, Resource<GatewaySpec>>
  /** By target postfix: the oldest Gateway that has it, whose controller the target name means. */
  readonly postfixHolders: ReadonlyMap<string, Resource<GatewaySpec>>
  /** By namespace, the oldest first; the first one counts. */
  readonly policies: ReadonlyMap<string, readonly Resource<DNSPolicySpec>[]>
  readonly routes: readonly Resource<ServiceRouteSpec>[]
  /** Services of type LoadBalancer by their `istio` label, the oldest first. */
  readonly loadBalancers: ReadonlyMap<string, readonly KubeObject[]>
  readonly hasServices: boolean
  readonly namespaces: ReadonlyMap<string, KubeObject>
  readonly current: Current
}

export const buildWorld = (decoded: Decoded, current: Current, settings: Settings): World => {
  const identity = withAdopted(singleton(decoded.identities), settings.adopt)
  const configuration = singleton(decoded.configurations)
  const controllers =
    configuration.state === 'one'
      ? configuration.spec.externalDNSControllers.toSorted(byKey(c => c.name))
      : []
  const regions =
    identity.state === 'one'
      ? new Set([identity.spec.region, ...(identity.spec.adoptsRegions ?? [])])
      : new Set()
  const world = {
    settings,
    identity,
    configuration,
    failovers: decoded.failovers,
    answers: settings.answers,
    home: { state: 'alone' } as const,
    takesPart:
      decoded.failovers.length > 0 || (identity.state === 'one' && (identity.spec.standIns ?? []).length > 0),
    controllers,
    localControllers: controllers.filter(controller => regions.has(controller.region)),
    txtPrefixes: {
      route: unique(controllers.map(controller => controller.txtPrefix)),
      gateway: unique(controllers.map(controller => txtPrefixFor(controller, 'gateway'))),
    },
    gateways: new Map(decoded.gateways.map(gateway => [gateway.key, gateway])),
    postfixHolders: firstBy(
      decoded.gateways.filter(gateway => gateway.spec !== undefined),
      gateway => gateway.spec?.targetPostfix ?? '',
    ),
    policies: Map.groupBy(decoded.policies, policy => policy.namespace),
    routes: decoded.routes,
    loadBalancers: loadBalancers(decoded.services),
    hasServices: decoded.services.length > 0,
    namespaces: new Map(decoded.namespaces.map(namespace => [namespace.metadata.name, namespace])),
    current,
  }
  return { ...world, home: homeOf(world) }
}

const singleton = <Spec>(resources: readonly Resource<Spec>[]): Singleton<Spec> => {
  const [resource, second] = resources
  if (resource === undefined) return { state: 'none' }
  if (second !== undefined) return { state: 'several' }
  return resource.spec === undefined ? { state: 'invalid' } : { state: 'one', resource, spec: resource.spec }
}

const withAdopted = (
  identity: Singleton<ClusterIdentitySpec>,
  adopt: readonly string[],
): Singleton<ClusterIdentitySpec> => {
  if (identity.state !== 'one' || adopt.length === 0) return identity
  const spec = { ...identity.spec, adoptsRegions: [...(identity.spec.adoptsRegions ?? []), ...adopt] }
  return { ...identity, spec, resource: { ...identity.resource, spec } }
}

const unique = (values: readonly (string | undefined)[]): readonly string[] =>
  [...new Set(values.filter(value => value !== undefined))].sort()

const firstBy = <T>(values: readonly T[], key: (value: T) => string): ReadonlyMap<string, T> => {
  const map = new Map<string, T>()
  for (const value of values) if (!map.has(key(value))) map.set(key(value), value)
  return map
}

const loadBalancers = (services: readonly KubeObject[]): ReadonlyMap<string, readonly KubeObject[]> => {
  const balancers = services.flatMap(object => {
    const controller = object.metadata.labels?.[label.istio]
    const type = (object.spec as { type?: unknown } | undefined)?.type
    if (controller === undefined || type !== 'LoadBalancer') return []
    return [{ object, key: `${object.metadata.namespace ?? ''}/${object.metadata.name}`, controller }]
  })
  const map = new Map<string, KubeObject[]>()
  for (const { object, controller } of balancers.sort(byAge))
    map.set(controller, [...(map.get(controller) ?? []), object])
  return map
}
