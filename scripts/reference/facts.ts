import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codes } from '../../src/source/files/index.ts'

/** What no table in the code lists, and its text says: the codes and reasons that are written down there. */

const root = join(import.meta.dirname, '../..')

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts'))
  .map(path => `src/${path.replaceAll('\\', '/')}`)
  .sort()
  .map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }))

/** What `pattern` finds in src, sorted. src/kube has codes and reasons of another kind: those of the API server. */
const inSources = (pattern: RegExp, folder = 'src/'): readonly string[] =>
  sources
    .filter(({ path }) => path.startsWith(folder) && !path.startsWith('src/kube/'))
    .flatMap(({ text }) => [...text.matchAll(pattern)].map(([, found = '']) => found))

const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort()

export const findingCodes = sorted([...inSources(/\bcode: '([A-Z]+[a-z]\w*)'/g), ...Object.keys(codes)])

export const statusReasons = sorted(inSources(/\breason: '([A-Z]+[a-z]\w*)'/g))

/** Those beside, of which there are lists in the code; test/docs.test.ts looks whether each is in it. */
export const describedReasons = sorted(
  [
    ...(readFileSync(join(root, 'docs/findings.md'), 'utf8')
      .split(/^## Status reasons$/m)[1]
      ?.matchAll(/^\| (`[^|]*) \|/gm) ?? []),
  ].flatMap(([, first = '']) => [...first.matchAll(/`(\w+)`/g)].map(([, reason = '']) => reason)),
)

export const conditionTypes = sorted(inSources(/\btype(?:: | = )'([A-Z]\w+)'/g, 'src/engine/statuses/'))
