import { configuration, documents, gateway, identity, platform, policy, route } from '../manifests.ts'
import type { BadRow } from './row.ts'

const api = route()
const long = (length: number): string => 'a'.repeat(length)
const with64 = 'a'.repeat(64)

/** Resources that break their own schema. The place is the field's; of a missing one, its parent's. */
export const specRows: readonly BadRow[] = [
  {
    what: 'a missing field',
    files: { ...platform, 'a.yaml': api.replace('  gatewayName: internal\n', '') },
    findings: ['error InvalidSpec a.yaml:6:1'],
    says: ['spec.gatewayName is missing'],
  },
  {
    what: 'a field by a wrong name is both unknown and missing',
    files: { ...platform, 'a.yaml': api.replace('gatewayName', 'gatewayname') },
    findings: ['error InvalidSpec a.yaml:6:1', 'error UnknownField a.yaml:8:3'],
    says: ['did you mean gatewayName?'],
  },
  {
    what: 'an unknown field, like none',
    files: { ...platform, 'a.yaml': `${api}  colour: red\n` },
    findings: ['error UnknownField a.yaml:11:3'],
    says: ['spec.colour is not a known field'],
  },
  {
    what: 'an unknown field in an item of a list',
    files: {
      'a.yaml': documents(identity, configuration.replace('txtPrefix: sr-', 'textPrefix: sr-'), gateway),
    },
    findings: ['error UnknownField a.yaml:19:7'],
    says: ['spec.externalDNSControllers[0].textPrefix is not a known field', 'did you mean txtPrefix?'],
  },
  {
    what: 'an unknown field beside spec',
    files: { ...platform, 'a.yaml': `${api}specs: {}\n` },
    findings: ['error UnknownField a.yaml:11:1'],
    says: ['Did you mean spec?'],
  },
  {
    what: 'an unknown field of metadata',
    files: {
      ...platform,
      'a.yaml': api.replace('  namespace: shop\n', '  namespace: shop\n  label: {a: b}\n'),
    },
    findings: ['error UnknownField a.yaml:6:3'],
    says: ['Did you mean labels?'],
  },
  {
    what: 'unknown fields by names that JavaScript knows',
    files: { ...platform, 'a.yaml': `${api}  constructor: 1\n  toString: 2\nhasOwnProperty: 3\n` },
    findings: [
      'error UnknownField a.yaml:11:3',
      'error UnknownField a.yaml:12:3',
      'error UnknownField a.yaml:13:1',
    ],
  },
  {
    what: 'the same in metadata',
    files: {
      ...platform,
      'a.yaml': api.replace('  namespace: shop\n', '  namespace: shop\n  constructor: x\n  valueOf: 1\n'),
    },
    findings: ['error UnknownField a.yaml:6:3', 'error UnknownField a.yaml:7:3'],
  },
  {
    what: '__proto__ as a field',
    files: { ...platform, 'a.yaml': `${api}  __proto__: {serviceName: other}\n` },
    findings: ['error ForbiddenKey a.yaml:11:3'],
    says: ['__proto__'],
  },
  {
    what: '__proto__ as a label, in JSON',
    files: {
      ...platform,
      'a.json':
        '{"apiVersion": "routing.router.io/v1alpha1", "kind": "DNSPolicy",\n  "metadata": {"name": "p", "namespace": "x", "labels": {"__proto__": {"polluted": "yes"}}}}\n',
    },
    findings: ['error ForbiddenKey a.json:2:59'],
  },
  {
    what: 'a number where a text is meant',
    files: { ...platform, 'a.yaml': api.replace('serviceName: api', 'serviceName: 8080') },
    findings: ['error InvalidSpec a.yaml:7:3'],
    says: ['spec.serviceName must be a string, not 8080', 'put quotes around it: "8080"'],
  },
  {
    what: 'every other wrong type',
    files: {
      ...platform,
      'a.yaml': api
        .replace('serviceName: api', 'serviceName: [api]')
        .replace('environment: prod', 'environment: {a: b}')
        .replace('application: shop', 'application: true')
        .replace('gatewayName: internal', 'gatewayName: 1.5'),
    },
    findings: [
      'error InvalidSpec a.yaml:7:3',
      'error InvalidSpec a.yaml:8:3',
      'error InvalidSpec a.yaml:9:3',
      'error InvalidSpec a.yaml:10:3',
    ],
  },
  {
    what: 'texts where others are meant',
    files: {
      'a.yaml': documents(
        identity,
        `${configuration}  ttl: 60\n`,
        gateway.replace('  addresses:\n    - 10.0.0.1\n', '  ttl: "60"\n  addresses: 10.0.0.1\n'),
      ),
    },
    findings: [
      'error InvalidSpec a.yaml:25:3',
      'error InvalidSpec a.yaml:36:3',
      'error InvalidSpec a.yaml:37:3',
    ],
    says: ['spec.ttl must be a mapping', 'spec.ttl must be a number', 'spec.addresses must be a list'],
  },
  {
    what: 'numbers that are none of what is meant',
    files: {
      'a.yaml': documents(
        identity,
        `${configuration}  ttl: {route: 1.5, gateway: -1}\n`,
        gateway.replace('  addresses:', '  ttl: 99999999999999999999999999\n  addresses:'),
      ),
    },
    findings: [
      'error InvalidSpec a.yaml:25:9',
      'error InvalidSpec a.yaml:25:21',
      'error InvalidSpec a.yaml:36:3',
    ],
  },
  {
    what: 'dates, numbers of other forms, infinity and not a number',
    files: {
      ...platform,
      'a.yaml': api
        .replace('serviceName: api', 'serviceName: 2026-01-01')
        .replace('environment: prod', 'environment: 1e5')
        .replace('application: shop', 'application: .inf')
        .replace('gatewayName: internal', 'gatewayName: .nan'),
    },
    findings: [
      'error InvalidSpec a.yaml:8:3',
      'error InvalidSpec a.yaml:9:3',
      'error InvalidSpec a.yaml:10:3',
    ],
  },
  {
    what: 'words that kubectl takes for something else',
    files: {
      ...platform,
      'a.yaml': api
        .replace('serviceName: api', 'serviceName: yes')
        .replace('environment: prod', 'environment: on')
        .replace('application: shop', 'application: y'),
    },
    code: 0,
    findings: [
      'warning AmbiguousScalar a.yaml:7:16',
      'warning AmbiguousScalar a.yaml:9:16',
      'warning AmbiguousScalar a.yaml:10:16',
    ],
    says: ['kubectl reads yes as true', '"yes"'],
  },
  {
    what: 'a value that is none of an enumeration',
    files: { ...platform, 'b.yaml': `${policy.replace('shop', 'app')}spec:\n  mode: Activ\n` },
    findings: ['error InvalidSpec b.yaml:7:3'],
    says: ['did you mean Active?'],
  },
  {
    what: 'illegal characters in names',
    files: {
      ...platform,
      'a.yaml': api
        .replace('serviceName: api', 'serviceName: Api_1')
        .replace('environment: prod', 'environment: pr.od')
        .replace('application: shop', 'application: shop-'),
    },
    findings: [
      'error InvalidSpec a.yaml:7:3',
      'error InvalidSpec a.yaml:9:3',
      'error InvalidSpec a.yaml:10:3',
    ],
    says: ['and not end with a hyphen'],
  },
  {
    what: 'one part of a host that is too long',
    files: { ...platform, 'a.yaml': route('api', with64) },
    findings: ['error InvalidSpec a.yaml:7:3'],
    says: ['spec.serviceName has length 64', '63 at most'],
  },
  {
    what: 'parts that are too long together for a label',
    files: { ...platform, 'a.yaml': route('api', long(49)) },
    findings: ['error InvalidSpec a.yaml:6:1'],
    says: ['together may have 56 characters'],
  },
  {
    what: 'a host that is too long with its domain',
    files: {
      'a.yaml': documents(
        identity.replace('aks.example.com', `${'a.'.repeat(119)}com`),
        configuration,
        gateway,
        policy,
        route('api', 'a-service'),
      ),
    },
    findings: ['error InvalidSpec a.yaml:34:3', 'error InvalidSpec a.yaml:50:3'],
    says: ['253 at most'],
  },
  {
    what: 'a host whose ownership record is too long',
    files: { ...platform, 'a.yaml': route('api', long(46)) },
    findings: ['error InvalidSpec a.yaml:7:3'],
    says: ['ownership record sr-cname-aaa', 'the prefix sr-cname- counts as well'],
  },
  {
    what: 'a target whose ownership record is too long',
    files: {
      'a.yaml': documents(
        identity,
        configuration,
        gateway.replace('targetPostfix: internal', `targetPostfix: ${long(50)}`),
      ),
    },
    findings: ['error InvalidSpec a.yaml:34:3'],
    says: ['shorten targetPostfix'],
  },
  {
    what: 'a domain of one label, a letter of two, an address of three bytes',
    files: {
      'a.yaml': documents(
        identity.replace('aks.example.com', 'example').replace('Letter: p', 'Letter: pp'),
        configuration,
        gateway.replace('10.0.0.1', '10.0.0'),
      ),
    },
    findings: [
      'error InvalidSpec a.yaml:8:3',
      'error InvalidSpec a.yaml:9:3',
      'error InvalidSpec a.yaml:36:7',
    ],
  },
  {
    what: 'two controllers by one name',
    files: { 'a.yaml': documents(identity, configuration.replaceAll('-neu', '-weu'), gateway) },
    findings: ['error InvalidSpec a.yaml:21:7'],
    says: ['two controllers have the name "external-dns-weu"'],
  },
  {
    what: 'no spec; a spec that is empty, a list, a text',
    files: {
      ...platform,
      'a.yaml': documents(
        ...['', 'spec:\n', 'spec: {}\n', 'spec: []\n', 'spec: x\n'].map(
          (spec, index) => route(`r${index}`).replace(/spec:.*/s, '') + spec,
        ),
      ),
    },
    findings: [
      'error InvalidSpec a.yaml:1:1',
      'error InvalidSpec a.yaml:7:1',
      'error InvalidSpec a.yaml:19:1',
      'error InvalidSpec a.yaml:19:1',
      'error InvalidSpec a.yaml:19:1',
      'error InvalidSpec a.yaml:19:1',
      'error InvalidSpec a.yaml:26:1',
      'error InvalidSpec a.yaml:33:1',
    ],
  },
  {
    what: 'names of resources',
    files: {
      ...platform,
      'a.yaml': documents(
        route('Api_1'),
        route('-'),
        route(long(254), 'a'),
        route('8080', 'b'),
        route('true', 'c'),
        route('""', 'd'),
        route('null', 'e'),
        route('[a]', 'f'),
      ),
    },
    findings: [
      'error InvalidMetadata a.yaml:4:3',
      'error ParseError a.yaml:15:9',
      'error InvalidMetadata a.yaml:26:3',
      'error InvalidMetadata a.yaml:37:3',
      'error InvalidMetadata a.yaml:48:3',
      'error InvalidMetadata a.yaml:59:3',
      'error InvalidMetadata a.yaml:59:3',
      'error InvalidMetadata a.yaml:69:1',
      'error InvalidMetadata a.yaml:81:3',
    ],
  },
  {
    what: 'labels and annotations',
    files: {
      ...platform,
      'a.yaml': documents(
        ...[
          'labels: {a: 1}',
          'labels: [a]',
          'labels: {a b: c}',
          'annotations: {a: true}',
          'labels: {a: b c}',
        ].map((metadata, index) => route(`r${index}`).replace('  name:', `  ${metadata}\n  name:`)),
      ),
    },
    findings: [
      'error InvalidMetadata a.yaml:4:12',
      'error InvalidMetadata a.yaml:16:3',
      'error InvalidMetadata a.yaml:28:12',
      'error InvalidMetadata a.yaml:40:17',
      'error InvalidMetadata a.yaml:52:12',
    ],
  },
  {
    what: 'metadata that is a list, a text, null or missing',
    files: {
      ...platform,
      'a.yaml': documents(
        ...['metadata: [api]\n', 'metadata: api\n', 'metadata:\n', ''].map(metadata =>
          api.replace('metadata:\n  name: api\n  namespace: shop\n', metadata),
        ),
      ),
    },
    findings: [
      'error InvalidMetadata a.yaml:3:1',
      'error InvalidMetadata a.yaml:12:1',
      'error InvalidMetadata a.yaml:21:1',
      'error InvalidMetadata a.yaml:28:1',
    ],
  },
  {
    what: 'generateName',
    files: { ...platform, 'a.yaml': api.replace('  name: api', '  generateName: api-') },
    findings: ['error InvalidMetadata a.yaml:3:1'],
    says: ['generateName is not supported'],
  },
  {
    what: 'what only the API server may state is no way around the checks',
    files: {
      ...platform,
      'a.yaml': api
        .replace('  namespace: shop\n', '  namespace: shop\n  deletionTimestamp: "2026-01-01T00:00:00Z"\n')
        .replace('serviceName: api', 'serviceName: Api'),
    },
    findings: ['error InvalidSpec a.yaml:8:3'],
  },
]
