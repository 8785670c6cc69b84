import { documents, platform, route } from '../manifests.ts'
import { json, routeJson } from './resources.ts'
import type { BadRow } from './row.ts'

const api = route()
const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map(part => Buffer.from(part as string)))

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
