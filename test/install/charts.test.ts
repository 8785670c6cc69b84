import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { charts } from '../../scripts/charts/charts.ts'
import {
  collectionOf,
  conditional,
  extended,
  hole,
  linesOf,
  merge,
  type Node,
  replaced,
} from '../../scripts/charts/template.ts'

const folder = join(import.meta.dirname, '../../charts')

describe('charts/ is what scripts/generate writes', () => {
  test('and what is written by hand', () => {
    const present = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    expect(present.filter(path => !charts.has(path)).sort()).toEqual([
      'srouter-routes/templates/dns-policy.yaml',
      'srouter-routes/templates/service-routes.yaml',
      'srouter/templates/NOTES.txt',
      'srouter/templates/_helpers.tpl',
    ])
  })

  test.each([...charts])('%s', (path, text) => expect(readFileSync(join(folder, path), 'utf8')).toBe(text))
})

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: unknown
}

/** Down to what is Kubernetes' own. */
const pathsOf = ({ properties = {}, additionalProperties }: Schema, at = ''): readonly string[] =>
  additionalProperties === false
    ? Object.entries(properties).flatMap(([name, below]) =>
        pathsOf(below, at === '' ? name : `${at}.${name}`),
      )
    : [at]

test('docs/installation.md names every value', () => {
  const documented = readFileSync(join(folder, '../docs/installation.md'), 'utf8')
  const paths = pathsOf(JSON.parse(charts.get('srouter/values.schema.json') ?? '') as Schema)
  expect(paths).toContain('metrics.serviceMonitor.enabled')
  const missing = paths.filter(path => path !== 'global' && !documented.includes(`\`${path}\``))
  expect(missing).toEqual([])
})

describe('a template', () => {
  const text = (node: Node): string => linesOf(node).join('\n')
  const values = (name: string): Node => ({ kind: 'block', expression: `toYaml .Values.${name}` })

  test('is YAML', () => {
    const data = {
      a: { b: [1, 'on', ''], c: [], d: {}, e: null },
      f: 'x: y',
      g: '0.1',
      h: [{ i: [true], j: 'k' }],
    }
    expect(Bun.YAML.parse(text(collectionOf(data)))).toEqual(data)
  })

  test('has what is filled', () => {
    const tree = replaced(collectionOf({ a: `x-${hole('.B')}`, c: { d: 1 } }), 'c.d', values('d'))
    expect(text(tree)).toBe('a: "x-{{ .B }}"\nc:\n  d:\n    {{- toYaml .Values.d | nindent 4 }}')
  })

  test('has what is more when an option is on, neighbours together', () => {
    const off = collectionOf({ a: ['x'], c: { d: 1 } })
    const on = collectionOf({ a: ['x', 'v', 'w'], b: { e: 1 }, c: { d: 1 } })
    expect(text(merge(off, on, '.On'))).toBe(
      [
        ...['a:', '  - x', '  {{- if .On }}', '  - v', '  - w', '  {{- end }}'],
        ...['{{- if .On }}', 'b:', '  e: 1', '{{- end }}', 'c:', '  d: 1'],
      ].join('\n'),
    )
  })

  test.each<[off: object, on: object, said: string]>([
    [{ a: 1 }, { a: 2 }, '"x" would change .a, and can only add'],
    [{ a: [1] }, { a: { b: 1 } }, '"x" would change .a, and can only add'],
    [{ a: 1, b: 1 }, { b: 1 }, '"x" would take something away from '],
    [{ a: { b: [1, 2] } }, { a: { b: [1] } }, '"x" would take something away from .a.b'],
  ])('cannot be made of %j and %j', (off, on, said) => {
    expect(() => merge(collectionOf(off), collectionOf(on), 'x')).toThrow(said)
  })

  test('knows objects by their kinds', () => {
    const tree = collectionOf([{ kind: 'A' }, { kind: 'B', c: ['d'] }])
    const longer = extended(tree, 'B.c', { node: values('more'), when: '.Values.more' })
    expect(text(conditional(longer, '0', '.A'))).toBe(
      [
        ...['{{- if .A }}', '- kind: A', '{{- end }}', '- kind: B', '  c:', '    - d'],
        ...['    {{- if .Values.more }}', '    {{- toYaml .Values.more | nindent 4 }}', '    {{- end }}'],
      ].join('\n'),
    )
    expect(() => replaced(tree, 'C.c', values('x'))).toThrow('there are 0 of C')
  })
})
