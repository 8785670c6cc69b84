import type { KubeObject } from '../../src/api/object.ts'
import type { Settings } from '../../src/engine/snapshot.ts'
import {
  at,
  configuration,
  controllers,
  gateway,
  identity,
  namespace,
  platform,
  policy,
  route,
  service,
} from './build.ts'

/** A scenario: the engine's tests run it on objects in memory, test/cluster on a real API server. */
export interface Row {
  readonly what: string
  readonly inputs: readonly KubeObject[]
  /** Inputs whose plan was carried out before. */
  readonly before?: readonly KubeObject[]
  readonly settings?: Partial<Settings>
  readonly records: readonly string[]
  readonly findings?: readonly string[]
  /** Where a real cluster differs: it cannot have these objects, and why; or it knows more and says something else. */
  readonly cluster?: { readonly never: string } | { readonly findings: readonly string[] }
}

const base = platform()
const without = (kind: string): KubeObject[] => base.filter(o => o.kind !== kind)
const address = ['+ neu aks01-weu-internal A 10.0.0.1', '+ weu aks01-weu-internal A 10.0.0.1']
const api = '+ weu api-ns-p-prod-app CNAME aks01-weu-internal'

const refusedByCrd = {
  never: 'the CRD refuses it (what was stored before the CRD: test/cluster/crds.test.ts)',
}

export const rows: readonly Row[] = [
  {
    what: 'Active: the zone of this region, and addresses in every zone',
    inputs: [...base, route('app', 'api')],
    records: [...address, api],
  },
  {
    what: 'RegionBound in its source region: every zone',
    inputs: [...base, policy('b', { mode: 'RegionBound', sourceRegion: 'weu' }), route('b', 'x')],
    records: [
      ...address,
      '+ neu x-ns-p-prod-b CNAME aks01-weu-internal',
      '+ weu x-ns-p-prod-b CNAME aks01-weu-internal',
    ],
  },
  {
    what: 'a policy for another region: nothing, and no finding',
    inputs: [...base, policy('b', { mode: 'RegionBound', sourceRegion: 'neu' }), route('b', 'x')],
    records: address,
  },
  {
    what: 'a policy for another cluster of the region',
    inputs: [...base, policy('b', { sourceCluster: 'aks02' }), route('b', 'x')],
    records: address,
  },
  {
    what: 'an adopted region: its zone as well, with the target of this cluster',
    inputs: [...without('ClusterIdentity'), identity({ adoptsRegions: ['neu'] }), route('app', 'api')],
    records: [...address, '+ neu api-ns-p-prod-app CNAME aks01-weu-internal', api],
  },
  {
    what: 'the same as a what-if',
    inputs: [...base, route('app', 'api')],
    settings: { adopt: ['neu'] },
    records: [...address, '+ neu api-ns-p-prod-app CNAME aks01-weu-internal', api],
  },
  {
    what: 'several controllers share a region',
    inputs: [
      ...without('DNSConfiguration'),
      configuration({
        externalDNSControllers: [
          { name: 'a', region: 'weu' },
          { name: 'b', region: 'weu' },
        ],
      }),
      route('app', 'api'),
    ],
    records: ['+ weu aks01-weu-internal A 10.0.0.1', '+ weu aks01-weu-internal A 10.0.0.1', api, api],
  },
  {
    what: 'RegionBound without a source is a warning',
    inputs: [...without('DNSPolicy'), policy('app', { mode: 'RegionBound' })],
    records: address,
    findings: ['warning RegionBoundWithoutSource dns-policy'],
  },
  {
    what: 'an adopted region that no controller names',
    inputs: [...without('ClusterIdentity'), identity({ adoptsRegions: ['frc'] })],
    records: address,
    findings: ['warning AdoptedRegionNotFound cluster-identity'],
  },
  {
    what: 'no controller for this region',
    inputs: [
      ...without('DNSConfiguration'),
      configuration({ externalDNSControllers: controllers('neu') }),
      route('app', 'api'),
    ],
    records: ['+ neu aks01-weu-internal A 10.0.0.1'],
    findings: ['error NoActiveControllers api'],
  },
  // addresses
  {
    what: 'several addresses of both families',
    inputs: [
      ...without('Service'),
      service('internal', [{ ip: '10.0.0.2' }, { ip: 'fd00::1' }, { ip: '10.0.0.1' }]),
    ],
    records: [
      '+ neu aks01-weu-internal A 10.0.0.1,10.0.0.2',
      '+ neu aks01-weu-internal AAAA fd00::1',
      '+ weu aks01-weu-internal A 10.0.0.1,10.0.0.2',
      '+ weu aks01-weu-internal AAAA fd00::1',
    ],
  },
  {
    what: 'several unknown fields: each is reported, and the record stays',
    before: [...base, route('app', 'api')],
    inputs: [...base, route('app', 'api', { colour: 'red', toString: 'x', size: 5 })],
    records: [],
    findings: ['error UnknownField api', 'error UnknownField api', 'error UnknownField api'],
    cluster: { never: 'the API server drops them' },
  },
  {
    what: 'addresses of a load balancer that are none are left out',
    inputs: [
      ...without('Service'),
      service('internal', [
        { ip: '10.0.0' },
        { ip: 'x:y' },
        { ip: 7 },
        { hostname: 'a b' },
        { ip: '' },
        { ip: '10.0.0.1' },
      ]),
    ],
    records: address,
    cluster: { never: 'the API server refuses such addresses' },
  },
  {
    what: 'a load balancer with only a hostname',
    inputs: [...without('Service'), service('internal', [{ hostname: 'lb.cloud.example' }])],
    records: [
      '+ neu aks01-weu-internal CNAME lb.cloud.example',
      '+ weu aks01-weu-internal CNAME lb.cloud.example',
    ],
  },
  {
    what: "the gateway's own addresses instead of the load balancer's",
    inputs: [...without('Gateway'), gateway('internal', { addresses: ['192.0.2.7'] })],
    records: ['+ neu aks01-weu-internal A 192.0.2.7', '+ weu aks01-weu-internal A 192.0.2.7'],
  },
  {
    what: 'no address yet: no address record, and the routes are unaffected',
    inputs: [...without('Service'), service('internal', []), route('app', 'api')],
    records: [api],
    findings: ['warning LoadBalancerIPPending internal'],
  },
  {
    what: 'an address that went keeps its records',
    before: [...base, route('app', 'api')],
    inputs: [...without('Service'), service('internal', []), route('app', 'api')],
    records: [],
    findings: ['warning LoadBalancerIPPending internal'],
  },
  {
    what: 'a load balancer whose address changed',
    before: base,
    inputs: [...without('Service'), service('internal', [{ ip: '10.9.9.9' }])],
    records: ['~ neu aks01-weu-internal A 10.9.9.9', '~ weu aks01-weu-internal A 10.9.9.9'],
  },
  {
    what: 'a gateway whose type changes is an error that says what to do',
    before: base,
    inputs: [...without('Service'), service('internal', [{ hostname: 'lb.cloud.example' }])],
    records: [
      '- neu aks01-weu-internal A 10.0.0.1',
      '+ neu aks01-weu-internal CNAME lb.cloud.example',
      '- weu aks01-weu-internal A 10.0.0.1',
      '+ weu aks01-weu-internal CNAME lb.cloud.example',
    ],
    findings: ['error RecordTypeMismatch internal', 'error RecordTypeMismatch internal'],
  },
  {
    what: 'two load balancers: the oldest, with a warning',
    inputs: [
      ...without('Service'),
      service('internal', [{ ip: '10.0.0.5' }], { name: 'newer', ...at(2) }),
      service('internal', [{ ip: '10.0.0.1' }], at(1)),
    ],
    records: address,
    findings: ['warning SeveralLoadBalancers internal'],
  },
  {
    what: 'two gateways of one controller and postfix share the records',
    inputs: [...base, gateway('internal', {}, { name: 'second' })],
    records: address,
  },
  {
    what: 'one postfix with two controllers: the older keeps it',
    inputs: [
      ...without('Gateway'),
      gateway('internal', {}, at(1)),
      gateway('other', { targetPostfix: 'internal' }, at(2)),
      service('other', [{ ip: '10.0.0.9' }]),
      route('app', 'y', { gatewayName: 'other' }),
    ],
    records: address,
    findings: ['error TargetConflict other'],
  },
  // names
  {
    what: 'a host label that is too long',
    inputs: [...base, route('app', 'api', { serviceName: 'a'.repeat(60) })],
    records: address,
    findings: ['error InvalidSpec api'],
    cluster: refusedByCrd,
  },
  {
    what: 'an ownership record that is too long',
    inputs: [
      ...without('DNSConfiguration'),
      configuration({
        externalDNSControllers: [{ name: 'w', region: 'weu', txtPrefix: 'ownership-records-' }],
      }),
      route('app', 'api', { serviceName: 'a'.repeat(30) }),
    ],
    records: ['+ weu aks01-weu-internal A 10.0.0.1'],
    findings: ['error InvalidSpec api'],
  },
  {
    what: 'hosts that begin with what is reserved',
    inputs: [
      ...without('DNSConfiguration'),
      configuration({
        externalDNSControllers: [{ name: 'w', region: 'weu', txtPrefix: 'edns-', gatewayTxtPrefix: 'gw-' }],
      }),
      ...['own-x', 'srouter-claim-x', 'edns-x', 'gw-x', 'ownx'].map(name => route('app', name)),
    ],
    records: ['+ weu aks01-weu-internal A 10.0.0.1', '+ weu ownx-ns-p-prod-app CNAME aks01-weu-internal'],
    findings: ['edns-x', 'gw-x', 'own-x', 'srouter-claim-x'].map(name => `error ReservedName ${name}`),
  },
  {
    what: 'a host that is the target of a gateway',
    inputs: [
      ...without('ClusterIdentity').filter(o => o.kind !== 'Gateway'),
      identity({ cluster: 'api-ns-p', region: 'weu' }),
      gateway('internal', { targetPostfix: 'app' }),
      route('app', 'api', { environment: 'weu', application: 'app' }),
    ],
    records: ['+ neu api-ns-p-weu-app A 10.0.0.1', '+ weu api-ns-p-weu-app A 10.0.0.1'],
    findings: ['error ReservedName api'],
  },
  {
    what: 'a target that is reserved',
    inputs: [...without('ClusterIdentity'), identity({ cluster: 'own-aks' }), route('app', 'api')],
    records: [],
    findings: ['error ReservedName internal'],
  },
  // conflicts
  {
    what: 'two routes with one host: the older has it',
    inputs: [
      ...base,
      route('app', 'one', { serviceName: 's' }, at(2)),
      route('app', 'two', { serviceName: 's' }, at(1)),
    ],
    records: [...address, '+ weu s-ns-p-prod-app CNAME aks01-weu-internal'],
    findings: ['error HostConflict one'],
  },
  {
    what: 'the one that publishes the host already keeps it',
    before: [...base, route('app', 'one', { serviceName: 's' }, at(2))],
    inputs: [
      ...base,
      route('app', 'one', { serviceName: 's' }, at(2)),
      route('app', 'two', { serviceName: 's' }, at(1)),
    ],
    records: [],
    findings: ['error HostConflict two'],
  },
  {
    what: 'hosts that only meet when put together',
    inputs: [
      ...base,
      policy('x'),
      route('app', 'a', { serviceName: 's', environment: 'b-c', application: 'd' }),
      route('x', 'b', { serviceName: 's', environment: 'b', application: 'c-d' }),
    ],
    records: [...address, '+ weu s-ns-p-b-c-d CNAME aks01-weu-internal'],
    findings: ['error HostConflict b'],
  },
  {
    what: 'a route that edited its way into a conflict keeps what it has',
    before: [...base, route('app', 'one', { serviceName: 's' }), route('app', 'two', { serviceName: 't' })],
    inputs: [...base, route('app', 'one', { serviceName: 's' }), route('app', 'two', { serviceName: 's' })],
    records: [],
    findings: ['error HostConflict two'],
  },
  {
    what: 'a host that a waiting route still publishes is not free, whatever that route asks for now',
    before: [...base, policy('b'), route('b', 'old', { serviceName: 's', application: 'x' })],
    inputs: [
      ...base,
      route('b', 'old', { serviceName: 't', application: 'x' }),
      route('app', 'new', { serviceName: 's', application: 'x' }),
    ],
    records: [],
    findings: ['error HostConflict new', 'error DNSPolicyNotFound old'],
    cluster: { findings: ['error DNSPolicyNotFound old', 'error HostConflict new'] },
  },
  {
    what: 'two policies: the oldest counts',
    inputs: [
      ...without('DNSPolicy'),
      policy('app', {}, at(1)),
      policy('app', { mode: 'RegionBound', sourceRegion: 'weu' }, { name: 'late', ...at(2) }),
      route('app', 'api'),
    ],
    records: [...address, api],
    findings: ['error DuplicatePolicy late'],
  },
  // references
  {
    what: 'an unknown gateway',
    inputs: [...base, route('app', 'api', { gatewayName: 'interna' })],
    records: address,
    findings: ['error GatewayNotFound api'],
  },
  {
    what: 'a folder of an application team: warnings, once each',
    inputs: [policy('app'), route('app', 'a'), route('app', 'b')],
    records: [],
    findings: [
      'warning ClusterIdentityNotAvailable a',
      'warning DNSConfigurationNotAvailable a',
      'warning GatewayNotFound a',
    ],
  },
  {
    what: 'no policy in this namespace, but in others',
    inputs: [...base, route('b', 'x')],
    records: address,
    findings: ['error DNSPolicyNotFound x'],
  },
  {
    what: 'no policy at all',
    inputs: [...without('DNSPolicy'), route('app', 'x')],
    records: address,
    findings: ['warning DNSPolicyNotFound x'],
  },
  {
    what: 'a gateway for its own namespace',
    inputs: [
      ...without('Gateway'),
      gateway('internal', { allowedRoutes: { namespaces: { from: 'Same' } } }),
      route('app', 'api'),
    ],
    records: address,
    findings: ['error NotAllowedByGateway api'],
  },
  {
    what: 'a gateway that selects namespaces',
    inputs: [
      ...without('Gateway'),
      gateway('internal', {
        allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'a' } } } },
      }),
      namespace('app', { team: 'a' }),
      namespace('b', { team: 'b' }),
      policy('b'),
      policy('c'),
      ...['app', 'b', 'c'].map(name => route(name, 'api')),
    ],
    records: [...address, api],
    findings: ['error NotAllowedByGateway api', 'warning NotAllowedByGateway api'],
    // A cluster has every namespace, so the labels of c are known.
    cluster: { findings: ['error NotAllowedByGateway api', 'error NotAllowedByGateway api'] },
  },
  // fail static
  ...['ClusterIdentity', 'DNSConfiguration', 'DNSPolicy', 'Gateway'].map(kind => ({
    what: `a missing ${kind} keeps everything`,
    before: [...base, route('app', 'api')],
    inputs: [...without(kind), route('app', 'api')],
    records: [],
    findings: [
      `warning ${{ ClusterIdentity: 'ClusterIdentityNotAvailable', DNSConfiguration: 'DNSConfigurationNotAvailable', DNSPolicy: 'DNSPolicyNotFound', Gateway: 'GatewayNotFound' }[kind]} api`,
    ],
  })),
  {
    what: 'two identities keep everything',
    before: [...base, route('app', 'api')],
    inputs: [...base, identity({ region: 'neu' }, { name: 'other' })],
    records: [],
    findings: ['error SingletonViolation cluster-identity', 'error SingletonViolation other'],
  },
  {
    what: 'two configurations keep everything',
    before: [...base, route('app', 'api')],
    inputs: [...base, configuration({}, { name: 'other' })],
    records: [],
    findings: ['error SingletonViolation dns-config', 'error SingletonViolation other'],
  },
  {
    what: 'an invalid route keeps its records',
    before: [...base, route('app', 'api')],
    inputs: [...base, route('app', 'api', { serviceName: 'Not-Legal' })],
    records: [],
    findings: ['error InvalidSpec api'],
    cluster: refusedByCrd,
  },
  {
    what: 'an invalid gateway keeps its addresses',
    before: [...base, route('app', 'api')],
    inputs: [...without('Gateway'), gateway('internal', { targetPostfix: '-' }), route('app', 'api')],
    records: [],
    findings: ['error InvalidSpec internal'],
    cluster: refusedByCrd,
  },
  // wanted deletions
  {
    what: 'a route that is gone',
    before: [...base, route('app', 'api')],
    inputs: base,
    records: [api.replace('+', '-')],
  },
  {
    what: 'a gateway that is gone and that no route names',
    before: base,
    inputs: without('Gateway'),
    records: address.map(line => line.replace('+', '-')),
  },
  {
    what: 'a policy that moves away',
    before: [...base, route('app', 'api')],
    inputs: [...without('DNSPolicy'), policy('app', { sourceRegion: 'neu' }), route('app', 'api')],
    records: [api.replace('+', '-')],
  },
  {
    what: 'a postfix that changes: new address, host moved, old address gone',
    before: [...base, route('app', 'api')],
    inputs: [...without('Gateway'), gateway('internal', { targetPostfix: 'inner' }), route('app', 'api')],
    records: [
      '+ neu aks01-weu-inner A 10.0.0.1',
      '+ weu aks01-weu-inner A 10.0.0.1',
      '- neu aks01-weu-internal A 10.0.0.1',
      '- weu aks01-weu-internal A 10.0.0.1',
      '~ weu api-ns-p-prod-app CNAME aks01-weu-inner',
    ],
  },
]
