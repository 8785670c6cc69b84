import { expect, test } from 'bun:test'
import {
  configurationRef,
  gatewayRef,
  identityRef,
  policyRef,
  routeRef,
  serviceRef,
} from '../cluster/support/refs.ts'
import { configuration, controllers, gateway, identity, route, service } from '../engine/build.ts'
import { describeLab } from '../lab/suite.ts'
import { becomes } from './support/records.ts'
import { fine, type Row, testRows } from './support/rows.ts'
import { withDaemon } from './support/running.ts'
import { addresses, api, baseRecords, baseServed, says } from './support/scene.ts'
import { address } from './support/world.ts'

const apiRef = routeRef('app', 'api')
const internal = gatewayRef('istio-system', 'internal')
const appPolicy = policyRef('app', 'dns-policy')
const balancer = serviceRef('ingress', 'lb-internal')
const atNeu = 'neu api-ns-p-prod-app CNAME 300 aks01-weu-internal'
const withPrefix = (prefix: object) => controllers('weu', 'neu').map(each => ({ ...each, ...prefix }))

const singletons: readonly Row[] = [
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
    what: 'a TXT prefix that a host begins with: its record is kept',
    set: [configuration({ externalDNSControllers: withPrefix({ txtPrefix: 'api-' }) })],
    records: baseRecords,
    says: [[apiRef, 'Ready', 'False ReservedName']],
  },
  {
    what: 'a TXT prefix that a target begins with: all is kept',
    set: [configuration({ externalDNSControllers: withPrefix({ gatewayTxtPrefix: 'aks01-' }) })],
    records: baseRecords,
    says: [[internal, 'Ready', 'False ReservedName']],
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
    what: 'it loses its label: the address is kept',
    set: [to([{ ip: '10.0.0.1' }], 'internal', { labels: {} })],
    records: baseRecords,
    says: [[internal, 'DNSReady', 'False LoadBalancerIPPending']],
  },
  {
    what: 'a second load balancer does not count',
    set: [to([{ ip: '10.0.0.7' }], 'internal', { name: 'zz-second' })],
    records: baseRecords,
    says: [[internal, 'Ready', fine]],
  },
]

describeLab('what the platform team and the cloud change', () => {
  const on = withDaemon()
  testRows(on, 'singletons', singletons)
  testRows(on, 'gateways', gateways)
  testRows(on, 'load balancers', balancers)

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
})
