import { expect, test } from 'bun:test'
import type { KubeObject, ResourceRef } from '../../src/api/object.ts'
import { edit } from '../cluster/support/edit.ts'
import {
  configurationRef,
  endpointRef,
  gatewayRef,
  identityRef,
  policyRef,
  routeRef,
  serviceRef,
} from '../cluster/support/refs.ts'
import { configuration, controllers, gateway, identity, policy, route, service } from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { becomes, serves } from './support/records.ts'
import { withDaemon } from './support/running.ts'
import { addresses, api, baseRecords, baseServed, says, statusOf } from './support/scene.ts'
import { address, set } from './support/world.ts'

type Said = readonly [ref: ResourceRef, type: string, condition: string]

interface Row {
  readonly what: string
  /** Written one after the other. */
  readonly set?: readonly KubeObject[]
  readonly remove?: readonly ResourceRef[]
  readonly also?: (plane: ControlPlane) => Promise<unknown>
  readonly records: readonly string[]
  /** Unless they stay as they are. */
  readonly served?: readonly string[]
  readonly says: readonly Said[]
}

const fine = 'True ReconciliationSucceeded'
const apiRef = routeRef('app', 'api')
const internal = gatewayRef('istio-system', 'internal')
const appPolicy = policyRef('app', 'dns-policy')
const balancer = serviceRef('ingress', 'lb-internal')
const web = 'weu web-ns-p-prod-app CNAME 300 aks01-weu-internal'
const atNeu = 'neu api-ns-p-prod-app CNAME 300 aks01-weu-internal'

const routes: readonly Row[] = [
  {
    what: 'a route is created',
    set: [route('app', 'web')],
    records: [...baseRecords, web],
    served: ['istio-system/internal igw-internal tls: api-ns-p-prod-app web-ns-p-prod-app'],
    says: [
      [routeRef('app', 'web'), 'Ready', fine],
      [routeRef('app', 'web'), 'DNSReady', 'False DNSNotReady'],
    ],
  },
  {
    what: 'a route gets another host',
    set: [route('app', 'api', { serviceName: 'other' })],
    records: [...addresses, 'weu other-ns-p-prod-app CNAME 300 aks01-weu-internal'],
    served: ['istio-system/internal igw-internal tls: other-ns-p-prod-app'],
    says: [[apiRef, 'Ready', fine]],
  },
  {
    what: 'the last route of a gateway is removed',
    remove: [apiRef],
    records: addresses,
    served: [],
    says: [[internal, 'Ready', 'False NoServiceRoutes']],
  },
  {
    what: 'a route names a Gateway that is not there: what it has is kept',
    set: [route('app', 'api', { gatewayName: 'nope' })],
    records: baseRecords,
    served: [],
    says: [[apiRef, 'Ready', 'False GatewayNotFound']],
  },
  {
    what: 'a new route that names a Gateway that is not there',
    set: [route('app', 'web', { gatewayName: 'nope' })],
    records: baseRecords,
    says: [[routeRef('app', 'web'), 'Ready', 'False GatewayNotFound']],
  },
  {
    what: 'a route asks for a reserved host: what it has is kept and served',
    set: [route('app', 'api', { serviceName: 'own-api' })],
    records: baseRecords,
    says: [[apiRef, 'Ready', 'False ReservedName']],
  },
  {
    what: 'two routes whose object names would meet',
    set: [
      configuration({
        externalDNSControllers: [
          ...controllers('weu', 'neu'),
          { name: 'b-c', region: 'weu' },
          { name: 'c', region: 'weu' },
        ],
      }),
      route('app', 'a', { serviceName: 'x' }),
      route('app', 'a-b', { serviceName: 'y' }),
    ],
    records: [
      ...baseRecords,
      ...['api', 'x', 'x', 'x', 'y', 'y', 'y'].map(
        host => `weu ${host}-ns-p-prod-app CNAME 300 aks01-weu-internal`,
      ),
      ...[api, api].slice(1),
      ...Array.from({ length: 2 }, () => 'weu aks01-weu-internal A 60 10.0.0.1'),
    ],
    served: ['istio-system/internal igw-internal tls: api-ns-p-prod-app x-ns-p-prod-app y-ns-p-prod-app'],
    says: [
      [routeRef('app', 'a'), 'Ready', fine],
      [routeRef('app', 'a-b'), 'Ready', fine],
    ],
  },
]

const policies: readonly Row[] = [
  {
    what: 'the policy becomes RegionBound',
    set: [policy('app', { mode: 'RegionBound', sourceRegion: 'weu' })],
    records: [...baseRecords, atNeu],
    says: [[appPolicy, 'Active', fine]],
  },
  {
    what: 'RegionBound and without a source: a warning',
    set: [policy('app', { mode: 'RegionBound' })],
    records: [...baseRecords, atNeu],
    says: [[appPolicy, 'Ready', fine]],
  },
  {
    what: 'the source region moves away: another cluster writes it, and this one could serve it',
    set: [policy('app', { mode: 'RegionBound', sourceRegion: 'neu' })],
    records: addresses,
    says: [
      [appPolicy, 'Ready', 'True DNSPolicyInactive'],
      [appPolicy, 'Active', 'False PolicyInactive'],
      [apiRef, 'Ready', 'True DNSPolicyInactive'],
      [apiRef, 'Active', 'False DNSPolicyInactive'],
    ],
  },
  {
    what: 'the source cluster is another one',
    set: [policy('app', { sourceCluster: 'aks02' })],
    records: addresses,
    says: [[apiRef, 'Active', 'False DNSPolicyInactive']],
  },
  {
    what: 'the policy is removed: what there is is kept',
    remove: [appPolicy],
    records: baseRecords,
    says: [[apiRef, 'Ready', 'False DNSPolicyNotFound']],
  },
  {
    what: 'a second policy does not count',
    set: [policy('app', { mode: 'RegionBound' }, { name: 'second' })],
    records: baseRecords,
    says: [[policyRef('app', 'second'), 'Ready', 'False DuplicatePolicy']],
  },
  {
    what: 'the first policy goes, and the second counts',
    set: [policy('app', { mode: 'RegionBound' }, { name: 'second' })],
    remove: [appPolicy],
    records: [...baseRecords, atNeu],
    says: [[policyRef('app', 'second'), 'Ready', fine]],
  },
  {
    what: 'a namespace without a policy',
    set: [route('b', 'api')],
    records: baseRecords,
    served: ['istio-system/internal igw-internal tls: api-ns-p-prod-app api-ns-p-prod-b'],
    says: [[routeRef('b', 'api'), 'Ready', 'False DNSPolicyNotFound']],
  },
  {
    what: 'the policy of a namespace comes after its routes',
    set: [route('b', 'api'), policy('b')],
    records: [...baseRecords, 'weu api-ns-p-prod-b CNAME 300 aks01-weu-internal'],
    served: ['istio-system/internal igw-internal tls: api-ns-p-prod-app api-ns-p-prod-b'],
    says: [[routeRef('b', 'api'), 'Ready', fine]],
  },
]

const platformRows: readonly Row[] = [
  {
    what: 'a region is adopted',
    set: [identity({ adoptsRegions: ['neu'] })],
    records: [...baseRecords, atNeu],
    says: [[identityRef, 'AdoptedRegionsValid', 'True AllAdoptedRegionsValid']],
  },
  {
    what: 'an adopted region that no controller serves',
    set: [identity({ adoptsRegions: ['frc'] })],
    records: baseRecords,
    says: [[identityRef, 'AdoptedRegionsValid', 'False AdoptedRegionNotFound']],
  },
  {
    what: 'another environment letter',
    set: [identity({ environmentLetter: 'd' })],
    records: [...addresses, 'weu api-ns-d-prod-app CNAME 300 aks01-weu-internal'],
    served: ['istio-system/internal igw-internal tls: api-ns-d-prod-app'],
    says: [[apiRef, 'Ready', fine]],
  },
  {
    what: 'two ClusterIdentities: everything is kept',
    set: [identity({ region: 'neu' }, { name: 'second' })],
    records: baseRecords,
    says: [
      [identityRef, 'Ready', 'False SingletonViolation'],
      [{ ...identityRef, name: 'second' }, 'Ready', 'False SingletonViolation'],
      [apiRef, 'Ready', 'False ClusterIdentityNotAvailable'],
    ],
  },
  {
    what: 'no ClusterIdentity: everything is kept',
    remove: [identityRef],
    records: baseRecords,
    says: [[apiRef, 'Ready', 'False ClusterIdentityNotAvailable']],
  },
  {
    what: 'other TTLs',
    set: [configuration({ ttl: { route: 600, gateway: 30 } })],
    records: [
      'neu aks01-weu-internal A 30 10.0.0.1',
      'weu aks01-weu-internal A 30 10.0.0.1',
      'weu api-ns-p-prod-app CNAME 600 aks01-weu-internal',
    ],
    says: [[configurationRef, 'Ready', fine]],
  },
  {
    what: 'a controller of another region is added',
    set: [configuration({ externalDNSControllers: controllers('weu', 'neu', 'frc') })],
    records: [...baseRecords, 'frc aks01-weu-internal A 60 10.0.0.1'],
    says: [[configurationRef, 'Ready', fine]],
  },
  {
    what: 'a second controller of this region is added',
    set: [
      configuration({
        externalDNSControllers: [...controllers('weu', 'neu'), { name: 'more', region: 'weu' }],
      }),
    ],
    records: [...baseRecords, 'weu aks01-weu-internal A 60 10.0.0.1', api],
    says: [[appPolicy, 'Active', fine]],
  },
  {
    what: 'no DNSConfiguration: everything is kept',
    remove: [configurationRef],
    records: baseRecords,
    says: [[apiRef, 'Ready', 'False DNSConfigurationNotAvailable']],
  },
]

const gateways: readonly Row[] = [
  {
    what: 'a Gateway with its load balancer is added',
    set: [
      service('external', [{ ip: '10.0.0.9' }]),
      gateway('external'),
      route('app', 'web', { gatewayName: 'external' }),
    ],
    records: [
      ...baseRecords,
      'neu aks01-weu-external A 60 10.0.0.9',
      'weu aks01-weu-external A 60 10.0.0.9',
      'weu web-ns-p-prod-app CNAME 300 aks01-weu-external',
    ],
    served: [...baseServed, 'istio-system/external igw-external tls: web-ns-p-prod-app'],
    says: [[gatewayRef('istio-system', 'external'), 'Ready', fine]],
  },
  {
    what: 'another targetPostfix',
    set: [gateway('internal', { targetPostfix: 'priv' })],
    records: [
      'neu aks01-weu-priv A 60 10.0.0.1',
      'weu aks01-weu-priv A 60 10.0.0.1',
      'weu api-ns-p-prod-app CNAME 300 aks01-weu-priv',
    ],
    says: [[internal, 'Ready', fine]],
  },
  {
    what: 'another certificate',
    set: [gateway('internal', { credentialName: 'new' })],
    records: baseRecords,
    served: ['istio-system/internal igw-internal new: api-ns-p-prod-app'],
    says: [[internal, 'Ready', fine]],
  },
  {
    what: 'a TTL of its own',
    set: [gateway('internal', { ttl: 5 })],
    records: [...addresses.map(record => record.replace(' 60 ', ' 5 ')), api],
    says: [[internal, 'Ready', fine]],
  },
  {
    what: 'addresses of its own',
    set: [gateway('internal', { addresses: ['192.0.2.1', '2001:db8::1'] })],
    records: [
      ...['neu', 'weu'].flatMap(zone => [
        `${zone} aks01-weu-internal A 60 192.0.2.1`,
        `${zone} aks01-weu-internal AAAA 60 2001:db8::1`,
      ]),
      api,
    ],
    says: [[internal, 'Ready', fine]],
  },
  {
    what: 'it allows only its own namespace: what there is is kept',
    set: [gateway('internal', { allowedRoutes: { namespaces: { from: 'Same' } } })],
    records: baseRecords,
    says: [[apiRef, 'Ready', 'False NotAllowedByGateway']],
  },
  {
    what: 'a second Gateway with the same postfix and another controller',
    set: [gateway('zz', { targetPostfix: 'internal' })],
    records: baseRecords,
    says: [[gatewayRef('istio-system', 'zz'), 'Ready', 'False TargetConflict']],
  },
  {
    what: 'another controller, which has no load balancer: the address is kept',
    set: [gateway('internal', { controller: 'igw-new' })],
    records: baseRecords,
    served: ['istio-system/internal igw-new tls: api-ns-p-prod-app'],
    says: [[internal, 'DNSReady', 'False LoadBalancerIPPending']],
  },
]

const to = (ingress: readonly object[], name = 'internal', meta = {}) => service(name, ingress, meta)
const balancers: readonly Row[] = [
  {
    what: 'another address',
    set: [to([{ ip: '10.0.0.2' }])],
    records: [...addresses.map(record => record.replace('10.0.0.1', '10.0.0.2')), api],
    says: [[internal, 'Ready', fine]],
  },
  {
    what: 'no address any more: it is kept',
    set: [to([])],
    records: baseRecords,
    says: [[internal, 'DNSReady', 'False LoadBalancerIPPending']],
  },
  {
    what: 'two addresses',
    set: [to([{ ip: '10.0.0.2' }, { ip: '10.0.0.1' }])],
    records: [...addresses.map(record => record.replace('10.0.0.1', '10.0.0.1,10.0.0.2')), api],
    says: [[internal, 'Ready', fine]],
  },
  {
    what: 'IPv6',
    set: [to([{ ip: 'fd00::1' }])],
    records: [...addresses.map(record => record.replace('A 60 10.0.0.1', 'AAAA 60 fd00::1')), api],
    says: [[internal, 'Ready', fine]],
  },
  {
    what: 'both families',
    set: [to([{ ip: 'fd00::1' }, { ip: '10.0.0.1' }])],
    records: [
      ...addresses,
      ...addresses.map(record => record.replace('A 60 10.0.0.1', 'AAAA 60 fd00::1')),
      api,
    ],
    says: [[internal, 'Ready', fine]],
  },
  {
    what: 'a hostname',
    set: [to([{ hostname: 'lb.cloud.example' }])],
    records: [...addresses.map(record => record.replace('A 60 10.0.0.1', 'CNAME 60 lb.cloud.example')), api],
    says: [[internal, 'Ready', fine]],
  },
  {
    what: 'a second load balancer does not count',
    set: [to([{ ip: '10.0.0.7' }], 'internal', { name: 'zz-second' })],
    records: baseRecords,
    says: [[internal, 'Ready', fine]],
  },
]

describeLab('what changes in the inputs', () => {
  const on = withDaemon()

  const groups = { routes, policies, 'the platform': platformRows, gateways, 'load balancers': balancers }
  for (const [group, rows] of Object.entries(groups))
    for (const row of rows)
      test(`${group}: ${row.what}`, async () => {
        const { plane } = on
        for (const object of row.set ?? []) await set(plane, object)
        for (const ref of row.remove ?? []) await plane.remove(ref)
        await row.also?.(plane)
        await becomes(plane, row.records)
        await serves(plane, row.served ?? baseServed)
        for (const said of row.says) await says(plane, ...said)
      })

  test('a load balancer loses its address and gets another: at no time there is none', async () => {
    const { plane, daemon } = on
    const from = daemon.log.length
    await address(plane, balancer, undefined)
    await says(plane, internal, 'DNSReady', 'False LoadBalancerIPPending')
    await becomes(plane, baseRecords)
    await address(plane, balancer, { loadBalancer: { ingress: [{ ip: '10.0.0.3' }] } })
    await becomes(plane, [...addresses.map(record => record.replace('10.0.0.1', '10.0.0.3')), api])
    expect(daemon.log.slice(from).filter(({ message }) => message === 'Deleted')).toEqual([])
  })

  test('the labels of a namespace, where a Gateway selects by them', async () => {
    const { plane } = on
    const namespace = (labels: object) =>
      set(plane, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'b', labels: { ...labels } } })
    await namespace({ team: 'a' })
    const selecting = { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'a' } } } }
    await set(plane, gateway('external', { allowedRoutes: selecting, addresses: ['192.0.2.9'] }))
    await set(plane, policy('b'))
    await set(plane, route('b', 'web', { gatewayName: 'external' }))
    const ref = routeRef('b', 'web')
    await says(plane, ref, 'Ready', fine)
    await namespace({ team: 'z' })
    await says(plane, ref, 'Ready', 'False NotAllowedByGateway')
    await becomes(plane, [
      ...baseRecords,
      'neu aks01-weu-external A 60 192.0.2.9',
      'weu aks01-weu-external A 60 192.0.2.9',
      'weu web-ns-p-prod-b CNAME 300 aks01-weu-external',
    ])
    await namespace({ team: 'a' })
    await says(plane, ref, 'Ready', fine)
    await namespace({})
  })

  test('a Gateway is removed and comes back: the records stay, and so do their uids', async () => {
    const { plane } = on
    const uid = async () => (await plane.read(endpointRef('app', 'api-external-dns-weu')))?.metadata.uid
    const before = await uid()
    await plane.remove(internal)
    await says(plane, apiRef, 'Ready', 'False GatewayNotFound')
    await becomes(plane, baseRecords)
    await set(plane, gateway())
    await says(plane, apiRef, 'Ready', fine)
    await becomes(plane, baseRecords)
    await serves(plane, baseServed)
    expect(await uid()).toBe(before)
  })

  test('two routes want one host: the one that publishes it keeps it, the other follows when it goes', async () => {
    const { plane } = on
    await set(plane, policy('b'))
    await set(plane, route('b', 'late', { serviceName: 'api', application: 'app' }))
    const late = routeRef('b', 'late')
    await says(plane, late, 'Ready', 'False HostConflict')
    const { conditions = [] } = await statusOf(plane, late)
    expect(conditions[0]?.message).toContain('app/api')
    await becomes(plane, baseRecords)
    await plane.remove(apiRef)
    await says(plane, late, 'Ready', fine)
    await becomes(plane, baseRecords)
    expect(await plane.read(endpointRef('b', 'late-external-dns-weu'))).toBeDefined()
  })

  test("somebody else's DNSEndpoint is in the way, and goes", async () => {
    const { plane } = on
    const foreign = endpointRef('app', 'web-external-dns-weu')
    const { apiVersion, kind, name, namespace = '' } = foreign
    const spec = { endpoints: [{ dnsName: 'x.example.com', recordType: 'A', targets: ['192.0.2.5'] }] }
    // With the label of a route even; but that does not make it ours.
    const labels = { 'router.io/serviceroute': 'web' }
    await set(plane, { apiVersion, kind, metadata: { name, namespace, labels }, spec })
    await set(plane, route('app', 'web'))
    await says(plane, routeRef('app', 'web'), 'Ready', 'False ForeignObject')
    await edit(plane, foreign, { metadata: { annotations: { a: 'b' } } })
    await plane.remove(routeRef('app', 'web'))
    await serves(plane, baseServed)
    expect((await plane.read(foreign))?.spec).toEqual(spec)
    await set(plane, route('app', 'web'))
    await says(plane, routeRef('app', 'web'), 'Ready', 'False ForeignObject')
    await plane.remove(foreign)
    await becomes(plane, [...baseRecords, web])
    await says(plane, routeRef('app', 'web'), 'Ready', fine)
  })

  test("somebody else's Istio Gateway is in the way, and goes", async () => {
    const { plane } = on
    const spec = { selector: { istio: 'x' }, servers: [] }
    const foreign = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'external', namespace: 'istio-system' },
    }
    await set(plane, { ...foreign, spec })
    await set(plane, gateway('external', { addresses: ['192.0.2.9'] }))
    await set(plane, route('app', 'web', { gatewayName: 'external' }))
    await says(plane, routeRef('app', 'web'), 'Ready', fine)
    const ref = { ...foreign, ...foreign.metadata }
    expect((await plane.read(ref))?.spec).toEqual(spec)
    await plane.remove(ref)
    await serves(plane, [...baseServed, 'istio-system/external igw-external tls: web-ns-p-prod-app'])
  })

  test('a namespace is deleted with all that is in it', async () => {
    const { plane, daemon } = on
    const name = 'leaving'
    await set(plane, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    await set(plane, policy(name))
    for (const route_ of ['one', 'two', 'three']) await set(plane, route(name, route_))
    await waitFor(() => plane.read(endpointRef(name, 'three-external-dns-weu')), { what: 'its records' })
    const from = daemon.log.length
    await plane.remove({ apiVersion: 'v1', kind: 'Namespace', name })
    await waitFor(
      async () => (await plane.read({ apiVersion: 'v1', kind: 'Namespace', name })) === undefined,
      {
        what: 'the namespace to go',
        timeoutMs: 30_000,
      },
    )
    await becomes(plane, baseRecords)
    await serves(plane, baseServed)
    // What is on its way out is not made once more.
    expect(daemon.log.slice(from).filter(({ message }) => message === 'Change failed')).toEqual([])
  })

  test('an owner is deleted: what it owned is collected', async () => {
    const { plane } = on
    await plane.remove(balancer)
    // The addresses belong to the Service.
    await becomes(plane, [api])
    await says(plane, internal, 'DNSReady', 'False LoadBalancerIPPending')
  })
})
