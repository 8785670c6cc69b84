import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesUnder, goldenRoot } from './lib/golden.ts'

/** What each folder holds is checked by the test file that it belongs to; see test/lib/golden.ts. */
test('every folder of golden files belongs to one test file', () => {
  const claims = filesUnder(import.meta.dir)
    .filter(name => name.endsWith('.test.ts'))
    .flatMap(name => [
      ...readFileSync(join(import.meta.dir, name), 'utf8').matchAll(/\bgoldens\('([^']+)'\)/g),
    ])
    .map(([, folder = '']) => folder)
  const folders = filesUnder(goldenRoot).map(name => name.split('/').slice(0, -1).join('/'))
  const unclaimed = folders.filter(
    folder => !claims.some(claim => folder === claim || folder.startsWith(`${claim}/`)),
  )
  expect([...new Set(unclaimed)]).toEqual([])
  expect(claims).toEqual([...new Set(claims)])
})
