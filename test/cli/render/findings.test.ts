import { describe, expect, test } from 'bun:test'
import { joined } from '../../../src/cli/render/chunks.ts'
import { type FindingsFormat, renderFindings } from '../../../src/cli/render/findings/render.ts'
import type { FindingsReport } from '../../../src/cli/render/findings/report.ts'
import { plainStyle } from '../../../src/cli/render/style.ts'
import { goldens } from '../../lib/golden.ts'
import { hostileReport, mixed, ok, okWithSkipped, reports, warningsOnly } from './reports.ts'

const golden = goldens('render-findings')

const rendered = (report: FindingsReport, format: FindingsFormat, style = plainStyle): string =>
  joined(renderFindings(report, format, style))

const extensions = {
  text: '.txt',
  json: '.json',
  github: '-github.txt',
  junit: '.xml',
  sarif: '.sarif',
} as const

for (const [name, report] of Object.entries(reports))
  for (const [format, extension] of Object.entries(extensions) as [FindingsFormat, string][])
    test(`${name} as ${format}`, () => golden(`${name}${extension}`, rendered(report, format)))

test('in colour', () => golden('color.txt', rendered(mixed, 'text', { color: true, width: 80 })))

describe('text', () => {
  const lastLine = (report: FindingsReport): string | undefined =>
    rendered(report, 'text').trimEnd().split('\n').at(-1)

  test.each([
    [ok, '12 files, 40 resources: ok'],
    [okWithSkipped, '12 files, 40 resources, 3 of other kinds skipped: ok'],
    [mixed, '12 files, 40 resources, 3 of other kinds skipped: 6 errors, 1 warning'],
    [warningsOnly, '12 files, 40 resources: 1 warning'],
    [{ ...ok, summary: { ...ok.summary, files: 1, resources: 1, errors: 1 } }, '1 file, 1 resource: 1 error'],
  ])('the last line is the verdict %#', (report, line) => expect(lastLine(report)).toBe(line))
})

describe('json', () => {
  test('has the keys of the format in its order', () => {
    const data = JSON.parse(rendered(mixed, 'json'))
    expect(Object.keys(data)).toEqual(['formatVersion', 'valid', 'summary', 'findings'])
    expect(data.valid).toBe(false)
    expect(data.summary).toEqual({
      files: 12,
      resources: 40,
      skipped: { ConfigMap: 1, Deployment: 2 },
      errors: 6,
      warnings: 1,
    })
  })
  test('warnings alone are valid', () => {
    expect(JSON.parse(rendered(warningsOnly, 'json')).valid).toBe(true)
  })
})

describe('github', () => {
  test('a finding is one line, whatever is in it', () => {
    const lines = rendered(hostileReport, 'github').trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toStartWith('::error file=')
    expect(lines[1]).toStartWith('::warning title=')
    expect(lines[2]).toStartWith('12 files')
  })
})
