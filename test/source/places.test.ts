import { describe, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import type { FieldPath, Finding } from '../../src/engine/finding.ts'
import { locate } from '../../src/source/files/index.ts'
import { readPaths, readText, route, withFolder } from './support.ts'

const meta = 'metadata: {name: a, namespace: b}'
const head = 'apiVersion: routing.router.io/v1alpha1\nkind: Gateway'

/** The document, a path in it, and the line and column that are expected. */
const fields: Readonly<Record<string, readonly [string, FieldPath, string]>> = {
  'the object': [`\n# x\n${head}\n${meta}\n`, [], '3:1'],
  'an indented object': [`  ${`${head}\n${meta}`.replaceAll('\n', '\n  ')}\n`, [], '1:3'],
  'a field': [`${head}\n${meta}\nspec:\n  a: 1\n  b: 2\n`, ['spec', 'b'], '6:3'],
  'a field that is missing': [`${head}\n${meta}\nspec:\n  a: 1\n`, ['spec', 'c'], '4:1'],
  'a field at the top that is missing': [`# x\n${head}\n${meta}\n`, ['spec', 'c'], '2:1'],
  'an item': [`${head}\n${meta}\nspec:\n  a:\n    - x\n    - y\n`, ['spec', 'a', 1], '7:7'],
  'an item that is missing': [`${head}\n${meta}\nspec:\n  a:\n    - x\n`, ['spec', 'a', 1], '5:3'],
  'an item at the column of its key': [
    `${head}\n${meta}\nspec:\n  a:\n  - x\n  - y: 1\n    z: 2\n`,
    ['spec', 'a', 1, 'z'],
    '8:5',
  ],
  'an item of an item': [`${head}\n${meta}\nspec:\n  - - a\n    - b: 1\n`, ['spec', 0, 1, 'b'], '6:7'],
  'an empty item': [`${head}\n${meta}\nspec:\n  -\n    a: 1\n`, ['spec', 0], '5:3'],
  'a field in flow style': [`${head}\n${meta}\nspec: {a: 1, b: {c: 2}}\n`, ['spec', 'b', 'c'], '4:18'],
  'a field in metadata in flow style': [`${head}\n${meta}\n`, ['metadata', 'namespace'], '3:21'],
  'an item in flow style': [`${head}\n${meta}\nspec:\n  a: [x, y]\n`, ['spec', 'a', 1], '5:10'],
  'a quoted key': [`${head}\n${meta}\nspec:\n  "a": 1\n  'b': 2\n`, ['spec', 'b'], '6:3'],
  'a quoted key with an escape': [`${head}\n${meta}\nspec:\n  "\\x62": 2\n`, ['spec', 'b'], '5:3'],
  'a key that is in a block scalar before': [
    `${head}\n${meta}\nx: |\n  spec:\n    a: 1\nspec:\n  a: 1\n`,
    ['spec', 'a'],
    '8:3',
  ],
  'a key that is in a quoted scalar before': [
    `${head}\n${meta}\nx: "\n  spec:\n    a: 1"\nspec:\n  a: 1\n`,
    ['spec', 'a'],
    '8:3',
  ],
  'a key of the same name elsewhere': [
    `${head}\n${meta}\nx:\n  a: 1\nspec:\n  y:\n    a: 1\n  a: 1\n`,
    ['spec', 'a'],
    '9:3',
  ],
  'a field behind an alias': [`${head}\n${meta}\nx: &x {a: 1}\nspec: *x\n`, ['spec', 'a'], '4:8'],
  'a tagged field': [`${head}\n${meta}\nspec:\n  a: !!str 1\n  b: 2\n`, ['spec', 'b'], '6:3'],
  'with line ends of Windows': [
    `${head}\n${meta}\nspec:\n  a: 1\n  b: 2\n`.replaceAll('\n', '\r\n'),
    ['spec', 'b'],
    '6:3',
  ],
  'behind a byte order mark': [`\uFEFF${head}\n${meta}\n`, [], '1:1'],
  'after a document': [`${route('x')}---\n# y\n${head}\n${meta}\nspec:\n  b: 2\n`, ['spec', 'b'], '17:3'],
  'on the marker': [`--- {${`${head}\n${meta}`.replaceAll('\n', ', ')}}\n`, [], '1:5'],
  'an item of a List': [`kind: List\nitems:\n- ${`${head}\n${meta}`.replaceAll('\n', '\n  ')}\n`, [], '3:3'],
  'a field in an item of a List': [
    `items:\n  - x\n  - ${`${head}\n${meta}\nspec:\n  b: 1`.replaceAll('\n', '\n    ')}\nkind: List\n`,
    ['spec', 'b'],
    '7:7',
  ],
  'an item of a List with an anchor': [
    `kind: List\nmetadata: &x {}\nitems:\n- ${`${head}\n${meta}\nspec: 1`.replaceAll('\n', '\n  ')}\n`,
    ['spec'],
    '7:3',
  ],
  'an item of a List in flow style': [
    `kind: List\nitems: [{a: 1},\n  {${`${head}\n${meta}`.replaceAll('\n', ', ')}}]\n`,
    ['metadata'],
    '3:59',
  ],
  'an item of a List in a List': [
    `kind: List\nitems:\n- kind: List\n  items:\n  - ${`${head}\n${meta}`.replaceAll('\n', '\n    ')}\n`,
    ['metadata'],
    '7:5',
  ],
  JSON: [
    `\n{"apiVersion": "routing.router.io/v1alpha1", "kind": "Gateway",\n "metadata": {"name": "a", "namespace": "b"}}`,
    ['metadata', 'namespace'],
    '3:28',
  ],
  'the start of JSON': [
    `\n  {"apiVersion": "routing.router.io/v1alpha1", "kind": "Gateway",\n "metadata": {"name": "a", "namespace": "b"}}`,
    [],
    '2:3',
  ],
  'an item of a List in JSON': [
    `{"x": {"items": [{}]}, "kind": "List", "items": [\n1,\n  {"apiVersion": "routing.router.io/v1alpha1", "kind": "Gateway",\n "metadata": {"name": "a}", "namespace": "b"}}]}`.replace(
      'a}',
      'a',
    ),
    ['metadata'],
    '4:2',
  ],
  'an item of an array in JSON': [
    `{"kind": "List", "items": [{"apiVersion": "routing.router.io/v1alpha1", "kind": "Gateway", "metadata": {"name": "a", "namespace": "b"},\n"spec": [1,\n 2]}]}`,
    ['spec', 1],
    '3:2',
  ],
}

describe('places', () => {
  for (const [name, [text, path, expected]] of Object.entries(fields))
    test(name, async () => {
      const { objects, places } = await readText(text)
      const object = objects.find(({ kind }) => kind === 'Gateway') as KubeObject
      const place = path.length === 0 ? places.start(object) : places.field(object, path)
      expect(`${place?.line}:${place?.column}`).toBe(expected)
    })
})

test('an object from elsewhere has no place', async () => {
  const { places } = await readText(route('a'))
  const other = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } }
  expect(places.start(other)).toBeUndefined()
  expect(places.field(other, ['metadata'])).toBeUndefined()
})

test('locate puts findings at their places, in the order of the files', () =>
  withFolder({ 'b.yaml': `${route('b')}---\n${route('c')}`, 'a.yaml': route('a') }, async folder => {
    const { objects, places } = await readPaths([`${folder}/b.yaml`, `${folder}/a.yaml`])
    const [b, c, a] = objects
    const finding = { code: 'X', severity: 'error', message: '', hint: '' } as const
    const findings: Finding[] = [
      { ...finding, subject: c as KubeObject, path: ['spec', 'gatewayName'] },
      { ...finding, subject: b as KubeObject },
      finding,
      {
        ...finding,
        subject: a as KubeObject,
        path: ['status'],
        resource: { apiVersion: 'v1', kind: 'K', name: 'n' },
      },
    ]
    expect(locate(findings, places)).toEqual([
      finding,
      {
        ...finding,
        resource: { apiVersion: 'v1', kind: 'K', name: 'n' },
        file: `${folder}/a.yaml`,
        line: 1,
        column: 1,
      },
      { ...finding, file: `${folder}/b.yaml`, line: 1, column: 1 },
      { ...finding, file: `${folder}/b.yaml`, line: 19, column: 3 },
    ])
  }))
