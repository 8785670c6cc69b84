import type { Severity } from '../../src/doctor/check.ts'
import { configuration, gateway, identity, object, route, service } from '../engine/build.ts'
import { add, both, change, container, type Edit, flag, image, pod, spec, without } from './edits.ts'
import { argumentsFor, controllers, daemon, domain, instance, lease, options, secret } from './scene.ts'

/** What is wrong in a cluster, and what the doctor says of it. Asked in memory and on a real API server. */
export interface Row {
  readonly code: string
  readonly what: string
  readonly edit: Edit | Later
  readonly severity: Severity
  /** A part of what it says. */
  readonly says: string
}

/** Depends on what time it is. */
interface Later {
  readonly later: (now: number) => Promise<Edit>
}

export const editOf = async ({ edit }: Row, now: number): Promise<Edit> =>
  'later' in edit ? edit.later(now) : edit

const row = (code: string, what: string, severity: Severity, edit: Row['edit'], says: string): Row => ({
  code,
  what,
  severity,
  edit,
  says,
})

const standIns = spec('ClusterIdentity', 'cluster-identity', { standIns: ['aks01-neu'] })
const dayMs = 86_400_000
const scaled = (name: string, replicas: number): Edit =>
  both(
    spec('Deployment', name, { replicas }),
    change('Deployment', name, () => ({ status: {} })),
  )
const single = (region: string): Edit =>
  both(
    without('Deployment', `${region}-routes`, `${region}-gateways`),
    add(instance(`${region}-single`, { args: argumentsFor('single', region) })),
  )
const initContainers = [{ name: 'gate', image: 'srouter:0.1.0', args: ['gate'] }]

export const resourceRows: readonly Row[] = [
  row('ClusterIdentity', 'none', 'error', without('ClusterIdentity'), 'there is no ClusterIdentity'),
  row(
    'ClusterIdentity',
    'two',
    'error',
    add(identity({}, { name: 'other' })),
    'there are several ClusterIdentities',
  ),
  row('DNSConfiguration', 'none', 'error', without('DNSConfiguration'), 'there is no DNSConfiguration'),
  row(
    'DNSConfiguration',
    'two',
    'error',
    add(configuration({}, { name: 'other' })),
    'there are several DNSConfigurations',
  ),
  row(
    'Findings',
    'a route without its Gateway',
    'warning',
    add(route('app', 'lost', { gatewayName: 'lost' })),
    'GatewayNotFound: 1 resource',
  ),
  row(
    'ClaimableHosts',
    'one environment and application in two namespaces',
    'warning',
    add(route('b', 'web', { application: 'app' })),
    'hosts that end in -prod-app can be claimed by 2 namespaces: app, b',
  ),
  row(
    'ClaimableHosts',
    'another border between the two',
    'warning',
    both(
      add(route('b', 'web', { environment: 'prod-eu', application: 'shop' })),
      add(route('app', 'web', { environment: 'prod', application: 'eu-shop' })),
    ),
    'hosts that end in -prod-eu-shop can be claimed by 2 namespaces',
  ),
  row(
    'ClaimableHosts',
    'a serviceName that looks like the end of a host',
    'warning',
    add(route('b', 'web', { environment: 'x-ns-p-prod', application: 'app' })),
    'hosts that end in -x-ns-p-prod-app can be claimed by 2 namespaces: app, b',
  ),
]

export const daemonRows: readonly Row[] = [
  row('DaemonRunning', 'no Deployment', 'warning', without('Deployment', 'srouter'), 'no Deployment runs'),
  row(
    'DaemonRunning',
    'no pod',
    'error',
    change('Deployment', 'srouter', () => ({ status: {} })),
    'has no pod that is available',
  ),
  row('DaemonRunning', 'scaled to 0', 'warning', scaled('srouter', 0), 'is scaled to 0'),
  row('DaemonLease', 'nobody', 'error', without('Lease'), 'nobody holds the Lease'),
  row(
    'DaemonLease',
    'not renewed',
    'error',
    { later: async now => both(without('Lease'), add(lease('srouter', options.namespace, now - 120_000))) },
    'srouter-1 has not renewed the Lease srouter-system/srouter since',
  ),
  row(
    'OneWriter',
    'two Leases',
    'error',
    { later: async now => add(lease('srouter', 'b', now)) },
    'several daemons hold a Lease each',
  ),
  row(
    'OneWriter',
    'two Deployments',
    'error',
    add({ ...daemon(), metadata: { ...daemon().metadata, namespace: 'b' } }),
    'several Deployments run srouter',
  ),
  row(
    'OneWriter',
    'no election',
    'error',
    container('srouter', args => ({ args: [...args, '--leader-elect=false'] })),
    'has 2 replicas, and --leader-elect is off',
  ),
  row(
    'EarlierOperator',
    'it runs',
    'warning',
    { later: async now => add(lease('3afd9a04.router.io', 'b', now)) },
    'the earlier operator still runs: 3afd9a04.router.io-1',
  ),
  row(
    'DaemonAccess',
    'no binding',
    'error',
    without('ClusterRoleBinding'),
    'the daemon would fail: not allowed to list and watch',
  ),
]

export const instanceRows: readonly Row[] = [
  row(
    'InstancesFound',
    'none',
    'error',
    without('Deployment', 'weu-routes', 'weu-gateways', 'neu-routes', 'neu-gateways'),
    'no Deployment runs ExternalDNS',
  ),
  row(
    'InstancesAvailable',
    'no pod',
    'error',
    change('Deployment', 'neu-routes', () => ({ status: {} })),
    'external-dns/neu-routes has no pod that is available',
  ),
  row(
    'ArgumentsRead',
    'a switch with a value',
    'error',
    flag('neu-routes', 'events', 'true'),
    'external-dns/neu-routes does not start: --events takes no value',
  ),
  row(
    'ArgumentsRead',
    'a value from elsewhere',
    'warning',
    both(
      flag('neu-routes', 'txt-owner-id', '$(OWNER)'),
      container('neu-routes', () => ({
        env: [{ name: 'OWNER', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } }],
      })),
    ),
    'has values that are not in the Deployment, so that checks leave it out: --txt-owner-id',
  ),
  row(
    'ZonesCovered',
    'no gateways of a zone',
    'error',
    without('Deployment', 'neu-gateways'),
    'zone neu: no instance selects what external-dns-neu is to write of gateways',
  ),
  row(
    'ZonesCovered',
    'a stopped instance',
    'error',
    scaled('neu-routes', 0),
    'zone neu: no instance selects what external-dns-neu is to write of routes',
  ),
  row(
    'ZonesCovered',
    'another label',
    'error',
    flag('neu-routes', 'label-filter', 'router.io/region=frc'),
    'zone neu: no instance selects what external-dns-neu is to write of routes',
  ),
  row(
    'ZonesCovered',
    'a filter that leaves a namespace out',
    'error',
    flag(
      'weu-routes',
      'label-filter',
      'router.io/region=weu,router.io/serviceroute,router.io/source-namespace!=app',
    ),
    'zone weu: no instance selects DNSEndpoint app/api-external-dns-weu',
  ),
  row(
    'NothingLeftOut',
    'another domain',
    'error',
    flag('neu-routes', 'domain-filter', 'other.example.com'),
    'external-dns/neu-routes: --domain-filter=other.example.com leaves aks.example.com out',
  ),
  row(
    'NothingLeftOut',
    'one namespace',
    'error',
    flag('neu-routes', 'namespace', 'b'),
    '--namespace=b leaves',
  ),
  row('NothingLeftOut', 'a dry run', 'error', flag('neu-routes', 'dry-run', ''), '--dry-run writes nothing'),
  row('NothingLeftOut', 'one cycle', 'error', flag('neu-routes', 'once', ''), '--once ends'),
  row(
    'Events',
    'without',
    'warning',
    flag('neu-routes', 'events'),
    'external-dns/neu-routes has no --events: a change waits for the next cycle, up to 1m0s',
  ),
  row(
    'PolicyNamed',
    'not named, v0.21.0',
    'warning',
    flag('neu-routes', 'policy'),
    'names no --policy, which means sync',
  ),
  row(
    'PolicyNamed',
    'not named, v0.22.0',
    'error',
    both(flag('neu-routes', 'policy'), image('neu-routes', 'v0.22.0')),
    'without which v0.22.0 and later do not start',
  ),
  row(
    'AnnotationFilter',
    'v0.21.0',
    'warning',
    flag('neu-routes', 'annotation-filter', 'external-dns.alpha.kubernetes.io/controller=external-dns-neu'),
    'from v0.22.0 on',
  ),
  row(
    'AnnotationFilter',
    'v0.22.0',
    'error',
    both(
      flag('neu-routes', 'annotation-filter', 'external-dns.kubernetes.io/controller=external-dns-neu'),
      image('neu-routes', 'v0.22.0'),
    ),
    'with --policy=sync every record is deleted',
  ),
  row(
    'OtherSources',
    'istio-gateway beside crd',
    'warning',
    flag('neu-routes', 'source', 'crd', 'istio-gateway'),
    'external-dns/neu-routes has other sources as well: istio-gateway',
  ),
]

export const ownershipRows: readonly Row[] = [
  row(
    'SetUp',
    'routes that are never deleted',
    'warning',
    flag('neu-routes', 'policy', 'upsert-only'),
    'external-dns/neu-routes writes routes of zone neu with --policy=upsert-only',
  ),
  row(
    'SetUp',
    'one instance for two regions',
    'error',
    both(without('Deployment', 'neu-routes'), flag('weu-routes', 'label-filter', 'router.io/serviceroute')),
    'external-dns/weu-routes selects what is for the zones of neu and weu, and writes all of it to one',
  ),
  row('SetUp', 'no registry', 'error', flag('neu-routes', 'registry', 'noop'), 'has --registry=noop'),
  row(
    'SetUp',
    'two for one part',
    'warning',
    add(instance('neu-more', { args: argumentsFor('routes', 'neu') })),
    'zone neu: several instances write routes',
  ),
  row(
    'SetUp',
    'one prefix',
    'warning',
    flag('neu-routes', 'txt-prefix', 'srgw-'),
    'have the same --txt-prefix',
  ),
  row('SetUp', 'a set-up for each zone', 'warning', single('neu'), 'neu single, weu split'),
  row(
    'PrefixPerCluster',
    'of gateways, without failover',
    'warning',
    flag('weu-gateways', 'txt-prefix', 'aks01-weu-'),
    '--txt-prefix=aks01-weu- is this cluster',
  ),
  row(
    'PrefixPerCluster',
    'of gateways',
    'error',
    both(standIns, flag('neu-gateways', 'txt-prefix', 'weu-')),
    '--txt-prefix=weu- is this cluster',
  ),
  row(
    'PrefixPerCluster',
    'of routes',
    'warning',
    flag('neu-routes', 'txt-prefix', 'aks01-weu-'),
    'where two clusters make one host at the same time, both own it',
  ),
  row(
    'OwnerPerCluster',
    'of gateways',
    'error',
    both(standIns, flag('neu-gateways', 'txt-owner-id', 'aks01-weu')),
    '--txt-owner-id=aks01-weu is this cluster',
  ),
  row(
    'SyncWithSharedOwner',
    'the owner of a zone',
    'error',
    flag('neu-routes', 'txt-owner-id', 'zone-neu'),
    '--txt-owner-id=zone-neu is shared: it deletes what only another cluster publishes',
  ),
  row(
    'SyncWithSharedOwner',
    'the owner that is the default',
    'error',
    flag('neu-routes', 'txt-owner-id'),
    '--txt-owner-id=default is shared',
  ),
  row(
    'SyncWithSharedOwner',
    'gateways',
    'error',
    flag('neu-gateways', 'policy', 'sync'),
    'external-dns/neu-gateways: it has --policy=sync',
  ),
  row(
    'SyncWithSharedOwner',
    'an owner that may be shared',
    'warning',
    flag('neu-routes', 'txt-owner-id', 'platform'),
    '--txt-owner-id=platform does not name this cluster',
  ),
  row(
    'SyncOverGateways',
    'another instance under the prefix of gateways',
    'error',
    add(
      instance('services', {
        args: [
          '--provider=rfc2136',
          '--source=service',
          '--policy=sync',
          '--txt-prefix=srgw-',
          '--txt-owner-id=zone-neu',
        ],
      }),
    ),
    'external-dns/services has --policy=sync, manages A, AAAA, CNAME, and has the prefix "srgw-"',
  ),
  row(
    'SyncOverGateways',
    'with another owner',
    'warning',
    add(
      instance('services', {
        args: [
          '--provider=rfc2136',
          '--source=service',
          '--policy=sync',
          '--txt-prefix=srgw-',
          '--txt-owner-id=x',
        ],
      }),
    ),
    'external-dns/services has --policy=sync',
  ),
  row(
    'PrefixKnown',
    'a DNSConfiguration without prefixes',
    'warning',
    spec(
      'DNSConfiguration',
      'dns-config',
      controllers({ txtPrefix: undefined, gatewayTxtPrefix: undefined }),
    ),
    'external-dns/weu-routes has --txt-prefix=sr-, which is not txtPrefix of external-dns-weu',
  ),
  row('PrefixKnown', 'no prefix', 'warning', flag('neu-routes', 'txt-prefix'), 'has no --txt-prefix'),
  row(
    'OwnershipNames',
    'a long prefix, a long host',
    'error',
    both(
      flag('neu-routes', 'txt-prefix', 'a-prefix-that-is-rather-long-'),
      add(route('app', 'a-service-with-a-long-name')),
      change('DNSPolicy', 'dns-policy', () => ({ spec: { mode: 'RegionBound', sourceRegion: 'weu' } })),
    ),
    'too long a name for a-service-with-a-long-name-ns-p-prod-app.aks.example.com',
  ),
  row(
    'OwnershipNames',
    'a long prefix of gateways',
    'error',
    flag('neu-gateways', 'txt-prefix', 'a-prefix-that-is-rather-long-for-the-name-of-a-gateway-'),
    'too long a name for aks01-weu-internal.aks.example.com',
  ),
  row(
    'RecordTypes',
    'CNAME is missing',
    'error',
    flag('neu-gateways', 'managed-record-types', 'A', 'AAAA'),
    'external-dns/neu-gateways, zone neu: record types are missing: CNAME',
  ),
  row(
    'RecordTypes',
    'AAAA is missing, and nobody needs it',
    'warning',
    flag('neu-gateways', 'managed-record-types', 'A', 'CNAME'),
    'record types are missing: AAAA',
  ),
  row(
    'RecordTypes',
    'AAAA is missing',
    'error',
    both(
      flag('neu-gateways', 'managed-record-types', 'A', 'CNAME'),
      without('Service'),
      add(service('internal', [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }])),
    ),
    'record types are missing: AAAA',
  ),
  row(
    'RecordTypes',
    'too many',
    'warning',
    flag('neu-routes', 'managed-record-types'),
    'it writes routes, and manages A, AAAA as well',
  ),
  row(
    'Nameservers',
    'none',
    'warning',
    both(standIns, spec('DNSConfiguration', 'dns-config', controllers({ nameservers: undefined }))),
    'external-dns-neu has no nameservers',
  ),
  row(
    'Gate',
    'none',
    'warning',
    both(
      standIns,
      pod('weu-gateways', () => ({ initContainers })),
    ),
    'external-dns/neu-gateways has no "srouter gate" before it',
  ),
]

export const ingressRows: readonly Row[] = [
  row('LoadBalancers', 'none', 'error', without('Service'), 'no Service of type LoadBalancer has the label'),
  row(
    'LoadBalancers',
    'no address',
    'error',
    both(without('Service'), add(service('internal', []))),
    'Gateway istio-system/internal: its load balancer ingress/lb-internal has no address',
  ),
  row(
    'LoadBalancers',
    'two',
    'warning',
    add(service('internal', [{ ip: '10.0.0.2' }], { name: 'lb-second' })),
    'are both load balancers of igw-internal',
  ),
  row(
    'TLSSecrets',
    'none',
    'error',
    without('Secret'),
    'Secret ingress/tls of Gateway istio-system/internal',
  ),
  row(
    'TLSSecrets',
    'in the namespace of the Gateway',
    'error',
    change('Secret', 'tls', ({ metadata }) => ({ metadata: { ...metadata, namespace: 'istio-system' } })),
    'Secret ingress/tls of Gateway istio-system/internal does not exist',
  ),
  row(
    'TLSSecrets',
    'no certificate in it',
    'error',
    both(
      without('Secret'),
      add(
        object(
          'v1',
          'Secret',
          { name: 'tls', namespace: 'ingress' },
          { data: { 'tls.crt': btoa('x'), 'tls.key': btoa('y') } },
        ),
      ),
    ),
    'what is in tls.crt is no certificate',
  ),
  row(
    'TLSSecrets',
    'no key in it',
    'error',
    both(
      without('Secret'),
      add(object('v1', 'Secret', { name: 'tls', namespace: 'ingress' }, { data: { 'tls.crt': btoa('x') } })),
    ),
    'has no tls.key',
  ),
  row(
    'TLSExpiry',
    'soon',
    'warning',
    {
      later: async now =>
        both(without('Secret'), add(await secret([`*.${domain}`], new Date(now + 3.5 * dayMs)))),
    },
    'the certificate in ingress/tls ends in 3 days',
  ),
  row(
    'TLSExpiry',
    'ended',
    'error',
    {
      later: async now => both(without('Secret'), add(await secret([`*.${domain}`], new Date(now - dayMs)))),
    },
    'the certificate in ingress/tls has ended',
  ),
  row(
    'TLSHosts',
    'not covered',
    'error',
    { later: async () => both(without('Secret'), add(await secret(['web-ns-p-prod-app.aks.example.com']))) },
    'does not cover 1 host: api-ns-p-prod-app.aks.example.com',
  ),
  row(
    'TLSHosts',
    'a wildcard of another depth',
    'error',
    { later: async () => both(without('Secret'), add(await secret(['*.example.com']))) },
    'does not cover 1 host',
  ),
]

export const rows: readonly Row[] = [
  ...resourceRows,
  ...daemonRows,
  ...instanceRows,
  ...ownershipRows,
  ...ingressRows,
]

/** What is as it should be, however else than in the scene. */
export const soundRows: readonly (readonly [what: string, edit: Edit])[] = [
  ['nothing changed', objects => objects],
  [
    'the single set-up',
    both(
      single('weu'),
      single('neu'),
      spec('DNSConfiguration', 'dns-config', controllers({ gatewayTxtPrefix: undefined })),
    ),
  ],
  [
    'a cluster that has part in failover',
    both(
      standIns,
      pod('weu-gateways', () => ({ initContainers })),
      pod('neu-gateways', () => ({ initContainers })),
    ),
  ],
  ['addresses of a Gateway', spec('Gateway', 'internal', { addresses: ['10.0.0.9'] })],
  ['a wider domain filter', flag('weu-routes', 'domain-filter', 'example.com')],
  [
    'an ExternalDNS for other things',
    add(
      instance('services', {
        args: ['--provider=aws', '--source=service', '--txt-owner-id=x', '--txt-prefix=x-'],
      }),
    ),
  ],
  ['two Gateways', add(gateway('second', { controller: 'igw-internal' }))],
]
