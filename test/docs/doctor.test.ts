import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checks } from '../../src/doctor/checks/index.ts'
import { parsePage, section, tableRows } from './markdown.ts'

/** docs/doctor.md has every check, in its group and in the order in which it is shown. */

const path = 'docs/doctor.md'
const read = (name: string): string => readFileSync(join(import.meta.dirname, '..', '..', name), 'utf8')
const text = read(path)

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

test('the example in docs/commands.md is what is printed', () => {
  const commands = { path: 'docs/commands.md', text: read('docs/commands.md') }
  const [, block] = parsePage(commands.path, section(commands, '## `doctor`')).blocks
  const printed = read('test/golden/render-doctor/ill.txt').split('\n')
  const shown = block?.text.split('\n') ?? []
  expect(shown.length).toBeGreaterThan(3)
  expect(shown.filter(line => !printed.includes(line))).toEqual([])
})
