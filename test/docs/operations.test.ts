import { expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deployment } from '../../src/install/deployment.ts'
import { defaultOptions } from '../../src/install/manifest.ts'
import { section, tableRows } from './markdown.ts'

/** docs/operations.md has every message that matters, with its level, and the figures that the manifests have. */

const root = join(import.meta.dirname, '..', '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const page = { path: 'docs/operations.md', text: read('docs/operations.md') }

const daemon = ['src/daemon', 'src/cli/daemon']
  .flatMap(folder => readdirSync(join(root, folder)).map(file => join(folder, file)))
  .map(read)
  .join('\n')

/** `warn Change failed` */
const said = [...daemon.matchAll(/\blog\.(info|warn|error)\('([^']+)'/g)].map(
  ([, level, message]) => `${level} ${message}`,
)
const guarded = [...daemon.matchAll(/\bguarded\('([^']+)'/g)].map(([, message]) => `error ${message}`)
const written = [...(/\bconst done = \{(.+?)\} as const/.exec(daemon)?.[1]?.matchAll(/'(\w+)'/g) ?? [])].map(
  ([, message]) => `info ${message}`,
)
const described = tableRows(section(page, '## Log'))
  .slice(1)
  .flatMap(([messages = '', level]) =>
    [...messages.matchAll(/`([^`]+)`/g)].map(([, message]) => `${level} ${message}`),
  )

test('every warning and every error of the daemon', () => {
  const serious = [...said.filter(each => !each.startsWith('info ')), ...guarded]
  // What "run --once" has to say are findings.
  expect(serious.filter(each => !described.includes(each) && each !== 'warn Finding')).toEqual([])
  expect(guarded.length).toBeGreaterThan(0)
})

test('none that there is not, and each once', () => {
  expect(described.filter(each => ![...said, ...guarded, ...written].includes(each))).toEqual([])
  expect(described.length).toBeGreaterThan(0)
  expect(described.toSorted()).toEqual([...new Set(described)].sort())
})

test('the memory of the pods', () => {
  const { spec } = deployment(defaultOptions('0')) as unknown as {
    readonly spec: {
      readonly template: {
        readonly spec: { readonly containers: readonly [{ readonly resources: Resources }] }
      }
    }
  }
  const { requests, limits } = spec.template.spec.containers[0].resources
  const shown = ({ memory }: { readonly memory: string }): string => memory.replace(/Mi$/, ' MiB')
  expect(page.text).toContain(`${shown(requests)} requested, ${shown(limits)} at most`)
})

test('the figures of a daemon are those that were measured', () => {
  const rows = tableRows(section(page, '## Size')).slice(1)
  const figures = rows.flatMap(row => row.join(' ').match(/[\d.,]+ (?:MB|GB|ms|s|%)/g) ?? [])
  const measured = read('docs/performance.md')
  expect(figures.length).toBeGreaterThan(0)
  expect(figures.filter(figure => !measured.includes(figure))).toEqual([])
})

interface Resources {
  readonly requests: { readonly memory: string }
  readonly limits: { readonly memory: string }
}
