import { describe, expect, test } from 'bun:test'
import { briefs, keys, readText, route } from './support.ts'

const item = (text: string, indent = ''): string =>
  `${indent}- ${text.trimEnd().replaceAll('\n', `\n${indent}  `)}\n`
const list = (...items: string[]): string =>
  `apiVersion: v1\nitems:\n${items.join('')}kind: List\nmetadata: {}\n`
const json = (text: string): unknown => Bun.YAML.parse(text)
const both = ['ServiceRoute app1/a', 'ServiceRoute app1/b']

/** How the same two routes can be written down. */
const forms: Readonly<Record<string, string>> = {
  documents: `${route('a')}---\n${route('b')}`,
  'documents with empty ones': `---\n---\n# nothing\n---\n${route('a')}\n---\n\n---\n${route('b')}---\n`,
  'comments behind markers': `--- # first\n${route('a')}--- # second\n${route('b')}`,
  'document ends': `${route('a')}...\n---\n${route('b')}...\n`,
  'document ends without a start': `${route('a')}...\n${route('b')}`,
  directives: `%YAML 1.2\n---\n${route('a')}...\n%YAML 1.2\n---\n${route('b')}`,
  'a comment before a directive': `# x\n%YAML 1.2\n# y\n---\n${route('a')}---\n${route('b')}`,
  'a byte order mark': `\uFEFF${route('a')}---\n${route('b')}`,
  'joined files with byte order marks': `\uFEFF${route('a')}---\n\uFEFF${route('b')}`,
  'line ends of Windows': `${route('a')}---\n${route('b')}`.replaceAll('\n', '\r\n'),
  'line ends of old Macs': `${route('a')}---\n${route('b')}`.replaceAll('\n', '\r'),
  'a marker in a block scalar': `${route('a', { metadata: '  annotations:\n    x: |\n      ---\n      kind: b\n' })}---\n${route('b')}`,
  'a document on its marker': `--- ${JSON.stringify(json(route('a')))}\n---\n${route('b')}`,
  'flow style': `{${JSON.stringify(json(route('a'))).slice(1)}\n---\n${JSON.stringify(json(route('b')))}\n`,
  'a List': list(item(route('a')), item(route('b'))),
  'an indented List': list(item(route('a'), '  '), item(route('b'), '  ')),
  'a List with comments': list('# x\n', item(route('a')), '\n# y\n', item(route('b')), '# z\n'),
  'a List in a List': list(item(list(item(route('a')))), item(route('b'))),
  'a List in flow style': `kind: List\napiVersion: v1\nitems: [${[route('a'), route('b')].map(text => JSON.stringify(json(text))).join(', ')}]\n`,
  'a List and a document': `${list(item(route('a')))}---\n${route('b')}`,
  'a typed list': `kind: ServiceRouteList\napiVersion: routing.router.io/v1alpha1\nitems:\n${[
    route('a'),
    route('b'),
  ]
    .map(text => item(text.split('\n').slice(2).join('\n')))
    .join('')}`,
  JSON: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [json(route('a')), json(route('b'))] }),
  'indented JSON': `\n ${JSON.stringify({ kind: 'List', items: [json(route('a')), json(route('b'))], apiVersion: 'v1' }, null, 2)}`,
  'JSON in JSON': JSON.stringify({
    kind: 'List',
    items: [{ kind: 'List', items: [json(route('a'))] }, json(route('b'))],
  }),
  'JSON with a trailing comma, which is YAML': `{"kind": "List", "items": [${[route('a'), route('b')].map(text => JSON.stringify(json(text))).join()},]}`,
  anchors: `${route('a', { spec: '' }).replace('environment: prod', 'environment: &e prod').replace('application: app1', 'application: *e')}---\n${route('b')}`,
  merges: `${route('a')}---\n${route('b').replace('  name: b\n  namespace: app1\n', '  <<: {name: b, namespace: app1}\n')}`,
  'explicit keys and tags': `${route('a').replace('  name: a', '  ? name\n  : !!str a')}---\n${route('b')}`,
  'managed fields and nulls': `${route('a', { metadata: '  managedFields: [{manager: x}]\n  creationTimestamp: null\n' })}---\n${route('b', { metadata: '  labels:\n' })}`,
}

describe('the same two routes', () => {
  for (const [name, text] of Object.entries(forms))
    test(name, async () => {
      const input = await readText(text)
      expect(briefs(input)).toEqual([])
      expect(keys(input)).toEqual(both)
      expect(input.files).toBe(1)
      expect(input.objects[1]).toEqual(json(route('b')) as (typeof input.objects)[1])
    })
})

test('managedFields and nulls of metadata are dropped', async () => {
  const { objects } = await readText(
    route('a', { metadata: '  managedFields: [{manager: x}]\n  creationTimestamp: null\n' }),
  )
  expect(objects[0]?.metadata).toEqual({ name: 'a', namespace: 'app1' })
})

test('a scalar over several lines keeps its value with the line ends of Windows', async () => {
  const text = route('a', {
    metadata: '  annotations:\n    x: "one\n      two"\n    y: |\n      one\n      two\n',
  })
  const { objects } = await readText(text.replaceAll('\n', '\r\n'))
  expect(objects[0]?.metadata.annotations).toEqual({ x: 'one two', y: 'one\ntwo\n' })
})

test('nothing at all', async () => {
  for (const text of ['', '\n\n', '# only a comment', '---\n---\n', 'null\n', '\uFEFF'])
    expect(briefs(await readText(text))).toEqual([])
})
