import { documents, gateway, platform, policy, route } from '../manifests.ts'
import type { BadRow } from './row.ts'

const api = route()
const withVersion = (apiVersion: string): string => api.replace('routing.router.io/v1alpha1', apiVersion)
const list = (...items: readonly string[]): string =>
  `apiVersion: v1\nkind: List\nitems:\n${items.map(item => `  - ${item.trimEnd().replaceAll('\n', '\n    ')}\n`).join('')}`
export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
export const routeJson = (serviceName: unknown) => ({
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
