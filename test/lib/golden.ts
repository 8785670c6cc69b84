import { afterAll, expect } from 'bun:test'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Compares texts with the files under test/golden/. Each test file has a folder there of its own:
 *
 *     const golden = goldens('help')
 *     test('…', () => golden('plan.txt', text))
 *
 * `UPDATE_GOLDEN=1` writes the files instead. A file in the folder that no test has asked for fails the run, and
 * test/golden.test.ts fails on a folder that belongs to no test file: an orphan would look like a promise that
 * is kept.
 */
export const goldens = (folder: string): ((name: string, actual: string) => void) => {
  const root = join(goldenRoot, folder)
  const asked = new Set<string>()

  afterAll(() => {
    // only some of the tests ran (scripts/test with arguments), so some of the files were rightly not asked for
    if (process.env.SROUTER_TEST_PARTIAL === '1') return
    const orphans = filesUnder(root).filter(name => !asked.has(name))
    if (orphans.length > 0)
      throw new Error(`no test asks for ${orphans.map(name => `test/golden/${folder}/${name}`).join(', ')}`)
  })

  return (name, actual) => {
    asked.add(name)
    const path = join(root, name)
    if (process.env.UPDATE_GOLDEN === '1') {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, actual)
    } else if (existsSync(path)) expect(actual).toBe(readFileSync(path, 'utf8'))
    else throw new Error(`${path} does not exist; UPDATE_GOLDEN=1 writes it`)
  }
}

export const goldenRoot = join(import.meta.dir, '..', 'golden')

/** Every file below `root`, by its path from there. */
export const filesUnder = (root: string): readonly string[] =>
  existsSync(root)
    ? readdirSync(root, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
    : []
