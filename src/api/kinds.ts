import type * as v from 'valibot'
import type { CelRule } from './cel.ts'
import { clusterIdentityRules, clusterIdentitySpec, clusterIdentityStatus } from './cluster-identity.ts'
import { dnsConfigurationSpec, dnsConfigurationStatus } from './dns-configuration.ts'
import { dnsPolicySpec, dnsPolicyStatus } from './dns-policy.ts'
import { gatewayRules, gatewaySpec, gatewayStatus } from './gateway.ts'
import { regionFailoverRules, regionFailoverSpec, regionFailoverStatus } from './region-failover.ts'
import { serviceRouteRules, serviceRouteSpec, serviceRouteStatus } from './service-route.ts'

export const clusterGroup = 'cluster.router.io'
export const routingGroup = 'routing.router.io'
export const routerVersion = 'v1alpha1'

/** What is the same of every kind: how to name it, on the API server and in a snapshot. */
export interface KindInfo {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
}

export interface PrinterColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'boolean' | 'date'
  readonly jsonPath: string
  readonly description?: string
  /** 0 is shown always, greater ones with `-o wide`. */
  readonly priority?: number
}

export interface RouterKind extends KindInfo {
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly description: string
  readonly spec: v.GenericSchema
  readonly status: v.GenericSchema
  readonly columns: readonly PrinterColumn[]
  readonly rules: readonly CelRule[]
  /** A CEL rule on the whole object, about its name; its twin is a rule of the engine. */
  readonly nameRule?: Pick<CelRule, 'rule' | 'message'>
}

const phase: PrinterColumn = { name: 'Phase', type: 'string', jsonPath: '.status.phase' }
const ready: PrinterColumn = {
  name: 'Ready',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].status',
}
const reason: PrinterColumn = {
  name: 'Reason',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
  priority: 1,
}
const age: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }

export const ClusterIdentity = {
  group: clusterGroup,
  version: routerVersion,
  kind: 'ClusterIdentity',
  plural: 'clusteridentities',
  singular: 'clusteridentity',
  shortNames: ['ci'],
  namespaced: false,
  description: 'ClusterIdentity says which cluster this is. There is one per cluster.',
  spec: clusterIdentitySpec,
  status: clusterIdentityStatus,
  columns: [
    { name: 'Region', type: 'string', jsonPath: '.spec.region' },
    { name: 'Cluster', type: 'string', jsonPath: '.spec.cluster' },
    { name: 'Domain', type: 'string', jsonPath: '.spec.domain' },
    phase,
    ready,
    reason,
    age,
  ],
  rules: clusterIdentityRules,
} as const satisfies RouterKind

export const DNSConfiguration = {
  group: clusterGroup,
  version: routerVersion,
  kind: 'DNSConfiguration',
  plural: 'dnsconfigurations',
  singular: 'dnsconfiguration',
  shortNames: ['dnsc'],
  namespaced: false,
  description: 'DNSConfiguration lists the ExternalDNS instances of all regions. There is one per cluster.',
  spec: dnsConfigurationSpec,
  status: dnsConfigurationStatus,
  columns: [phase, ready, reason, age],
  rules: [],
} as const satisfies RouterKind

export const Gateway = {
  group: routingGroup,
  version: routerVersion,
  kind: 'Gateway',
  plural: 'gateways',
  singular: 'gateway',
  shortNames: ['gw'],
  namespaced: true,
  description:
    'Gateway is an ingress of this cluster: its pods, its certificate and its part of the target name.',
  spec: gatewaySpec,
  status: gatewayStatus,
  columns: [
    { name: 'Controller', type: 'string', jsonPath: '.spec.controller' },
    { name: 'Postfix', type: 'string', jsonPath: '.spec.targetPostfix' },
    { name: 'Address', type: 'string', jsonPath: '.status.loadBalancerIP' },
    { name: 'Hosts', type: 'integer', jsonPath: '.status.hosts' },
    phase,
    ready,
    reason,
    age,
  ],
  rules: gatewayRules,
} as const satisfies RouterKind

export const DNSPolicy = {
  group: routingGroup,
  version: routerVersion,
  kind: 'DNSPolicy',
  plural: 'dnspolicies',
  singular: 'dnspolicy',
  shortNames: ['dnsp'],
  namespaced: true,
  description:
    'DNSPolicy says which zones get the records of a namespace, and from which cluster. One per namespace.',
  spec: dnsPolicySpec,
  status: dnsPolicyStatus,
  columns: [
    { name: 'Mode', type: 'string', jsonPath: '.spec.mode' },
    { name: 'Source Region', type: 'string', jsonPath: '.spec.sourceRegion' },
    { name: 'Source Cluster', type: 'string', jsonPath: '.spec.sourceCluster', priority: 1 },
    { name: 'Active', type: 'boolean', jsonPath: '.status.active' },
    phase,
    ready,
    reason,
    age,
  ],
  rules: [],
} as const satisfies RouterKind

export const ServiceRoute = {
  group: routingGroup,
  version: routerVersion,
  kind: 'ServiceRoute',
  plural: 'serviceroutes',
  singular: 'serviceroute',
  shortNames: ['sr'],
  namespaced: true,
  description: 'ServiceRoute gives a service its host name and the Gateway that serves it.',
  spec: serviceRouteSpec,
  status: serviceRouteStatus,
  columns: [
    { name: 'Host', type: 'string', jsonPath: '.status.host' },
    { name: 'Target', type: 'string', jsonPath: '.status.target', priority: 1 },
    { name: 'Gateway', type: 'string', jsonPath: '.spec.gatewayName' },
    phase,
    ready,
    reason,
    age,
  ],
  rules: serviceRouteRules,
} as const satisfies RouterKind

export const RegionFailover = {
  group: clusterGroup,
  version: routerVersion,
  kind: 'RegionFailover',
  plural: 'regionfailovers',
  singular: 'regionfailover',
  shortNames: ['rf'],
  namespaced: false,
  description:
    'RegionFailover says that this cluster may stand in for another one. It is named {cluster}-{region} after that.',
  spec: regionFailoverSpec,
  status: regionFailoverStatus,
  columns: [
    { name: 'State', type: 'string', jsonPath: '.status.state' },
    { name: 'Epoch', type: 'integer', jsonPath: '.status.epoch', priority: 1 },
    { name: 'Mode', type: 'string', jsonPath: '.spec.mode' },
    ready,
    reason,
    age,
  ],
  rules: regionFailoverRules,
  nameRule: {
    rule: "self.metadata.name == self.spec.cluster + '-' + self.spec.region",
    message: 'the name must be {cluster}-{region}',
  },
} as const satisfies RouterKind

export const routerKinds: readonly RouterKind[] = [
  ClusterIdentity,
  DNSConfiguration,
  RegionFailover,
  Gateway,
  DNSPolicy,
  ServiceRoute,
]

export const Service: KindInfo = {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  namespaced: true,
}
export const Namespace: KindInfo = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
}
export const DNSEndpoint: KindInfo = {
  group: 'externaldns.k8s.io',
  version: 'v1alpha1',
  kind: 'DNSEndpoint',
  plural: 'dnsendpoints',
  namespaced: true,
}
/** Served as v1 or v1beta1, the same shape in both. */
export const IstioGateway: KindInfo = {
  group: 'networking.istio.io',
  version: 'v1',
  kind: 'Gateway',
  plural: 'gateways',
  namespaced: true,
}

/** Every kind that srouter reads; other kinds in a folder are skipped and counted. */
export const knownKinds: readonly KindInfo[] = [...routerKinds, Service, Namespace, DNSEndpoint, IstioGateway]

export const apiVersionOf = (kind: KindInfo): string =>
  kind.group === '' ? kind.version : `${kind.group}/${kind.version}`
