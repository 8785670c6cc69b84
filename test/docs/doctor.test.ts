import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checks } from '../../src/doctor/checks/index.ts'
import { section, tableRows } from './markdown.ts'

/** docs/doctor.md has every check, in its group and in the order in which it is shown. */

const path = 'docs/doctor.md'
const text = readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8')

test.each(Object.entries(checks).map(([group, table]) => [group, Object.keys(table)] as const))(
  'every check of %s',
  (group, codes) => {
    const rows = tableRows(section({ path, text }, `## ${group}`)).slice(1)
    expect(rows.map(([code]) => code)).toEqual(codes.map(code => `\`${code}\``))
    for (const [, means = '', remedy = ''] of rows) expect([means, remedy]).not.toContain('')
  },
)

test('the groups in their order, and none that there is not', () => {
  const groups = [...text.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading)
  expect(groups.slice(1)).toEqual(Object.keys(checks))
})

test('no code twice', () => {
  const codes = Object.values(checks).flatMap(table => Object.keys(table))
  expect(codes).toEqual([...new Set(codes)])
})
