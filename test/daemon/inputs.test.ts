import { expect, test } from 'bun:test'
import { endpointRef, gatewayRef, policyRef, routeRef } from '../cluster/support/refs.ts'
import { configuration, controllers, gateway, policy, route } from '../engine/build.ts'
import { describeLab } from '../lab/suite.ts'
import { becomes } from './support/records.ts'
import { fine, type Row, testRows } from './support/rows.ts'
import { withDaemon } from './support/running.ts'
import { addresses, api, baseRecords, says } from './support/scene.ts'
import { witness } from './support/witness.ts'
import { set } from './support/world.ts'

const apiRef = routeRef('app', 'api')
const internal = gatewayRef('istio-system', 'internal')
const appPolicy = policyRef('app', 'dns-policy')
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
    what: 'a route gets another environment',
    set: [route('app', 'api', { environment: 'test' })],
    records: [...addresses, 'weu api-ns-p-test-app CNAME 300 aks01-weu-internal'],
    served: ['istio-system/internal igw-internal tls: api-ns-p-test-app'],
    says: [[apiRef, 'Ready', fine]],
  },
  {
    what: 'a route gets another application',
    set: [route('app', 'api', { application: 'shop' })],
    records: [...addresses, 'weu api-ns-p-prod-shop CNAME 300 aks01-weu-internal'],
    served: ['istio-system/internal igw-internal tls: api-ns-p-prod-shop'],
    says: [[apiRef, 'Ready', fine]],
  },
  {
    what: 'a route moves to another Gateway',
    set: [
      gateway('external', { addresses: ['192.0.2.9'] }),
      route('app', 'api', { gatewayName: 'external' }),
    ],
    records: [
      ...addresses,
      'neu aks01-weu-external A 60 192.0.2.9',
      'weu aks01-weu-external A 60 192.0.2.9',
      'weu api-ns-p-prod-app CNAME 300 aks01-weu-external',
    ],
    served: ['istio-system/external igw-external tls: api-ns-p-prod-app'],
    says: [[apiRef, 'Ready', fine]],
  },
  {
    what: 'a route moves to a Gateway of another namespace',
    set: [
      gateway('internal', { controller: 'igw-internal' }, { namespace: 'b' }),
      route('app', 'api', { gatewayNamespace: 'b' }),
    ],
    records: baseRecords,
    served: ['b/internal igw-internal tls: api-ns-p-prod-app'],
    says: [
      [apiRef, 'Ready', fine],
      [gatewayRef('b', 'internal'), 'Ready', fine],
    ],
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

describeLab('what application teams change', () => {
  const on = withDaemon()
  testRows(on, 'routes', routes)
  testRows(on, 'policies', policies)

  test('a policy goes from Active to RegionBound and back, twice: the record of its own region is never touched', async () => {
    const { plane } = on
    await using watcher = await witness(plane)
    const own = async () => (await plane.read(endpointRef('app', 'api-external-dns-weu')))?.metadata
    const before = await own()
    for (let round = 0; round < 2; round++) {
      await set(plane, policy('app', { mode: 'RegionBound', sourceRegion: 'weu' }))
      await becomes(plane, [...baseRecords, atNeu])
      await set(plane, policy('app'))
      await becomes(plane, baseRecords)
    }
    expect(await watcher.losses()).toEqual([`- ${atNeu}`, `- ${atNeu}`])
    expect(await own()).toEqual(before as NonNullable<typeof before>)
  })

  test('the source region moves away and back: nothing goes but the records of that namespace', async () => {
    const { plane } = on
    await set(plane, policy('app', { mode: 'RegionBound', sourceRegion: 'weu' }))
    await set(plane, policy('b'))
    await set(plane, route('b', 'stays'))
    const stays = 'weu stays-ns-p-prod-b CNAME 300 aks01-weu-internal'
    const all = [...baseRecords, atNeu, stays]
    await becomes(plane, all)
    await using watcher = await witness(plane)
    await set(plane, policy('app', { mode: 'RegionBound', sourceRegion: 'neu' }))
    await becomes(plane, [...addresses, stays])
    await says(plane, apiRef, 'Ready', 'True DNSPolicyInactive')
    await set(plane, policy('app', { mode: 'RegionBound', sourceRegion: 'weu' }))
    await becomes(plane, all)
    await says(plane, apiRef, 'Ready', fine)
    expect(await watcher.losses()).toEqual([`- ${atNeu}`, `- ${api}`])
  })
})
