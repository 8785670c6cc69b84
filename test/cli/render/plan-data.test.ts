import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { parse } from 'yaml'
import { joined } from '../../../src/cli/render/chunks.ts'
import { value } from '../../../src/cli/render/document.ts'
import { jsonText } from '../../../src/cli/render/json.ts'
import { planJson } from '../../../src/cli/render/plan/json.ts'
import type { PlanReport } from '../../../src/cli/render/plan/report.ts'
import { planYaml } from '../../../src/cli/render/plan/yaml.ts'
import { yamlText } from '../../../src/cli/render/yaml.ts'
import { goldens } from '../../lib/golden.ts'
import { large, plans } from './plans.ts'

const golden = goldens('render-plan-data')

const json = (report: PlanReport): string => joined(planJson(report))
const yaml = (report: PlanReport): string => joined(planYaml(report))

/** What a terminal acts on; a newline is the only control character that a document may have. */
const risky = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/

for (const [name, report] of Object.entries(plans)) {
  describe(name, () => {
    test('as JSON', () => golden(`${name}.json`, json(report)))
    test('as YAML', () => golden(`${name}.yaml`, yaml(report)))
    test('is the same data in both', () => {
      const data: unknown = JSON.parse(json(report))
      expect(parse(yaml(report))).toEqual(data)
      expect(parse(yaml(report), { version: '1.1' })).toEqual(data)
      expect(Bun.YAML.parse(yaml(report))).toEqual(data)
    })
    test('is safe to print', () => {
      expect(json(report)).not.toMatch(risky)
      expect(yaml(report)).not.toMatch(risky)
    })
  })
}

test('the keys are those of the format, in its order', () => {
  const { records, objects, findings, ...plan } = JSON.parse(
    json({ ...plans.ordinary, findings: plans.held.findings }),
  )
  expect(Object.keys(plan)).toEqual([
    'formatVersion',
    'timestamp',
    'cluster',
    'applyable',
    'complete',
    'summary',
  ])
  expect(plan.formatVersion).toBe('1.0')
  expect(Object.keys(plan.summary)).toEqual(['add', 'change', 'delete', 'unchanged', 'held'])
  expect(Object.keys(records[0])).toEqual([
    'action',
    'held',
    'zone',
    'controller',
    'name',
    'type',
    'ttl',
    'targets',
    'before',
    'source',
    'reason',
  ])
  expect(Object.keys(records[0].source)).toEqual(['apiVersion', 'kind', 'namespace', 'name', 'file', 'line'])
  expect(Object.keys(objects[0])).toEqual([
    'action',
    'apiVersion',
    'kind',
    'namespace',
    'name',
    'before',
    'after',
    'reason',
  ])
  expect(Object.keys(findings[0])).toEqual([
    'code',
    'severity',
    'message',
    'hint',
    'resource',
    'file',
    'line',
    'column',
  ])
})

test('what is undefined is left out', () => {
  const document = [
    ['a', value(undefined)],
    ['b', value({ c: undefined, d: [] })],
    ['e', value({ f: undefined })],
  ] as const
  expect(JSON.parse(joined(jsonText(document)))).toEqual({ b: { d: [] }, e: {} })
  expect(parse(joined(yamlText(document)))).toEqual({ b: { d: [] }, e: {} })
})

test('a record is one line of JSON', () => {
  expect(json(large(100)).split('\n')).toHaveLength(100 + 13)
})

describe('YAML', () => {
  const document = (data: unknown): string => joined(yamlText([['data', value(data)]]))

  const words = [
    'yes',
    'No',
    'NULL',
    '~',
    '',
    'e1',
    '1e5',
    '0x1f',
    '0o17',
    '1_000',
    '1:20',
    '2020-01-01',
    '.inf',
    '=',
  ]
  const signs = [
    '<<',
    '- a',
    'a: b',
    'a #b',
    ' a',
    'a ',
    '!x',
    '&a',
    '*a',
    '|',
    '>',
    '%a',
    '@a',
    '{a',
    '[a',
    "'",
    '"',
  ]
  test.each([...words, ...signs, 'a\nb\n', '\t', '\u001b', '\u0085', '\u2028', '\ufeff', '日本', 'a (b), c'])(
    '%j is a string to every reader',
    text => {
      const data = { data: { [text]: [text, { deep: text }] } }
      const written = document(data.data)
      expect(parse(written)).toEqual(data)
      expect(parse(written, { version: '1.1' })).toEqual(data)
      // Bun takes the key "<<" for a merge even where it is quoted.
      if (text !== '<<') expect(Bun.YAML.parse(written)).toEqual(data)
    },
  )

  test('any JSON comes back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), data => {
        expect(parse(document(data))).toEqual({ data: JSON.parse(JSON.stringify(data)) })
      }),
    )
  })
})
