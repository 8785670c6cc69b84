import type { KubeObject } from '../../src/api/object.ts'
import type { Zone } from './bind.ts'
import type { Manifest } from './client.ts'
import { txtPrefixOf } from './external-dns-arguments.ts'

/** Objects of a cluster in the lab. Every cluster has one gateway `internal` and, with it, one load balancer. */

const cluster = 'cluster.router.io/v1alpha1'
const routing = 'routing.router.io/v1alpha1'

/** As in names and in `standIns`: `aks01-weu`. */
export const identityIn = (of: { readonly cluster: string; readonly region: string }): string =>
  `${of.cluster}-${of.region}`

export interface PlatformOptions {
  readonly cluster: string
  readonly region: string
  readonly zones: readonly Zone[]
  readonly setup: 'split' | 'single'
  /** Of the load balancer. */
  readonly addresses: readonly string[]
  readonly adoptsRegions?: readonly string[]
  readonly standIns?: readonly string[]
  /** The clusters that it may stand in for: a RegionFailover for each. */
  readonly standsInFor?: readonly { readonly cluster: string; readonly region: string }[]
}

/** What the platform team owns: identity, configuration, gateway, and the load balancer with its addresses. */
export const platformOf = (options: PlatformOptions): readonly (KubeObject | Manifest)[] => {
  const { region, zones, setup, addresses, adoptsRegions, standIns } = options
  return [
    namespace('istio-system'),
    namespace('ingress'),
    {
      apiVersion: cluster,
      kind: 'ClusterIdentity',
      metadata: { name: 'cluster-identity' },
      spec: {
        region,
        cluster: options.cluster,
        domain: zones[0]?.name,
        environmentLetter: 'p',
        ...(adoptsRegions === undefined ? {} : { adoptsRegions }),
        ...(standIns === undefined ? {} : { standIns }),
      },
    },
    {
      apiVersion: cluster,
      kind: 'DNSConfiguration',
      metadata: { name: 'dns-config' },
      spec: {
        externalDNSControllers: zones.map(zone => ({
          name: `external-dns-${zone.region}`,
          region: zone.region,
          nameservers: [zone.nameserver],
          ...(setup === 'split'
            ? { txtPrefix: txtPrefixOf.routes, gatewayTxtPrefix: txtPrefixOf.gateways }
            : { txtPrefix: txtPrefixOf.single }),
        })),
      },
    },
    {
      apiVersion: routing,
      kind: 'Gateway',
      metadata: { name: 'internal', namespace: 'istio-system' },
      spec: { controller: 'igw-internal', credentialName: 'tls', targetPostfix: 'internal' },
    },
    loadBalancer(addresses),
    ...(options.standsInFor ?? []).map(regionFailover),
  ]
}

const regionFailover = (of: { readonly cluster: string; readonly region: string }): Manifest => ({
  apiVersion: cluster,
  kind: 'RegionFailover',
  metadata: { name: identityIn(of) },
  spec: { region: of.region, cluster: of.cluster, mode: 'Manual' },
})

export const loadBalancer = (addresses: readonly string[]): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'lb-internal', namespace: 'ingress', labels: { istio: 'igw-internal' } },
  spec: { type: 'LoadBalancer', ports: [{ port: 443 }] },
  status: { loadBalancer: { ingress: addresses.map(ip => ({ ip })) } },
})

export const namespace = (name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
})

export const policy = (namespace: string, spec: object = {}): Manifest => ({
  apiVersion: routing,
  kind: 'DNSPolicy',
  metadata: { name: 'dns-policy', namespace },
  spec,
})

export const route = (namespace: string, name: string): Manifest => ({
  apiVersion: routing,
  kind: 'ServiceRoute',
  metadata: { name, namespace },
  spec: { serviceName: name, gatewayName: 'internal', environment: 'prod', application: namespace },
})

/** An application team's namespace: its policy, and its routes. */
export const tenant = (name: string, spec: object, ...routes: readonly string[]): readonly Manifest[] => [
  namespace(name),
  policy(name, spec),
  ...routes.map(each => route(name, each)),
]

/** `api` of `app1` → `api-ns-p-prod-app1.aks.example.com` */
export const hostOf = (namespace: string, name: string, domain: string): string =>
  `${name}-ns-p-prod-${namespace}.${domain}`

export interface HandMade {
  readonly name: string
  /** As one of a gateway where absent. */
  readonly of?: 'gateway' | 'route'
  readonly zone: string
  readonly dnsName: string
  readonly type: 'A' | 'AAAA' | 'CNAME' | 'TXT'
  readonly targets: readonly string[]
}

/** A DNSEndpoint labelled as srouter labels its own, where a test stands in for srouter. */
export const handMadeEndpoint = ({ name, zone, dnsName, type, targets, of }: HandMade): Manifest => ({
  apiVersion: 'externaldns.k8s.io/v1alpha1',
  kind: 'DNSEndpoint',
  metadata: {
    name,
    namespace: 'default',
    labels: {
      'router.io/region': zone,
      ...(of === 'route'
        ? { 'router.io/serviceroute': name }
        : { 'router.io/resource-type': 'gateway-service' }),
    },
  },
  spec: { endpoints: [{ dnsName, recordType: type, recordTTL: 60, targets: [...targets] }] },
})
