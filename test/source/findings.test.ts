import { describe, expect, test } from 'bun:test'
import { clusterGroup, routerKinds, routingGroup } from '../../src/api/kinds.ts'
import { noRouterResources } from '../../src/source/files/index.ts'
import { briefs, keys, readText, route } from './support.ts'

const kindsOf = (group: string): string =>
  routerKinds
    .filter(info => info.group === group)
    .map(({ kind }) => kind)
    .join(', ')
const sr = 'apiVersion: routing.router.io/v1alpha1\nkind: ServiceRoute\n'
const meta = 'metadata: {name: a, namespace: b}\n'

interface Row {
  readonly text: string
  readonly found: readonly string[]
  /** Of the first finding. */
  readonly says?: string
  readonly hint?: string
  /** How many objects are kept; none unless told. */
  readonly kept?: number
}

const rows: Readonly<Record<string, Row>> = {
  // Syntax
  'a map on the line of a value': {
    text: `${sr}${meta}spec: a: b\n`,
    found: ['ParseError 4:7'],
    hint: 'Put a value that contains ": " in quotes, or correct the indentation.',
  },
  'a tab': { text: `${sr}metadata:\n\tname: a\n`, found: ['ParseError 4:1'], hint: 'Use spaces.' },
  'an open quote': { text: `${sr}metadata:\n  name: "a\n`, found: ['ParseError 5:1'] },
  'a template': {
    text: `${sr}metadata:\n  name: {{ .Values.name }}\n`,
    found: ['ParseError 4:10'],
    hint: 'This looks like a template. Render it first, for example with "helm template".',
  },
  'a template statement': {
    text: `{{- if .Values.on }}\n${sr}{{- end }}\n`,
    found: ['ParseError 1:3'],
    hint: 'This looks like a template. Render it first, for example with "helm template".',
  },
  'a wrong document among right ones': {
    text: `${route('a')}---\na: b: c\n---\n${route('b')}`,
    found: ['ParseError 12:4'],
    kept: 2,
  },
  'a wrong item of a List': {
    text: `kind: List\nitems:\n- a: b: c\n- ${route('a').trimEnd().replaceAll('\n', '\n  ')}\n`,
    found: ['ParseError 3:6'],
    kept: 1,
  },
  'an alias without anchor': {
    text: `${sr}metadata:\n  name: *a\n`,
    found: ['ParseError 4:9'],
    hint: 'Put a value that begins with * in quotes.',
  },
  NUL: { text: 'a: \0b', found: ['ParseError 1:4'], says: 'the control character U+0000 is not allowed' },
  'an escape character': { text: 'a: b\nc: \u001b[31m', found: ['ParseError 2:4'] },
  'JSON as YAML': { text: '{"a": 1\n"b": 2}', found: ['ParseError 1:7'] },
  brackets: { text: '['.repeat(10_000), found: ['ParseError 1:1'], says: 'this is nested too deeply' },
  'closed brackets': {
    text: `a: ${'['.repeat(300)}${']'.repeat(300)}`,
    found: ['ParseError 1:1'],
    says: 'this is nested too deeply',
  },
  dashes: { text: '- '.repeat(10_000), found: ['ParseError 1:1'], says: 'this is nested too deeply' },

  // Keys
  'a key twice': {
    text: `${sr}metadata:\n  name: a\n  namespace: b\n  name: c\n`,
    found: ['DuplicateKey 6:3'],
    says: 'the key name is there already, in line 4',
    kept: 1,
  },
  'a key twice, in quotes': {
    text: `${sr}${meta}spec:\n  a: 1\n  "a": 1\n`,
    found: ['DuplicateKey 6:3'],
    kept: 1,
  },
  'a key twice in flow style': {
    text: `${sr}metadata: {name: a, namespace: b, name: c}\n`,
    found: ['DuplicateKey 3:35'],
    kept: 1,
  },
  'a key twice in an item': {
    text: `kind: List\nitems:\n- ${(sr + meta).trimEnd().replaceAll('\n', '\n  ')}\n  kind: ServiceRoute\n`,
    found: ['DuplicateKey 6:3'],
    kept: 1,
  },
  'items twice': {
    text: `kind: List\nitems:\n- ${(sr + meta).trimEnd().replaceAll('\n', '\n  ')}\nitems: []\n`,
    found: ['DuplicateKey 6:1'],
  },
  'a number twice': { text: `${sr}${meta}spec: {1: a, "1": b}\n`, found: ['DuplicateKey 4:14'], kept: 1 },
  'a key twice with an anchor': {
    text: `${sr}${meta}spec: &a {b: 1, b: 2}\n`,
    found: ['DuplicateKey 4:17'],
    kept: 1,
  },
  'a key twice in JSON': {
    text: `{"apiVersion": "routing.router.io/v1alpha1", "kind": "ServiceRoute",\n "metadata": {"name": "a", "namespace": "b",\n"name": "c"}}`,
    found: ['DuplicateKey 3:1'],
    says: 'the key name is there already, in line 2',
    kept: 1,
  },
  'a key twice in something else': { text: 'apiVersion: v1\nkind: Pod\na: 1\na: 2\n', found: [] },
  __proto__: { text: `${sr}${meta}spec:\n  __proto__: {a: 1}\n`, found: ['ForbiddenKey 5:3'] },
  '__proto__ in flow style': { text: `${sr}${meta}spec: {__proto__: 1}\n`, found: ['ForbiddenKey 4:8'] },
  '__proto__ in JSON': {
    text: `{"apiVersion": "routing.router.io/v1alpha1", "kind": "ServiceRoute", "spec": {"__proto__": 1}}`,
    found: ['ForbiddenKey 1:80'],
  },
  constructor: { text: `${sr}${meta}constructor: 1\n`, found: ['UnknownField 4:1'], kept: 1 },

  // Scalars that kubectl reads otherwise
  y: {
    text: 'apiVersion: cluster.router.io/v1alpha1\nkind: ClusterIdentity\nmetadata: {name: a}\nspec:\n  environmentLetter: y # yes\n',
    found: ['AmbiguousScalar 5:22'],
    says: 'kubectl reads y as true',
    hint: 'Put it in quotes where the text is meant: "y".',
    kept: 1,
  },
  'y in quotes': { text: route('a', { spec: "  x: 'y'\n" }), found: [], kept: 1 },
  several: {
    text: route('a', { spec: '  b: [n, OFF, oN]\n  c: {d: On, no: 1}\n  - yes\n' }).replace('  - yes\n', ''),
    found: [
      'AmbiguousScalar 11:7',
      'AmbiguousScalar 11:10',
      'AmbiguousScalar 12:10',
      'AmbiguousScalar 12:14',
    ],
    kept: 1,
  },
  octal: {
    text: route('a', { spec: '  ttl: 0100\n  b: 08\n  c: 1_000\n' }),
    found: ['AmbiguousScalar 11:8', 'AmbiguousScalar 13:6'],
    says: 'kubectl reads 0100 as the number 64',
    kept: 1,
  },
  'y where it is no business of ours': {
    text: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\nspec: {a: y}\n',
    found: [],
    kept: 1,
  },
  'y beside an anchor': {
    text: route('a', { spec: '  b: &c y\n' }),
    found: ['AmbiguousScalar 11:9'],
    kept: 1,
  },

  // What it is
  'another version': {
    text: route('a').replace('v1alpha1', 'v1'),
    found: ['UnknownVersion 1:1'],
    says: 'ServiceRoute has no version v1',
    hint: 'Write apiVersion: routing.router.io/v1alpha1.',
  },
  'a misspelt kind': {
    text: route('a').replace('ServiceRoute', 'ServiceRout'),
    found: ['UnknownKind 2:1'],
    hint: 'Did you mean ServiceRoute?',
  },
  'a strange kind in our group': {
    text: route('a').replace('ServiceRoute', 'Xyz'),
    found: ['UnknownKind 2:1'],
    hint: `Its kinds are ${kindsOf(routingGroup)}.`,
  },
  'the wrong one of our groups': {
    text: route('a').replace('routing', 'cluster'),
    found: ['UnknownGroup 1:1'],
    hint: 'Did you mean routing.router.io/v1alpha1?',
  },
  'a misspelt group': {
    text: route('a').replace('routing.router.io', 'routing.routr.io'),
    found: ['UnknownGroup 1:1'],
    hint: 'Did you mean routing.router.io/v1alpha1?',
  },
  'no group': { text: route('a').replace('routing.router.io/', ''), found: ['UnknownGroup 1:1'] },
  'a shared kind in a misspelt group': {
    text: 'apiVersion: router.io/v1alpha1\nkind: Gateway\n',
    found: ['UnknownGroup 1:1'],
  },
  'a shared kind of others': {
    text: 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n---\napiVersion: kuadrant.io/v1\nkind: DNSPolicy\n',
    found: [],
  },
  'our kind in a strange group': { text: 'apiVersion: example.com/v1\nkind: ServiceRoute\n', found: [] },
  'no apiVersion': {
    text: route('a').replace(/.*\n/, ''),
    found: ['NotAResource 1:1'],
    says: 'this ServiceRoute has no apiVersion',
    hint: 'Write apiVersion: routing.router.io/v1alpha1.',
  },
  'no kind': {
    text: `apiVersion: cluster.router.io/v1alpha1\n${meta}`,
    found: ['NotAResource 1:1'],
    hint: `The kinds of cluster.router.io are ${kindsOf(clusterGroup)}.`,
  },
  'kind is no text': { text: 'apiVersion: v1\nkind: [a]\n', found: ['NotAResource 2:1'] },
  neither: { text: '# values\nreplicas: 1\n', found: ['NotAResource 2:1'] },
  'a text': { text: 'hello\n', found: ['NotAResource 1:1'], says: 'this is a text, not a resource' },
  'a list': { text: '- a\n', found: ['NotAResource 1:3'], says: 'this is a list, not a resource' },
  'JSON that is a list': { text: '[1]', found: ['NotAResource 1:1'], says: 'this is a list, not a resource' },
  'an empty item': {
    text: 'kind: List\nitems:\n-\n- null\n',
    found: ['NotAResource 3:1', 'NotAResource 4:3'],
    says: 'this is empty, not a resource',
  },
  'an empty List': { text: 'kind: List\nitems: []\n---\nkind: List\nitems:\n', found: [] },
  'a kind that ends in List': { text: 'apiVersion: x.io/v1\nkind: AllowList\nspec: {}\n', found: [] },

  // Metadata
  'no metadata': { text: sr, found: ['InvalidMetadata 1:1'], says: 'there is no metadata' },
  'metadata is a text': { text: `${sr}metadata: a\n`, found: ['InvalidMetadata 3:1'] },
  'no name': {
    text: `${sr}metadata:\n  namespace: a\n`,
    found: ['InvalidMetadata 3:1'],
    says: 'metadata has no name',
  },
  generateName: {
    text: `${sr}metadata:\n  generateName: a-\n  namespace: b\n`,
    found: ['InvalidMetadata 3:1'],
    hint: 'Give it a fixed name; generateName is not supported.',
  },
  'a number as name': {
    text: `${sr}metadata:\n  name: 8080\n  namespace: b\n`,
    found: ['InvalidMetadata 4:3'],
    says: 'metadata.name must be a text and is the number 8080',
    hint: 'Put it in quotes: "8080".',
  },
  'an illegal name': {
    text: `${sr}metadata:\n  name: A_b\n  namespace: b\n`,
    found: ['InvalidMetadata 4:3'],
    says: 'metadata.name "A_b" must be lower-case letters, digits, hyphens and dots, and begin and end with a letter or digit',
  },
  'a long name': { text: route('a'.repeat(254)), found: ['InvalidMetadata 4:3'] },
  'a name of full length': { text: route('a'.repeat(253)), found: [], kept: 1 },
  'an illegal namespace': { text: route('a', { namespace: 'a.b' }), found: ['InvalidMetadata 5:3'] },
  'a label that is a number': {
    text: route('a', { metadata: '  labels:\n    port: 8080\n    on: true\n' }),
    found: ['InvalidMetadata 7:5', 'InvalidMetadata 8:5'],
    says: 'metadata.labels.port must be a text and is the number 8080',
    hint: 'Put it in quotes: "8080".',
  },
  'an illegal label': {
    text: route('a', { metadata: '  labels: {a: b c}\n' }),
    found: ['InvalidMetadata 6:12'],
  },
  'labels are a list': { text: route('a', { metadata: '  labels: [a]\n' }), found: ['InvalidMetadata 6:3'] },
  'an annotation that is a boolean': {
    text: route('a', { metadata: '  annotations:\n    a.io/b: true\n' }),
    found: ['InvalidMetadata 7:5'],
  },
  'an unknown field of metadata': {
    text: route('a', { metadata: '  label: {}\n' }),
    found: ['UnknownField 6:3'],
    says: 'there is no field metadata.label',
    hint: 'Did you mean labels?',
    kept: 1,
  },
  'an unknown field': {
    text: `${route('a')}specs: {}\n`,
    found: ['UnknownField 11:1'],
    hint: 'Did you mean spec?',
    kept: 1,
  },
  'all fields of metadata': {
    text: route('a', {
      metadata: `  generateName: a-
  labels: {a.b/c: D.e_f, g: ""}
  annotations: {a: "b c"}
  uid: "1"
  resourceVersion: "2"
  generation: 3
  creationTimestamp: 2024-01-01T00:00:00Z
  deletionTimestamp: 2024-01-01T00:00:00Z
  deletionGracePeriodSeconds: 0
  ownerReferences: [{apiVersion: v1, kind: Pod, name: a, uid: b, controller: true}]
  finalizers: [a]
  managedFields: []
  selfLink: /a
`,
    }),
    found: [],
    kept: 1,
  },
  'what other kinds have is their business': {
    text: 'apiVersion: v1\nkind: Service\nmetadata: {name: A_b, namespace: c, extra: 1}\nextra: 1\n',
    found: [],
    kept: 1,
  },
  'a Service without a name': {
    text: 'apiVersion: v1\nkind: Service\nmetadata: {}\n',
    found: ['InvalidMetadata 3:1'],
  },

  // Namespaces and duplicates
  'no namespace': {
    text: route('a', { namespace: '' }),
    found: ['MissingNamespace 3:1'],
    hint: 'Add metadata.namespace, or give one for all such resources with -n.',
  },
  'an empty namespace': { text: route('a', { namespace: '""' }), found: ['MissingNamespace 3:1'] },
  'a namespace on what has none': {
    text: 'apiVersion: cluster.router.io/v1alpha1\nkind: DNSConfiguration\nmetadata:\n  name: a\n  namespace: b\n',
    found: ['NamespaceIgnored 5:3'],
    kept: 1,
  },
  'the same twice': {
    text: `${route('a')}---\n${route('b')}---\n${route('a')}`,
    found: ['DuplicateResource 23:1'],
    says: 'ServiceRoute app1/a is there already, in <stdin>:1',
    kept: 2,
  },
  'the same in two versions': {
    text: ['v1', 'v1beta1', 'v1alpha3']
      .map(version => `apiVersion: networking.istio.io/${version}\nkind: Gateway\n${meta}`)
      .join('---\n'),
    found: ['DuplicateResource 5:1', 'DuplicateResource 9:1'],
    kept: 1,
  },
}

describe('findings', () => {
  for (const [name, row] of Object.entries(rows))
    test(name, async () => {
      const input = await readText(row.text)
      expect(briefs(input)).toEqual([...row.found])
      const [first] = input.findings
      if (row.says !== undefined) expect(first?.message).toBe(row.says)
      if (row.hint !== undefined) expect(first?.hint).toBe(row.hint)
      expect(input.objects.length).toBe(row.kept ?? 0)
      for (const { file } of input.findings) expect(file).toBe('<stdin>')
    })
})

test('the namespace given counts where a resource names none', async () => {
  const input = await readText(`${route('a', { namespace: '' })}---\n${route('b')}`, 'other')
  expect(keys(input)).toEqual(['ServiceRoute other/a', 'ServiceRoute app1/b'])
  expect(briefs(input)).toEqual([])
})

test('findings name the resource', async () => {
  const { findings } = await readText(route('a', { metadata: '  label: {}\n' }))
  expect(findings[0]?.resource).toEqual({
    apiVersion: 'routing.router.io/v1alpha1',
    kind: 'ServiceRoute',
    namespace: 'app1',
    name: 'a',
  })
})

test('other kinds are counted', async () => {
  const pod = 'apiVersion: v1\nkind: Pod\n'
  const { skipped } = await readText(`${pod}---\n${pod}---\napiVersion: apps/v1\nkind: Deployment\n`)
  expect([...skipped]).toEqual([
    ['Pod', 2],
    ['apps/Deployment', 1],
  ])
})

test('the apiVersion of an Istio Gateway stays', async () => {
  const { objects } = await readText(`apiVersion: networking.istio.io/v1beta1\nkind: Gateway\n${meta}`)
  expect(objects[0]?.apiVersion).toBe('networking.istio.io/v1beta1')
})

test('nothing is polluted', async () => {
  await readText(
    `a: {__proto__: {polluted: 1}}\n---\n__proto__: {polluted: 1}\n---\n${route('a', { metadata: '  labels: {__proto__: {polluted: 1}}\n' })}`,
  )
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})

describe('no router resources', () => {
  test('none', async () => {
    const finding = noRouterResources(
      await readText('apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n'),
    )
    expect(finding?.code).toBe('NoRouterResources')
    expect(finding?.severity).toBe('error')
  })
  test('one', async () => expect(noRouterResources(await readText(route('a')))).toBeUndefined())
})
