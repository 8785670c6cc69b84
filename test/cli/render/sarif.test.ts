import { describe, expect, test } from 'bun:test'
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { joined } from '../../../src/cli/render/chunks.ts'
import type { FindingsReport } from '../../../src/cli/render/findings/report.ts'
import { findingsSarif } from '../../../src/cli/render/findings/sarif.ts'
import { hostileReport, mixed, reports } from './reports.ts'

// The schema is draft 4, of which it uses nothing that later drafts read otherwise, except for these two keys.
const { $schema: _draft, id: _id, ...draft } = schema
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
addFormats(ajv)
const valid = ajv.compile(draft)

const sarif = (report: FindingsReport) => JSON.parse(joined(findingsSarif(report)))

for (const [name, report] of Object.entries(reports))
  test(`${name} is valid`, () => {
    valid(sarif(report))
    expect(valid.errors ?? []).toEqual([])
  })

test('the schema sees what is wrong', () => {
  expect(valid({ ...sarif(mixed), version: '2.0.0' })).toBe(false)
})

describe('what code scanning insists on', () => {
  test.each([mixed, hostileReport])('every result has a rule and a place %#', report => {
    const [run] = sarif(report).runs
    const { rules } = run.tool.driver
    for (const result of run.results) {
      expect(rules[result.ruleIndex].id).toBe(result.ruleId)
      expect(result.locations[0].physicalLocation.artifactLocation.uri).not.toBe('')
    }
    for (const rule of rules) {
      expect(rule.shortDescription.text).not.toBe('')
      expect(rule.fullDescription.text).not.toBe('')
      expect(rule.help.text).not.toBe('')
    }
  })
})

test('paths are relative and percent-encoded', () => {
  const uris = sarif(mixed).runs[0].results.map(
    (result: { locations: { physicalLocation: { artifactLocation: object } }[] }) =>
      result.locations[0]?.physicalLocation.artifactLocation,
  )
  expect(uris).toContainEqual({ uri: 'apps/app%201/routes%232.yaml', uriBaseId: '%SRCROOT%' })
  expect(uris).toContainEqual({ uri: 'file:///srv/apps/latin-1.yaml' })
  expect(uris).toContainEqual({ uri: '.', uriBaseId: '%SRCROOT%' })
})

test('a message makes no link', () => {
  expect(sarif(hostileReport).runs[0].results[1].message.text).toStartWith('\\[click](https://example.net)')
})
