import type { KubeObject } from '../../src/api/object.ts'
import { letters, longestDomain, route, valid } from './manifests.ts'

/** Values of one field of a spec, everything else being valid. */
export interface FieldRow {
  readonly kind: string
  /** Below spec; numbers are items of lists. */
  readonly field: string
  /** `cel`: here it is a rule across fields that wants it. */
  readonly required?: true | 'cel'
  readonly accept: readonly unknown[]
  readonly reject: readonly unknown[]
  /** What else the spec has, where the field needs it. */
  readonly within?: object
}

const label = {
  accept: ['weu', 'a', '1', 'a-b', 'a--b', letters(57)],
  reject: ['', 'WEU', '-a', 'a-', 'a.b', 'a_b', 'ä', 'a b', 'a\n', letters(64), 5, true, ['weu']],
}
const labelOrEmpty = {
  accept: [...label.accept, ''],
  reject: label.reject.filter(value => value !== ''),
}
const objectName = {
  accept: ['a', '1', 'a-b', 'a.b', 'a-1.b-2', letters(253)],
  reject: ['', 'A', '-a', 'a-', '.a', 'a.', 'a..b', 'a.-b', 'a_b', 'a/b', 'a\n', letters(254), 5, {}],
}
const ttl = {
  accept: [1, 300, 2147483647],
  reject: [0, -1, 1.5, 2147483648, '300', true],
}
const ipv6 = ['::', '::1', 'fd00::4', 'FD00::4', '1:2:3:4:5:6:7:8', '1::3:4:5:6:7:8', '1:2:3:4:5:6:7::']
const noAddress = [
  '',
  '10.0.0',
  '10.0.0.256',
  '10.0.0.1.1',
  '010.0.0.1',
  '10.0.0.1 ',
  '10.0.0.1\n',
  '1:2:3',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  'fd00::12345',
  'fd00::4%eth0',
  '::ffff:10.0.0.1',
  'dns.example.com',
  5,
]
const txtPrefix = {
  accept: ['edns-', 'edns.', '_edns-', '%{record_type}-', 'a-%{record_type}-b.', letters(63)],
  reject: ['', 'EDNS-', 'edns ', '%{type}', '%', 'ä', letters(64), 5],
}
const list = (item: unknown, max: number) => ({
  accept: [[], [item], Array(max).fill(item)],
  reject: [Array(max + 1).fill(item), item, { 0: item }, [null]],
})

const controllers = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ name: `external-dns-${i}`, region: 'weu' }))
const oneController = { externalDNSControllers: controllers(1) }

const selecting = (selector: object) => ({ allowedRoutes: { namespaces: { from: 'Selector', selector } } })
const expression = { key: 'team', operator: 'In', values: ['a'] }
const selector = 'allowedRoutes.namespaces.selector'

const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'
const probed = { host: 'shop.example.com', port: 443 }
const probeFields = (at: string): readonly FieldRow[] => {
  const row = { kind: 'RegionFailover', within: { probe: probed, witnesses: [probed] } } as const
  return [
    { ...row, field: `${at}.scheme`, accept: ['HTTPS', 'HTTP', 'TCP'], reject: ['https', '', 5] },
    {
      ...row,
      field: `${at}.host`,
      required: 'cel',
      accept: ['shop.example.com', 'shop', '10.0.0.1', 'fd00::4', '::1', letters(63)],
      reject: ['', 'Shop', 'a b', 'shop.', '-a', 'https://a', 'a:443', 'a/b', 'ä', letters(64), 5],
    },
    { ...row, field: `${at}.port`, accept: [1, 443, 65_535], reject: [0, -1, 65_536, 1.5, '443', 'https'] },
    {
      ...row,
      field: `${at}.path`,
      accept: ['/', '/healthz', '/a?b=c&d#e'],
      reject: ['', 'healthz', '/a b', '/a\n', '/a\r\nX: y', '/ä', `/${letters(1024)}`, 5],
    },
    {
      ...row,
      field: `${at}.caBundle`,
      accept: [pem, `${pem}${pem}`],
      reject: [
        '',
        'LS0tLS1CRUdJTg==',
        '-----BEGIN PRIVATE KEY-----',
        `${pem}${pem.replaceAll('CERTIFICATE', 'PRIVATE KEY')}`,
        5,
      ],
    },
    { ...row, field: `${at}.intervalSeconds`, accept: [1, 10, 3600], reject: [0, -1, 3601, 1.5, '10s'] },
    { ...row, field: `${at}.timeoutSeconds`, accept: [1, 3, 60], reject: [0, 61, 0.5, '3s'] },
    { ...row, field: `${at}.failureThreshold`, accept: [1, 3, 100], reject: [0, 101, 1.5] },
    { ...row, field: `${at}.successThreshold`, accept: [1, 6, 1000], reject: [0, 1001, 1.5] },
  ]
}

export const fieldTable: readonly FieldRow[] = [
  {
    kind: 'ClusterIdentity',
    field: 'region',
    required: true,
    ...label,
    accept: [...label.accept.slice(0, -1)],
  },
  { kind: 'ClusterIdentity', field: 'cluster', required: true, ...label },
  {
    kind: 'ClusterIdentity',
    field: 'domain',
    required: true,
    accept: [
      'aks.example.com',
      'a.b',
      '1.example.com',
      'xn--bcher-kva.example',
      'a--b.local',
      `${letters(63)}.com`,
      longestDomain,
    ],
    reject: [
      '',
      'example',
      'aks.example.com.',
      '.example.com',
      'a..example.com',
      '-a.example.com',
      'a-.example.com',
      'Aks.example.com',
      'a_b.example.com',
      '*.example.com',
      'example.1',
      'example.com\n',
      `${letters(64)}.com`,
      `com.${letters(64)}`,
      `a${longestDomain}`,
      5,
    ],
  },
  {
    kind: 'ClusterIdentity',
    field: 'environmentLetter',
    required: true,
    accept: ['a', 'p', 'z'],
    reject: ['', 'P', 'pp', '1', '-', 'ä', 'p\n', 5],
  },
  { kind: 'ClusterIdentity', field: 'adoptsRegions', ...list('frc', 64) },
  { kind: 'ClusterIdentity', field: 'adoptsRegions.0', ...label },
  { kind: 'ClusterIdentity', field: 'standIns', ...list('aks01-neu', 64) },
  {
    kind: 'ClusterIdentity',
    field: 'standIns.0',
    accept: ['aks01-neu', 'a-b', 'a--b', 'a-b-c', `a-${letters(61)}`],
    reject: ['', 'aks01', '-neu', 'aks01-', 'AKS01-neu', 'aks01.neu', 'aks01_neu', `a-${letters(62)}`, 5],
  },

  {
    kind: 'DNSConfiguration',
    field: 'externalDNSControllers',
    required: true,
    accept: [controllers(1), controllers(2), controllers(256)],
    reject: [[], controllers(257), ['external-dns-weu'], controllers(1)[0]],
  },
  { kind: 'DNSConfiguration', field: 'externalDNSControllers.0.name', required: true, ...objectName },
  { kind: 'DNSConfiguration', field: 'externalDNSControllers.0.region', required: true, ...label },
  {
    kind: 'DNSConfiguration',
    field: 'externalDNSControllers.0.txtPrefix',
    ...txtPrefix,
    within: oneController,
  },
  {
    kind: 'DNSConfiguration',
    field: 'externalDNSControllers.0.gatewayTxtPrefix',
    ...txtPrefix,
    within: oneController,
  },
  {
    kind: 'DNSConfiguration',
    field: 'externalDNSControllers.0.nameservers',
    ...list('10.0.0.4', 16),
    within: oneController,
  },
  {
    kind: 'DNSConfiguration',
    field: 'externalDNSControllers.0.nameservers.0',
    accept: [
      '10.0.0.4',
      '0.0.0.0',
      '255.255.255.255',
      '10.0.0.4:1',
      '10.0.0.4:53',
      '10.0.0.4:65535',
      '[fd00::4]',
      '[fd00::4]:53',
      ...ipv6,
    ],
    reject: [
      ...noAddress,
      '10.0.0.4:',
      '10.0.0.4:0',
      '10.0.0.4:053',
      '10.0.0.4:65536',
      '10.0.0.4:dns',
      '[10.0.0.4]:53',
      '[fd00::4',
      'fd00::4]:53',
      '[fd00::4]:0',
    ],
    within: oneController,
  },
  {
    kind: 'DNSConfiguration',
    field: 'ttl',
    accept: [{}, { route: 60 }, { gateway: 60 }],
    reject: [60, [], '60'],
  },
  { kind: 'DNSConfiguration', field: 'ttl.route', ...ttl },
  { kind: 'DNSConfiguration', field: 'ttl.gateway', ...ttl },

  {
    kind: 'RegionFailover',
    field: 'region',
    required: true,
    ...label,
    accept: label.accept.map(value => value.slice(0, 43)),
  },
  {
    kind: 'RegionFailover',
    field: 'cluster',
    required: true,
    ...label,
    accept: label.accept.map(value => value.slice(0, 43)),
  },
  { kind: 'RegionFailover', field: 'engage', accept: [true, false], reject: ['true', 1, []] },
  {
    kind: 'RegionFailover',
    field: 'reason',
    accept: ['', 'the region burns', letters(1024)],
    reject: [letters(1025), 5, true],
  },
  { kind: 'RegionFailover', field: 'mode', accept: ['Manual'], reject: ['', 'manual', 'Sometimes', 5] },
  {
    kind: 'RegionFailover',
    field: 'mode',
    accept: ['Manual', 'Automatic', 'Observe'],
    reject: ['automatic', true],
    within: { probe: { host: 'shop.example.com' }, witnesses: [{ host: 'one.example.com' }] },
  },
  { kind: 'RegionFailover', field: 'failback', accept: ['Manual', 'Automatic'], reject: ['', 'auto', true] },
  {
    kind: 'RegionFailover',
    field: 'holdDownSeconds',
    accept: [1, 300, 604_800],
    reject: [0, -1, 604_801, 1.5, '300'],
  },
  {
    kind: 'RegionFailover',
    field: 'probe',
    accept: [{ host: 'a' }, { scheme: 'TCP', port: 1 }],
    reject: [[], 'https://a'],
  },
  ...['probe', 'witnesses.0'].flatMap(probeFields),
  {
    kind: 'RegionFailover',
    field: 'witnesses',
    accept: [[], Array(8).fill({ host: 'one.example.com' })],
    reject: [Array(9).fill({ host: 'one.example.com' }), {}, [null], ['one.example.com']],
  },

  {
    kind: 'Gateway',
    field: 'controller',
    required: true,
    accept: ['a', 'A', '1', 'a-b', 'a_b', 'a.b', letters(63)],
    reject: ['', '-a', 'a-', '_a', 'a.', 'a/b', 'a b', 'ä', 'a\n', letters(64), 5],
  },
  { kind: 'Gateway', field: 'credentialName', required: true, ...objectName },
  { kind: 'Gateway', field: 'targetPostfix', required: true, ...label },
  { kind: 'Gateway', field: 'ttl', ...ttl },
  {
    kind: 'Gateway',
    field: 'addresses',
    accept: [['10.0.0.1'], ['10.0.0.1', 'fd00::1'], Array(20).fill('10.0.0.1')],
    reject: [[], Array(21).fill('10.0.0.1'), '10.0.0.1'],
  },
  {
    kind: 'Gateway',
    field: 'addresses.0',
    accept: ['10.0.0.1', '0.0.0.0', '9.99.199.249', '255.255.255.255', ...ipv6],
    reject: [...noAddress, '10.0.0.1:80', '[fd00::4]'],
  },
  { kind: 'Gateway', field: 'allowedRoutes', accept: [{}], reject: ['All', []] },
  { kind: 'Gateway', field: 'allowedRoutes.namespaces', accept: [{}], reject: ['All', []] },
  {
    kind: 'Gateway',
    field: 'allowedRoutes.namespaces.from',
    accept: ['All', 'Same'],
    reject: ['', 'all', 'None', 5],
  },
  {
    kind: 'Gateway',
    field: selector,
    required: 'cel',
    accept: [{}],
    reject: ['team=a', []],
    within: selecting({}),
  },
  {
    kind: 'Gateway',
    field: `${selector}.matchLabels`,
    accept: [{}, { team: 'a' }, { team: '' }],
    reject: ['team=a', { team: 5 }, { team: true }],
    within: selecting({}),
  },
  {
    kind: 'Gateway',
    field: `${selector}.matchExpressions`,
    ...list(expression, 64),
    within: selecting({}),
  },
  {
    kind: 'Gateway',
    field: `${selector}.matchExpressions.0.key`,
    required: true,
    accept: ['team', 'example.com/team', letters(317)],
    reject: ['', letters(318), 5],
    within: selecting({ matchExpressions: [expression] }),
  },
  {
    kind: 'Gateway',
    field: `${selector}.matchExpressions.0.operator`,
    required: true,
    accept: ['In', 'NotIn'],
    reject: ['', 'in', 'Equals', 5],
    within: selecting({ matchExpressions: [expression] }),
  },
  {
    kind: 'Gateway',
    field: `${selector}.matchExpressions.0.values`,
    required: 'cel',
    accept: [['a'], ['a', 'b'], Array(256).fill('a')],
    reject: [Array(257).fill('a'), 'a', [5]],
    within: selecting({ matchExpressions: [expression] }),
  },

  {
    kind: 'DNSPolicy',
    field: 'mode',
    accept: ['Active', 'RegionBound'],
    reject: ['', 'active', 'Passive', 5, ['Active']],
  },
  { kind: 'DNSPolicy', field: 'sourceRegion', ...labelOrEmpty },
  { kind: 'DNSPolicy', field: 'sourceCluster', ...labelOrEmpty },

  {
    kind: 'ServiceRoute',
    field: 'serviceName',
    required: true,
    accept: ['myapp', 'a', '1', 'a-', 'a-b', letters(48)],
    reject: ['', '-a', 'A', 'a.b', 'a_b', 'ä', 'a\n', letters(64), 5],
  },
  { kind: 'ServiceRoute', field: 'gatewayName', required: true, ...objectName },
  { kind: 'ServiceRoute', field: 'gatewayNamespace', ...labelOrEmpty },
  {
    kind: 'ServiceRoute',
    field: 'environment',
    required: true,
    accept: ['prod', 'a', '1', '-', '-a-', letters(47)],
    reject: ['', 'A', 'a.b', 'a_b', 'ä', 'a\n', letters(64), 5],
  },
  {
    kind: 'ServiceRoute',
    field: 'application',
    required: true,
    accept: ['app1', 'a', '1', '-a', 'a-b', letters(47)],
    reject: ['', 'a-', 'A', 'a.b', 'a_b', 'ä', 'a\n', letters(64), 5],
  },
]

/** A copy of `value` with the field at `path` set, or removed where `to` is undefined. */
export const withField = (value: unknown, path: readonly string[], to: unknown): unknown => {
  const [key, ...rest] = path
  if (key === undefined) return to
  if (/^\d+$/.test(key)) {
    const items = Array.isArray(value) ? [...value] : []
    items[Number(key)] = withField(items[Number(key)], rest, to)
    return items
  }
  const { [key]: old, ...others } = (value ?? {}) as Record<string, unknown>
  const next = withField(old, rest, to)
  return next === undefined ? others : { ...others, [key]: next }
}

/** A manifest in which only the field of the row is varied. */
export const specWith = (row: FieldRow, value: unknown): KubeObject => {
  const object = (valid[row.kind] ?? route)(row.within)
  const spec = withField(object.spec, row.field.split('.'), value)
  return { ...object, metadata: { ...object.metadata, ...namedAfter(row.kind, spec) }, spec }
}

/** A RegionFailover is named after its spec; where that makes no name, any will do. */
const namedAfter = (kind: string, spec: unknown): { readonly name?: string } => {
  if (kind !== 'RegionFailover') return {}
  const { cluster, region } = spec as { readonly cluster?: unknown; readonly region?: unknown }
  const name = `${cluster}-${region}`
  return /^[a-z0-9][a-z0-9-]*[a-z0-9]$/.test(name) ? { name } : {}
}

/** A value for the title of a test. */
export const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length <= 60 ? text : `${text.slice(0, 50)}… (${text.length})`
}
