import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import fc from 'fast-check'
import * as v from 'valibot'
import { Document, type Node, Pair, Scalar, visit, YAMLMap, YAMLSeq } from 'yaml'
import { scanJson } from '../../src/source/files/json/scan.ts'
import { countKeys } from '../../src/source/files/measure.ts'
import { checkMetadata } from '../../src/source/files/metadata.ts'
import { ourMeta } from '../../src/source/files/metadata-schema.ts'
import { Census } from '../../src/source/files/yaml/census.ts'
import { eachDocument } from '../../src/source/files/yaml/documents.ts'
import { analyse, findInDocument, parseExact } from '../../src/source/files/yaml/exact.ts'
import { findInBlock } from '../../src/source/files/yaml/find.ts'
import { scan } from '../../src/source/files/yaml/scan.ts'
import { briefs, readText } from './support.ts'

// Hundreds of documents, through two parsers each: on a busy machine that takes more than the usual five seconds.
setDefaultTimeout(60_000)

const parsed = (text: string): unknown => {
  try {
    return Bun.YAML.parse(text)
  } catch {
    return undefined
  }
}

/** Whether the reader would take the document without asking `yaml`. */
const isSure = (text: string): boolean => {
  const value = parsed(text)
  if (typeof value !== 'object' || value === null) return false
  const census = new Census(text)
  return scan(text, 0, text.length, census) === 'usual' && countKeys(value) === census.keys
}

const manifest = `apiVersion: v1
metadata:
  name: "svc"
  labels: {a: b, "c": 'd'}
  annotations:
    note: |
      a: b
      c: d
    text: >-
      foo
      bar
    long: this is
      a plain scalar
    q: "multi
      line: x"
spec:
  list:
  - name: a
    value: b
  - - x
    - y: 1
  - [a, {b: c}, "d: e"]
  other:
    - a # comment
    -
      b: c
    - |
     block: x
    - 'it''s'
  empty:
  last: {a: [b: c], d: {e: f}}
`
const flows = `a: {b: 1, c: [d, e: f, "g": h], i: j, k: {}}
l: [{m: n, o: p}, [q, {r: s}]]
x:
  - {a: b, c: "d, e: f"}
  - {g: 'h: i', j: k} # l: m
  - p: "q\\"" # r
    s: {t: u,
      v: w}
`

/** Pieces of YAML that change what is around them. */
const pieces = fc.constantFrom(
  ...[
    'a: b',
    'a:',
    ': ',
    '- ',
    '  ',
    ' ',
    '\n',
    '\n  ',
    '\n    ',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    '#',
    ' #',
  ],
  ...[
    '|',
    '>',
    '|-',
    '\t',
    '? ',
    '&x ',
    '*x',
    '!t ',
    'b',
    '\n  name: q',
    '\na: 2',
    '\r\n',
    '\\',
    '<<: ',
    '{a,',
  ],
  ...[
    '?a',
    '"a":1',
    ':b',
    '{}',
    '}, ',
    '1',
    'null',
    '~',
    '{a: 1, a: 2}',
    '::',
    '\n\n',
    'key: "x\n',
    '\n- a\n',
  ],
)
const edit = fc.oneof(
  fc.record({ insert: pieces, at: fc.nat() }),
  fc.record({ cut: fc.integer({ min: 1, max: 6 }), at: fc.nat() }),
  fc.record({ copyLine: fc.nat(), at: fc.nat() }),
  fc.record({ indent: fc.nat({ max: 6 }), at: fc.nat() }),
)
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never

const edited = (text: string, change: Edit): string => {
  const at = change.at % (text.length + 1)
  if ('insert' in change) return text.slice(0, at) + change.insert + text.slice(at)
  if ('cut' in change) return text.slice(0, at) + text.slice(at + change.cut)
  const lines = text.split('\n')
  const line = change.at % lines.length
  if ('copyLine' in change) lines.splice(line, 0, lines[change.copyLine % lines.length] ?? '')
  else lines[line] = ' '.repeat(change.indent) + (lines[line] ?? '').trimStart()
  return lines.join('\n')
}

test('what passes without `yaml` has no key twice', () => {
  let sure = 0
  fc.assert(
    fc.property(
      fc.constantFrom(manifest, flows),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      (text, edits) => {
        const document = edits.reduce(edited, text)
        if (/^(---|\.\.\.|%)/m.test(document) || !isSure(document)) return
        sure++
        expect(analyse(parseExact(document), document).duplicates).toEqual([])
      },
    ),
    { numRuns: 6000 },
  )
  expect(sure).toBeGreaterThan(200)
})

/** Maps, lists and scalars in any of YAML's styles. */
const key = fc.oneof(
  fc.constantFrom('a', 'b', 'c d', 'e: f', 'g #', '8', 'true', "'", '- x', ''),
  fc.string(),
)
const scalar = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    'a: b',
    'x\n  y: z\n',
    '# a',
    ' lead',
    'trail ',
    'yes',
    '{a',
    "it's",
    '"',
    '\ta',
    '*a',
    '&b',
  ),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
)
const styles = ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const
const legal = (text: unknown): boolean =>
  typeof text !== 'string' ||
  !/[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff\u2028\u2029]/.test(text)
/** The key of a merge is another thing, with tests of its own; of one that merges no map the two think differently. */
const isKey = (name: unknown): boolean => legal(name) && name !== '<<'
const value = fc.letrec<{ node: Node }>(tie => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(scalar.filter(legal), fc.constantFrom(...styles)).map(([content, type]) => {
      const made = new Scalar(content)
      if (typeof content === 'string') made.type = type
      return made
    }),
    fc
      .tuple(
        fc.uniqueArray(key.filter(isKey), { maxLength: 4 }),
        fc.array(tie('node'), { minLength: 4, maxLength: 4 }),
        fc.boolean(),
      )
      .map(([keys, values, flow]) => {
        const map = new YAMLMap<Node, Node>()
        for (const [index, name] of keys.entries())
          map.items.push(new Pair(new Scalar(name), values[index] as Node))
        map.flow = flow
        return map
      }),
    fc.tuple(fc.array(tie('node'), { maxLength: 4 }), fc.boolean()).map(([values, flow]) => {
      const seq = new YAMLSeq<Node>()
      seq.items.push(...values)
      seq.flow = flow
      return seq
    }),
  ),
})).node

const written = (node: Node, indentSeq: boolean): string => {
  const document = new Document()
  // Objects are maps; and what YAML says of a scalar that is a whole document matters to nobody.
  const root = new YAMLMap<Node, Node>()
  root.items.push(new Pair(new Scalar('spec'), node))
  document.contents = root as never
  return document.toString({ indentSeq, lineWidth: 60 })
}

describe('generated documents', () => {
  test('Bun.YAML and `yaml` read the same', () => {
    fc.assert(
      fc.property(value, fc.boolean(), (node, indentSeq) => {
        const text = written(node, indentSeq)
        const exact = parseExact(text)
        if (exact.errors.length > 0) return
        expect(parsed(text)).toEqual(exact.toJS())
      }),
      { numRuns: 2000 },
    )
  })

  test('places are the same', () => {
    fc.assert(
      fc.property(value, fc.boolean(), fc.nat(), (node, indentSeq, chosen) => {
        const text = written(node, indentSeq)
        const paths = pathsOf(parsed(text))
        const path = paths[chosen % paths.length] ?? []
        if (path.length === 0) return
        const found = findInBlock(text, 0, text.length, path)
        if (found !== undefined) expect(found).toBe(findInDocument(parseExact(text), path) ?? -1)
      }),
      { numRuns: 2000 },
    )
  })

  test('a key twice is found wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        value,
        fc.boolean(),
        fc.nat(),
        scalar.filter(legal),
        async (node, indentSeq, chosen, again) => {
          const maps: YAMLMap[] = []
          visit(node, { Map: (_, map) => void (map.items.length > 0 && maps.push(map)) })
          const map = maps[chosen % maps.length]
          if (map === undefined) return
          const twice = map.items[chosen % map.items.length]?.key as Scalar
          map.items.push(new Pair(new Scalar(twice.value), new Scalar(again)))
          const body = written(node, indentSeq).replaceAll(/^(?=.)/gm, '  ')
          const text = `apiVersion: routing.router.io/v1alpha1\nkind: ServiceRoute\nmetadata: {name: a, namespace: b}\nspec:\n${body}`
          if (parsed(text) === undefined) return
          expect(
            briefs(await readText(text)).filter(code => /^(DuplicateKey|ParseError|ForbiddenKey)/.test(code)),
          ).not.toEqual([])
        },
      ),
      { numRuns: 2000 },
    )
  })
})

const pathsOf = (node: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] =>
  typeof node !== 'object' || node === null
    ? [path]
    : [
        path,
        ...Object.entries(node).flatMap(([step, child]) =>
          pathsOf(child, [...path, Array.isArray(node) ? Number(step) : step]),
        ),
      ]

test('documents are told apart as Bun.YAML does', () => {
  const documents = fc.constantFrom(
    'a: 1\n',
    'b: |\n  ---\n  x\n',
    '- c\n',
    'd: "\n  ---"\n',
    '# e\nf: 2\n',
    'g: ---\n',
    '---x: 1\n',
    '--- {a: [b,\nc]}\n',
    '--- [d] # e\n',
    '--- !!str f\n',
    '--- |\n g\n',
    '--- # h\ni: 1\n',
    'h: ...\n',
  )
  const separators = fc.constantFrom(
    '---\n',
    '--- \n',
    '---\t\n',
    '--- # x\n',
    '...\n---\n',
    '---\n# y\n\n',
    '...\n# z\n---\n',
    '---\r\n',
    '...\n...\n---\n',
    '--- # %x\n',
  )
  fc.assert(
    fc.property(
      fc.array(fc.tuple(separators, documents), { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      (parts, bare) => {
        const all = parts.map(([separator, document]) => separator + document).join('')
        // A first document makes sure that the whole is read as several.
        const text = `x: 0\n${bare ? '---\n' : ''}${all}`
        const slices: unknown[] = []
        eachDocument(text, (start, end) => slices.push(parsed(text.slice(start, end))))
        const whole = parsed(text) as unknown[]
        expect(slices).toEqual(whole.filter(document => document !== null))
      },
    ),
  )
})

test('keys in JSON are counted', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2), (text, indent) => {
      const content: unknown = JSON.parse(text)
      const written = JSON.stringify(content, null, indent)
      const counted = typeof content === 'object' && content !== null ? countKeys(content) : 0
      if (counted >= 0) expect(scanJson(written).keys).toBe(counted)
    }),
  )
})

test('metadata with nothing but names is checked as the schema does', () => {
  const text = fc.oneof(
    fc.stringMatching(/^[a-z0-9.-]{0,5}$/),
    fc.constantFrom('a'.repeat(64), 'a'.repeat(254)),
    fc.integer(),
  )
  fc.assert(
    fc.property(fc.record({ name: text, namespace: text }, { requiredKeys: [] }), metadata => {
      expect(checkMetadata(metadata, true).metadata !== undefined).toBe(v.is(ourMeta, metadata))
    }),
  )
})
