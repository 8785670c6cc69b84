import type { KubeObject, ResourceRef } from '../../../src/api/object.ts'
import {
  endpointRef,
  gatewayRef,
  istioRef,
  policyRef,
  routeRef,
  serviceRef,
} from '../../cluster/support/refs.ts'
import { configuration, controllers, gateway, identity, policy, route, service } from '../../engine/build.ts'
import type { Random } from './random.ts'

/** Something that somebody does to the cluster; what cannot be done just then is left undone. */
export type Step =
  | { readonly set: KubeObject }
  | { readonly remove: ResourceRef }
  | { readonly patch: object; readonly of: ResourceRef; readonly subresource?: '/status' }

/** Few names, so that they meet, and some that meet only with a controller's behind them. */
const namespaces = ['app', 'b', 'c'] as const
const routeNames = ['a', 'a-b', 'api', 'r1', 'r2', 'r3'] as const
const hosts = ['x', 'y', 'z', 'own-x'] as const
const gatewayNames = ['internal', 'external'] as const
const extra = [
  { name: 'b-c', region: 'weu' },
  { name: 'c', region: 'neu' },
]
const allControllers = [...controllers('weu', 'neu', 'frc'), ...extra]
const controllerNames = ['external-dns-weu', 'external-dns-neu', 'external-dns-frc', 'b-c', 'c'] as const
const ips = [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }, { ip: 'fd00::1' }, { hostname: 'lb.example' }] as const
const managed = { 'app.kubernetes.io/managed-by': 'service-router-operator' }

/** What the platform is in the end: with every controller, so that the brake holds nothing back for one that is gone. */
export const wholePlatform: readonly KubeObject[] = [
  identity(),
  configuration({ externalDNSControllers: allControllers }),
]

type Maker = (random: Random) => Step

const someRoute: Maker = random => {
  const spec = {
    serviceName: random.pick(hosts),
    application: random.pick(['one', 'two']),
    gatewayName: random.pick(['internal', 'internal', 'external', 'nope']),
  }
  return { set: route(random.pick(namespaces), random.pick(routeNames), spec) }
}
const noRoute: Maker = random => ({ remove: routeRef(random.pick(namespaces), random.pick(routeNames)) })

const somePolicy: Maker = random => {
  const source = random.pick([{}, {}, { sourceRegion: 'weu' }, { sourceRegion: 'neu' }])
  const spec = { mode: random.pick(['Active', 'RegionBound']), ...source }
  return {
    set: policy(random.pick(namespaces), spec, { name: random.pick(['dns-policy', 'dns-policy', 'second']) }),
  }
}
const noPolicy: Maker = random => ({
  remove: policyRef(random.pick(namespaces), random.pick(['dns-policy', 'second'])),
})

const someIdentity: Maker = random => ({
  set: identity({
    ...random.pick([{}, {}, {}, { adoptsRegions: ['frc'] }, { adoptsRegions: ['neu', 'nope'] }]),
    ...random.pick([
      {},
      {},
      {},
      {},
      { environmentLetter: 'd' },
      { region: 'neu' },
      { domain: 'other.example.com' },
    ]),
  }),
})
const someConfiguration: Maker = random => {
  const kept = allControllers.filter(() => random.chance(0.8))
  const ttl = random.pick([{}, { ttl: { route: 100, gateway: 10 } }])
  return { set: configuration({ externalDNSControllers: kept.length === 0 ? allControllers : kept, ...ttl }) }
}
const noSingleton: Maker = random => ({
  remove: random.pick([
    { apiVersion: 'cluster.router.io/v1alpha1', kind: 'ClusterIdentity', name: 'cluster-identity' },
    { apiVersion: 'cluster.router.io/v1alpha1', kind: 'DNSConfiguration', name: 'dns-config' },
  ]),
})

const someGateway: Maker = random => {
  const name = random.pick(gatewayNames)
  return {
    set: gateway(name, {
      ...random.pick([{}, {}, { targetPostfix: 'shared' }, { targetPostfix: `${name}2` }]),
      ...random.pick([{}, {}, { addresses: ['192.0.2.1'] }, { ttl: 7 }, { credentialName: 'other' }]),
      ...random.pick([
        {},
        {},
        {},
        { allowedRoutes: { namespaces: { from: 'Same' } } },
        { allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'a' } } } } },
      ]),
    }),
  }
}
const noGateway: Maker = random => ({ remove: gatewayRef('istio-system', random.pick(gatewayNames)) })
const someService: Maker = random => {
  const ingress = ips.filter(() => random.chance(0.4))
  return { set: service(random.pick(gatewayNames), ingress) }
}
const noService: Maker = random => ({ remove: serviceRef('ingress', `lb-${random.pick(gatewayNames)}`) })
const someLabels: Maker = random => ({
  set: {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: random.pick(namespaces),
      labels: random.pick<Record<string, string>>([{ team: 'a' }, {}]),
    },
  },
})

const someEndpoint = (random: Random): ResourceRef =>
  random.chance(0.8)
    ? endpointRef(random.pick(namespaces), `${random.pick(routeNames)}-${random.pick(controllerNames)}`)
    : endpointRef(
        'ingress',
        `gateway-controller-igw-${random.pick(gatewayNames)}-${random.pick(['internal', 'external', 'shared'])}-${random.pick(controllerNames)}`,
      )
const noOutput: Maker = random => ({
  remove: random.chance(0.8) ? someEndpoint(random) : istioRef('istio-system', random.pick(gatewayNames)),
})
const record = { dnsName: 'x.example.com', recordType: 'CNAME', recordTTL: 1, targets: ['evil.example.com'] }
const byHand: Maker = random => ({
  of: someEndpoint(random),
  patch: random.pick<object>([
    { spec: { endpoints: [record] } },
    { spec: { endpoints: [] } },
    { metadata: { labels: { app: 'x', 'router.io/region': 'frc' } } },
    { metadata: { labels: { 'router.io/serviceroute': null } } },
    { metadata: { ownerReferences: null } },
    { metadata: { annotations: null } },
    { metadata: { labels: { team: 'a' } } },
  ]),
})
const istioByHand: Maker = random => ({
  of: istioRef('istio-system', random.pick(gatewayNames)),
  patch: random.pick<object>([
    { spec: { selector: { istio: 'x' } } },
    { spec: { servers: [] } },
    { metadata: { labels: null } },
    { metadata: { annotations: null } },
  ]),
})
const readByExternalDNS: Maker = random => ({
  of: someEndpoint(random),
  patch: { status: { observedGeneration: 1 + random.below(3) } },
  subresource: '/status',
})
/** Of others, or with our label and nothing to explain it. */
const strange: Maker = random => {
  const { apiVersion, kind, name, namespace = '' } = someEndpoint(random)
  const labels = random.pick<Record<string, string>>([
    {},
    { 'router.io/serviceroute': 'a' },
    { 'router.io/serviceroute': 'gone', 'router.io/region': 'weu', app: 'external-dns-weu', ...managed },
  ])
  return { set: { apiVersion, kind, metadata: { name, namespace, labels }, spec: { endpoints: [record] } } }
}

/** Each with how often it is chosen. */
const makers: readonly (readonly [weight: number, make: Maker])[] = [
  [30, someRoute],
  [12, noRoute],
  [8, somePolicy],
  [3, noPolicy],
  [4, someIdentity],
  [4, someConfiguration],
  [1, noSingleton],
  [6, someGateway],
  [2, noGateway],
  [5, someService],
  [1, noService],
  [3, someLabels],
  [8, noOutput],
  [10, byHand],
  [3, istioByHand],
  [5, readByExternalDNS],
  [3, strange],
]
const weights = makers.reduce((sum, [weight]) => sum + weight, 0)

export const nextStep = (random: Random): Step => {
  let at = random.next() * weights
  for (const [weight, make] of makers) {
    at -= weight
    if (at < 0) return make(random)
  }
  return someRoute(random)
}
