import { expect, test } from 'bun:test'
import { joined } from '../../../src/cli/render/chunks.ts'
import { planMarkdown } from '../../../src/cli/render/plan/markdown.ts'
import type { PlanReport } from '../../../src/cli/render/plan/report.ts'
import { goldens } from '../../lib/golden.ts'
import { large, ordinary, plans } from './plans.ts'

const golden = goldens('render-plan-markdown')

const markdown = (report: PlanReport): string => joined(planMarkdown(report))

for (const [name, report] of Object.entries(plans))
  test(`${name}, as a comment`, () => golden(`${name}.md`, markdown(report)))

test('many rows are folded', () => golden('folded.md', markdown(large(24))))

test('a comment has a limit, and says how much it leaves out', () => {
  const report = large(5_000)
  const text = markdown(report)
  expect(text.length).toBeLessThanOrEqual(60_000)
  expect(text.length).toBeGreaterThan(55_000)
  const rows = text.split('\n').filter(line => /^\| [+~-] /.test(line)).length
  const left = (sign: string, all: number): number => all - text.split(`\n| ${sign} `).length + 1
  const { summary } = report
  const [add, change, remove] = [left('+', summary.add), left('~', summary.change), left('-', summary.delete)]
  expect(text).toContain(
    `\n**${5_000 - rows} rows are left out, for want of space: ${add} add, ${change} change, ${remove} delete.**`,
  )
  expect(text.indexOf('</details>')).toBeGreaterThan(0)
})

test('findings leave room for the changes', () => {
  const findings = Array.from({ length: 5_000 }, (_, line) => ({
    code: 'HostConflict',
    severity: 'error' as const,
    message: 'x'.repeat(line === 0 ? 100_000 : 80),
    hint: 'rename it',
    file: 'a.yaml',
    line: line + 1,
  }))
  const text = markdown({ ...large(5_000), findings })
  expect(text.length).toBeLessThanOrEqual(60_000)
  expect(text).toMatch(/\n\d+ more findings are left out, for want of space\.\n/)
  expect(text).toMatch(/\n\*\*\d+ rows are left out, for want of space: [^\n]* delete\.\*\*/)
})

test('hostile text stays in its cell', () => {
  const rows = markdown(plans.hostilePlan)
    .split('\n')
    .filter(line => line.startsWith('| ') && line.includes('script'))
  expect(rows).toHaveLength(3)
  for (const row of rows) expect([4, 7]).toContain(row.split(/(?<!\\)\|/).length - 1)
  expect(markdown(plans.hostilePlan)).not.toContain('<script')
  expect(markdown(plans.hostilePlan)).not.toContain('@you')
})

test('an IPv6 address is code, because :100: is an emoji', () => {
  expect(markdown(ordinary)).toContain('`fd00::10:100:45:67`')
})
