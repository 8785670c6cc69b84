import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deployFiles } from '../../scripts/deploy/files.ts'
import { commands } from '../../src/cli/commands/index.ts'
import { runInMemory } from '../cli/host.ts'
import { documents } from '../lab/documents.ts'

const folder = join(import.meta.dirname, '../../deploy')
const read = (path: string): string => readFileSync(join(folder, path), 'utf8')

describe('deploy/ is what scripts/generate writes', () => {
  test('no file is missing and none is left over', () => {
    const present = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    expect(present.sort()).toEqual([...deployFiles.keys()].sort())
  })

  test.each([...deployFiles])('%s', (path, text) => expect(read(path)).toBe(text))
})

interface Kustomization {
  readonly resources: readonly string[]
}

/** The objects that a kustomization makes, in the order that it lists them. */
const built = (kustomization: string): object[] =>
  documents<Kustomization>(read(kustomization))
    .flatMap(({ resources }) => resources)
    .flatMap(file => documents<object>(read(join(dirname(kustomization), file))))

const printed = async (...flags: readonly string[]): Promise<object[]> =>
  documents((await runInMemory(['install', ...flags], commands)).out)

test('the base is what install prints', async () => {
  expect(built('base/kustomization.yaml')).toEqual(await printed())
})

test.each(['network-policy', 'service-monitor'])('the component %s is what the flag adds', async name => {
  const base = built('base/kustomization.yaml')
  const component = built(`components/${name}/kustomization.yaml`)
  expect([...base, ...component]).toEqual(await printed(`--with-${name}`))
})
