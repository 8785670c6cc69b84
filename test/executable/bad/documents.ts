import { documents, gateway, platform, policy, route } from '../manifests.ts'
import type { BadRow } from './row.ts'

const api = route()
const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map(part => Buffer.from(part as string)))
const withVersion = (apiVersion: string): string => api.replace('routing.router.io/v1alpha1', apiVersion)
const list = (...items: readonly string[]): string =>
  `apiVersion: v1\nkind: List\nitems:\n${items.map(item => `  - ${item.trimEnd().replaceAll('\n', '\n    ')}\n`).join('')}`
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
const routeJson = (serviceName: unknown) => ({
  apiVersion: 'routing.router.io/v1alpha1',
  kind: 'ServiceRoute',
  metadata: { name: 'api', namespace: 'shop' },
  spec: { serviceName, gatewayName: 'internal', environment: 'prod', application: 'shop' },
})

/** What is a resource, and which. */
export const resourceRows: readonly BadRow[] = [
  {
    what: 'a wrong version',
    files: { ...platform, 'a.yaml': withVersion('routing.router.io/v1') },
    findings: ['error UnknownVersion a.yaml:1:1'],
    says: ['ServiceRoute has no version v1', 'Write apiVersion: routing.router.io/v1alpha1.'],
  },
  {
    what: 'the group of another kind',
    files: { ...platform, 'a.yaml': withVersion('cluster.router.io/v1alpha1') },
    findings: ['error UnknownGroup a.yaml:1:1'],
    says: ['Did you mean routing.router.io/v1alpha1?'],
  },
  {
    what: 'a group that is nearly ours',
    files: { ...platform, 'a.yaml': withVersion('router.io/v1alpha1') },
    findings: ['error UnknownGroup a.yaml:1:1'],
    says: ['Did you mean routing.router.io/v1alpha1?'],
  },
  {
    what: 'a version without a group',
    files: { ...platform, 'a.yaml': withVersion('v1alpha1') },
    findings: ['error UnknownGroup a.yaml:1:1'],
  },
  {
    what: 'no apiVersion',
    files: { ...platform, 'a.yaml': api.replace(/^.*\n/, '') },
    findings: ['error NotAResource a.yaml:1:1'],
    says: ['this ServiceRoute has no apiVersion'],
  },
  {
    what: 'an apiVersion that is a number',
    files: { ...platform, 'a.yaml': withVersion('1') },
    findings: ['error NotAResource a.yaml:1:1'],
  },
  {
    what: 'no kind, and kinds that are none',
    files: {
      ...platform,
      'a.yaml': documents(
        ...['', 'kind: ServiceRout\n', 'kind: 7\n', 'kind:\n', 'kind: constructor\n'].map(kind =>
          api.replace('kind: ServiceRoute\n', kind),
        ),
      ),
    },
    findings: [
      'error NotAResource a.yaml:1:1',
      'error UnknownKind a.yaml:12:1',
      'error NotAResource a.yaml:23:1',
      'error NotAResource a.yaml:34:1',
      'error UnknownKind a.yaml:45:1',
    ],
    says: ['Did you mean ServiceRoute?'],
  },
  {
    what: 'texts, lists, numbers and nothing instead of a resource',
    files: {
      ...platform,
      'a.yaml': 'text\n---\n- a\n---\n5\n---\nnull\n---\n---\n# nothing\n--- |\n  text\n',
    },
    code: 0,
    findings: [
      'warning NotAResource a.yaml:1:1',
      'warning NotAResource a.yaml:3:3',
      'warning NotAResource a.yaml:5:1',
      'warning NotAResource a.yaml:11:1',
    ],
  },
  {
    what: 'no namespace',
    files: { ...platform, 'a.yaml': api.replace('  namespace: shop\n', '') },
    findings: ['error MissingNamespace a.yaml:3:1'],
    says: ['ServiceRoute api names no namespace', 'with -n'],
  },
  {
    what: 'no namespace, with -n',
    files: { ...platform, 'a.yaml': api.replace('  namespace: shop\n', '') },
    args: ['validate', '-n', 'shop', '-f', '.'],
    code: 0,
    findings: [],
  },
  {
    what: 'an empty namespace, one that is null, one that is a number',
    files: {
      ...platform,
      'a.yaml': documents(
        route('a').replace('namespace: shop', 'namespace: ""'),
        route('b').replace('namespace: shop', 'namespace:'),
        route('c').replace('namespace: shop', 'namespace: 5'),
      ),
    },
    findings: [
      'error MissingNamespace a.yaml:3:1',
      'error MissingNamespace a.yaml:14:1',
      'error InvalidMetadata a.yaml:27:3',
    ],
  },
  {
    what: 'a namespace on what has none',
    files: {
      'a.yaml': platform['platform.yaml'].replace('name: dns-config', 'name: dns-config\n  namespace: shop'),
    },
    code: 0,
    findings: ['warning NamespaceIgnored a.yaml:15:3'],
  },
  {
    what: 'a resource twice in a file',
    files: { ...platform, 'a.yaml': documents(api, route('web'), api) },
    findings: ['error DuplicateResource a.yaml:23:1'],
    says: ['ServiceRoute shop/api is there already, in a.yaml:1'],
  },
  {
    what: 'a resource in two files, the second time by -n and in another version of the text',
    files: {
      ...platform,
      'a.yaml': api,
      'b.json': json(routeJson('api')).replace('"namespace"', '"labels": {}, "namespace"'),
    },
    findings: ['error DuplicateResource b.json:1:1'],
    says: ['is there already, in a.yaml:1'],
  },
  {
    what: 'a file that is met twice, by its path and through links, is read once',
    files: {
      ...platform,
      'a.yaml': api,
      'b.yaml': { link: 'a.yaml' },
      'c/d.yaml': { link: '../a.yaml' },
      e: { link: 'c' },
    },
    args: ['validate', '-f', 'a.yaml', '-f', '.', '-f', './e/../a.yaml', '-f', 'e'],
    code: 0,
    findings: [],
  },
  {
    what: 'a List in which some items are wrong',
    files: { ...platform, 'a.yaml': list(route('a'), route('b', 'B'), 'text', 'null', route('a')) },
    findings: [
      'error InvalidSpec a.yaml:20:7',
      'warning NotAResource a.yaml:24:5',
      'warning NotAResource a.yaml:25:5',
      'error DuplicateResource a.yaml:26:5',
    ],
  },
  {
    what: 'Lists within a List',
    files: {
      ...platform,
      'a.yaml': list(list(route('a'), list(route('b', 'B'))), route('c', 'C')),
      'b.json': json({ kind: 'List', items: [{ kind: 'List', items: [routeJson(8080)] }] }),
    },
    findings: [
      'error InvalidSpec a.yaml:26:15',
      'error InvalidSpec a.yaml:36:7',
      'error InvalidSpec b.json:15:13',
    ],
  },
  {
    what: 'a typed list, whose items name no kind',
    files: {
      ...platform,
      'a.json': json({
        apiVersion: 'routing.router.io/v1alpha1',
        kind: 'ServiceRouteList',
        items: [{ metadata: { name: 'a', namespace: 'shop' }, spec: {} }],
      }),
    },
    findings: [
      'error InvalidSpec a.json:10:7',
      'error InvalidSpec a.json:10:7',
      'error InvalidSpec a.json:10:7',
      'error InvalidSpec a.json:10:7',
    ],
  },
  {
    what: 'Lists whose items are none',
    files: {
      ...platform,
      'a.yaml': documents(
        ...['', 'items: {}\n', 'items: x\n', 'items:\n', 'items: []\n'].map(
          items => `apiVersion: v1\nkind: List\n${items}`,
        ),
      ),
    },
    code: 0,
    findings: [],
  },
  {
    what: 'other projects have kinds of our names',
    files: {
      ...platform,
      'a.yaml': documents(
        gateway.replace('routing.router.io/v1alpha1', 'gateway.networking.k8s.io/v1'),
        policy.replace('routing.router.io/v1alpha1', 'kuadrant.io/v1'),
      ),
    },
    code: 0,
    findings: [],
  },
]

/** What is no YAML and no JSON, or nearly none. */
export const syntaxRows: readonly BadRow[] = [
  {
    what: 'a list that is not closed',
    files: { ...platform, 'a.yaml': documents(route('a'), api.replace('prod', '[prod')) },
    findings: ['error ParseError a.yaml:21:3'],
  },
  {
    what: 'quotes that are not closed',
    files: { ...platform, 'a.yaml': api.replace('prod', '"prod') },
    findings: ['error ParseError a.yaml:11:1'],
  },
  {
    what: 'wrong indentation',
    files: { ...platform, 'a.yaml': api.replace('  environment', '   environment') },
    findings: ['error ParseError a.yaml:8:16'],
  },
  {
    what: 'a tab',
    files: { ...platform, 'a.yaml': api.replace('  environment', '\tenvironment') },
    findings: ['error ParseError a.yaml:9:1'],
    says: ['Use spaces.'],
  },
  {
    what: 'a colon in a value',
    files: { ...platform, 'a.yaml': api.replace('prod', 'prod: x') },
    findings: ['error ParseError a.yaml:9:16'],
    says: ['in quotes'],
  },
  {
    what: 'a field without a colon',
    files: { ...platform, 'a.yaml': api.replace('environment: prod', 'environment prod') },
    findings: ['error ParseError a.yaml:9:3'],
  },
  {
    what: 'a template that was not rendered',
    files: {
      ...platform,
      'a.yaml': api.replace('prod', '{{ .Values.environment }}'),
      'b.yaml': `{{- if .Values.enabled }}\n${api}{{- end }}\n`,
    },
    findings: ['error ParseError a.yaml:9:17', 'error ParseError b.yaml:1:3'],
    says: ['This looks like a template.'],
  },
  {
    what: 'an alias without an anchor, and a value that begins like one',
    files: {
      ...platform,
      'a.yaml': documents(api.replace('prod', '*prod'), route('b').replace('prod', '*')),
    },
    findings: ['error ParseError a.yaml:9:16', 'error ParseError a.yaml:20:16'],
    says: ['quotes'],
  },
  {
    what: 'reserved characters',
    files: {
      ...platform,
      'a.yaml': documents(
        ...['@prod', '`prod`', '%prod', '? prod', '| prod'].map((value, index) =>
          route(`r${index}`).replace('prod', value),
        ),
      ),
    },
    findings: [
      'error ParseError a.yaml:9:16',
      'error ParseError a.yaml:20:16',
      'error ParseError a.yaml:31:16',
      'error ParseError a.yaml:42:16',
      'error ParseError a.yaml:53:18',
    ],
  },
  {
    what: 'a conflict that was not resolved',
    files: { ...platform, 'a.yaml': `<<<<<<< HEAD\n${api}=======\n${route('web')}>>>>>>> other\n` },
    findings: ['error ParseError a.yaml:1:1'],
  },
  {
    what: 'one broken document does not hide the others',
    files: {
      ...platform,
      'a.yaml': documents(api.replace('prod', '[prod'), route('b', 'B'), 'a: [\n', route('c', 'C')),
    },
    findings: [
      'error ParseError a.yaml:10:3',
      'error InvalidSpec a.yaml:18:3',
      'error ParseError a.yaml:24:1',
      'error InvalidSpec a.yaml:31:3',
    ],
  },
  {
    what: 'duplicate keys at several levels',
    files: {
      ...platform,
      'a.yaml': `${api.replace('  environment: prod\n', '  environment: prod\n  environment: test\n').replace('  name: api\n', '  name: api\n  name: web\n')}kind: ServiceRoute\n`,
    },
    findings: [
      'error DuplicateKey a.yaml:5:3',
      'error DuplicateKey a.yaml:11:3',
      'error DuplicateKey a.yaml:13:1',
    ],
    says: ['the key environment is there already, in line 10'],
  },
  {
    what: 'duplicate keys in flow style, in quotes, in JSON, in an item of a list',
    files: {
      'a.yaml': platform['platform.yaml'].replace('  - 10.0.0.1', '  - 10.0.0.1\n  "ttl": 5\n  ttl: 6'),
      'b.yaml': api.replace(
        /spec:.*/s,
        'spec: {serviceName: api, gatewayName: internal, environment: prod, application: shop, environment: test}\n',
      ),
      'c.json': json(routeJson('web'))
        .replace('"environment"', '"serviceName": "x", "environment"')
        .replace('"api"', '"web"'),
    },
    findings: [
      'error DuplicateKey a.yaml:38:3',
      'error DuplicateKey b.yaml:6:87',
      'error DuplicateKey c.json:11:5',
    ],
  },
  {
    what: 'a key that is merged in may be there again',
    files: {
      ...platform,
      'a.yaml': api.replace('spec:\n', 'spec:\n  <<: {environment: test, application: x}\n'),
    },
    code: 0,
    findings: [],
  },
  {
    what: 'merge keys that bring what is wrong',
    files: {
      ...platform,
      'a.yaml': `${api.replace('spec:', 'spec: &spec').replace('api\n', 'a\n')}---\n${route('b')}---\n${api.replace(/spec:.*/s, 'spec:\n  <<: [{serviceName: B, gatewayName: internal}, {environment: 5}]\n  application: shop\n')}`,
    },
    findings: ['error InvalidSpec a.yaml:28:1', 'error InvalidSpec a.yaml:28:1'],
  },
  {
    what: 'numbers, lists, maps and null as keys',
    files: {
      ...platform,
      'a.yaml': documents(
        `${route('a')}  5: x\n`,
        `${route('b')}  ~: x\n`,
        `${route('c')}  [a, b]: x\n`,
        `${route('d')}  {a: b}: x\n`,
        `${route('e')}  true: x\n`,
      ),
    },
    findings: [
      'error UnknownField a.yaml:11:3',
      'error UnknownField a.yaml:18:1',
      'error ParseError a.yaml:35:3',
      'error ParseError a.yaml:47:3',
      'error UnknownField a.yaml:59:3',
    ],
  },
  {
    what: 'NUL and other control characters',
    files: {
      ...platform,
      'a.yaml': bytes(api.replace('prod', 'pr\0od')),
      'b.yaml': bytes(api.replace('prod', 'pr\u001b[31mod')),
      'c.json': json(routeJson('x')).replace('shop', 'sh\u0001op'),
    },
    findings: [
      'error ParseError a.yaml:9:18',
      'error ParseError b.yaml:9:18',
      'error ParseError c.json:6:21',
    ],
    says: ['the control character U+0000 is not allowed', 'U+001B'],
  },
  {
    what: 'bytes that are no UTF-8',
    files: {
      ...platform,
      'a.yaml': bytes(api.replace('prod\n', 'pr'), [0xe4], 'd\n'),
      'b.yaml': bytes([0x80]),
    },
    findings: ['error ParseError a.yaml:10:1', 'error ParseError b.yaml:1:1'],
    says: ['the byte 0xe4 is no UTF-8', 'Save the file as UTF-8.'],
  },
  {
    what: 'Windows: a byte order mark, CRLF, UTF-16; the places are still right',
    files: {
      ...platform,
      'a.yaml': `\ufeff${route('a', 'A').replaceAll('\n', '\r\n')}`,
      'b.yaml': Buffer.from(`\ufeff${route('b', 'B').replaceAll('\n', '\r\n')}`, 'utf16le'),
      'c.yaml': documents(route('c1'), route('c', 'C')).replaceAll('\n', '\r'),
    },
    findings: [
      'error InvalidSpec a.yaml:7:3',
      'error InvalidSpec b.yaml:7:3',
      'error InvalidSpec c.yaml:18:3',
    ],
  },
  {
    what: 'JSON that is none',
    files: {
      ...platform,
      'a.json': '{"apiVersion": "v1",}\n',
      'b.json': '{"apiVersion": "v1"\n',
      'c.json': '',
      'd.json': '{} {}\n',
      'e.json': "{'apiVersion': 'v1'}\n",
    },
    findings: [
      'error ParseError a.json:1:21',
      'error ParseError b.json:2:1',
      'error ParseError d.json:1:4',
      'error ParseError e.json:1:2',
    ],
  },
  {
    what: 'what is in a folder and is no manifest is not read',
    files: {
      ...platform,
      'values.yaml.bak': '[',
      'README.md': '[',
      '.git/a.yaml': '[',
      'node_modules/a.yaml': '[',
    },
    code: 0,
    findings: [],
  },
  {
    what: 'a ConfigMap may hold anything, duplicate keys aside',
    files: {
      ...platform,
      'a.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a.yaml: |\n    kind: ServiceRoute\n    kind: [\n  on: yes\n',
    },
    code: 0,
    findings: [],
  },
]
