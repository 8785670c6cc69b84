import { expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { variables } from '../../scripts/reference/environment.ts'
import { referencePages } from '../../scripts/reference/pages.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'docs', 'reference')
const pages = await referencePages()

test('docs/reference has the pages that scripts/generate writes, and no others', () => {
  expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort())
})

test.each([...pages])('docs/reference/%s is what scripts/generate writes', (name, text) => {
  expect(readFileSync(join(folder, name), 'utf8')).toBe(text)
})

test('every variable that is read is described', () => {
  const read = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .flatMap(path => [...readFileSync(join(root, 'src', path), 'utf8').matchAll(/\benv\.([A-Z][A-Z_]+)\b/g)])
    .map(([, name = '']) => name)
  expect(read.length).toBeGreaterThan(0)
  expect(read.filter(name => !Object.hasOwn(variables, name))).toEqual([])
})
