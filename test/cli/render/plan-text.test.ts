import { expect, test } from 'bun:test'
import { joined } from '../../../src/cli/render/chunks.ts'
import { renderPlan } from '../../../src/cli/render/plan/render.ts'
import type { PlanReport } from '../../../src/cli/render/plan/report.ts'
import { plainStyle } from '../../../src/cli/render/style.ts'
import { goldens } from '../../lib/golden.ts'
import { held, large, ordinary, plans, unchanged } from './plans.ts'

const golden = goldens('render-plan-text')

const text = (report: PlanReport, style = plainStyle): string => joined(renderPlan(report, 'text', style))
const lastLine = (report: PlanReport): string | undefined => text(report).trimEnd().split('\n').at(-1)

for (const [name, report] of Object.entries(plans))
  test(`${name}, as it is read`, () => golden(`${name}.txt`, text(report)))

test('in colour', () => golden('color.txt', text(ordinary, { color: true, width: 80 })))

test('on a wide terminal a change takes one line', () =>
  golden('wide.txt', text(ordinary, { color: false, width: 160 })))

test('the last line is the sum', () => {
  expect(lastLine(ordinary)).toBe('Plan: 4 to add, 3 to change, 3 to delete (13 unchanged)')
  expect(lastLine(held)).toBe('Plan: 0 to add, 0 to change, 1 to delete, 2 held back (12 unchanged)')
})

test('nothing to do is said in words', () => {
  expect(text(unchanged)).toContain('\nNo changes.\nPlan: 0 to add')
  expect(text(ordinary)).not.toContain('No changes.')
})

test('an object that changes alone is no "No changes."', () => {
  const objects = ordinary.objects.slice(1, 2)
  const report = text({ ...unchanged, objects })
  expect(report).not.toContain('No changes.')
  expect(report).toContain('~ DNSEndpoint app1/docs-external-dns-weu  labels')
})

test('an object that a record tells of is not listed', () => {
  expect(text(ordinary)).not.toContain('DNSEndpoint app1/api-external-dns-weu')
})

test('nothing in a file or the cluster moves the cursor or makes a line', () => {
  const lines = text(plans.hostilePlan).split('\n')
  expect(lines.filter(line => line.includes('::error::') && /^\s*::/.test(line))).toEqual([])
  expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
})

test('lines of ordinary length stay within 80 columns', () => {
  expect(
    text(ordinary)
      .split('\n')
      .filter(line => line.length > 80),
  ).toEqual([])
})

test('comes in chunks, and they are the whole', () => {
  const chunks = [...renderPlan(large(5_000), 'text', plainStyle)]
  expect(chunks.length).toBeGreaterThan(5)
  expect(chunks.join('')).toBe(text(large(5_000)))
})

test('where only a part is shown, the brake still wants the number of the whole', () => {
  expect(text({ ...held, heldInAll: 7 })).toContain(
    '7 records are held back in all. To let them through: --allow-deletes=7',
  )
})
