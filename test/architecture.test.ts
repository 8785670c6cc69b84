import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dependencies } from '../package.json'
import { violations } from './architecture/check.ts'
import { importsOf } from './architecture/imports.ts'
import { sourceText } from './architecture/source-text.ts'

const root = join(import.meta.dirname, '..')
/** An expression in the text of a template, as source. */
const hole = (expression: string): string => `\${${expression}}`

const rules = { packages: Object.keys(dependencies) }

test('src keeps to its layers', () => {
  const paths = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(path =>
    /\.[cm]?[jt]sx?$/.test(path),
  )
  expect(paths.length).toBeGreaterThan(10)
  const sources = new Map(
    paths.map(path => [`src/${path.replaceAll('\\', '/')}`, readFileSync(join(root, 'src', path), 'utf8')]),
  )
  expect(violations(sources, rules)).toEqual([])
})

describe('the check finds', () => {
  const long = (lines: number) => 'const a = 1\n'.repeat(lines)
  const rows: readonly [what: string, path: string, source: string, found: string][] = [
    [
      'an import of an outer layer',
      'src/api/a.ts',
      "import { b } from '../engine/b.ts'",
      'api may not import engine',
    ],
    ['an import of a type', 'src/lib/a.ts', "import type { B } from '../api/b.ts'", 'lib may not import api'],
    ['an inline type', 'src/lib/a.ts', "import { type B } from '../api/b.ts'", 'lib may not import api'],
    [
      'an import over lines',
      'src/api/a.ts',
      "import {\n  b,\n  c,\n} from '../kube/b.ts'",
      'api may not import kube',
    ],
    ['a re-export', 'src/api/a.ts', "export * from '../engine/b.ts'", 'api may not import engine'],
    ['an import for its effect', 'src/engine/a.ts', "import '../kube/b.ts'", 'engine may not import kube'],
    [
      'an import that waits',
      'src/kube/a.ts',
      "const b = await import('../daemon/b.ts')",
      'kube may not import daemon',
    ],
    ['a type by import()', 'src/lib/a.ts', "type B = import('../api/b.ts').B", 'lib may not import api'],
    ['a require', 'src/lib/a.ts', "const b = require('../api/b.ts')", 'lib may not import api'],
    ['from deep within', 'src/engine/rules/a.ts', "import '../../cli/b.ts'", 'engine may not import cli'],
    ['the daemon in execute', 'src/execute/a.ts', "import '../daemon/b.ts'", 'execute may not import daemon'],
    ['the cli in the daemon', 'src/daemon/a.ts', "import '../cli/b.ts'", 'daemon may not import cli'],
    [
      'more than types of the engine in a source',
      'src/source/a.ts',
      "import { plan } from '../engine/engine.ts'",
      'source may import only types of engine',
    ],
    [
      'a file outside src',
      'src/cli/a.ts',
      "import '../../scripts/b.ts'",
      'scripts/b.ts, which is not in src',
    ],
    [
      'the generated files elsewhere',
      'src/api/a.ts',
      "import '../../crds/b.yaml'",
      'crds/b.yaml, which is not in src',
    ],
    ['a folder that is not planned', 'src/utils/a.ts', '', 'no place for utils'],
    ['a file beside main', 'src/other.ts', '', 'no place for other.ts'],
    [
      'the Kubernetes client',
      'src/cli/a.ts',
      "import { KubeConfig } from '@kubernetes/client-node'",
      'only kube may import @kubernetes/client-node',
    ],
    [
      'its types',
      'src/source/a.ts',
      "import type { V1Pod } from '@kubernetes/client-node'",
      'only kube may import @kubernetes/client-node',
    ],
    [
      'a part of it',
      'src/daemon/a.ts',
      "import { x } from '@kubernetes/client-node/dist/x.js'",
      'only kube may import @kubernetes/client-node',
    ],
    ['a devDependency', 'src/cli/a.ts', "import fc from 'fast-check'", 'fast-check is not in dependencies'],
    [
      'a package in the engine',
      'src/engine/a.ts',
      "import { parse } from 'yaml'",
      'engine may not import yaml',
    ],
    [
      'files in the api',
      'src/api/a.ts',
      "import { readFileSync } from 'node:fs'",
      'api may not import node:fs',
    ],
    ['Bun as a module', 'src/engine/a.ts', "import { file } from 'bun'", 'engine may not import bun'],
    [
      'the clock',
      'src/engine/a.ts',
      'const now = Date.now()',
      'src/engine/a.ts:1: engine may not use the clock',
    ],
    ['a date', 'src/api/a.ts', '\n\nconst now = new Date()', 'src/api/a.ts:3: api may not use the clock'],
    ['chance', 'src/engine/a.ts', 'Math.random()', 'may not use chance'],
    [
      'chance from node:crypto',
      'src/api/a.ts',
      "import { randomUUID } from 'node:crypto'",
      'may not use chance',
    ],
    ['the process', 'src/engine/a.ts', 'process.env.HOME', 'may not use the process'],
    ['Bun', 'src/engine/a.ts', 'Bun.file', 'may not use Bun'],
    ['the console', 'src/engine/a.ts', 'console.log(1)', 'may not use the console'],
    ['a timer', 'src/engine/a.ts', 'setTimeout(f)', 'may not use timers'],
    ['waiting', 'src/engine/a.ts', 'const f = async () => g()', 'may not use waiting'],
    ['the network', 'src/engine/a.ts', "fetch('x')", 'may not use the network'],
    [
      'what a template computes',
      'src/engine/a.ts',
      `const a = \`now ${hole('Date.now()')}\``,
      'may not use the clock',
    ],
    ['what follows a string', 'src/engine/a.ts', "const a = '//'; Date.now()", 'may not use the clock'],
    [
      'what follows a regular expression',
      'src/engine/a.ts',
      'const a = /[\'"`/*]/; Date.now()',
      'may not use the clock',
    ],
    ['a long file', 'src/cli/a.ts', long(301), 'has 301 lines, 300 at most'],
    ['a long command', 'src/cli/commands/a.ts', long(80), 'has 80 lines of code'],
  ]
  for (const [what, path, source, found] of rows)
    test(what, () => expect(violations(new Map([[path, source]]), rules).join('\n')).toContain(found))

  test('every violation, in order', () => {
    const sources = new Map([
      ['src/lib/b.ts', "import '../api/x.ts'\nimport '../cli/x.ts'"],
      ['src/engine/a.ts', 'Date.now()'],
    ])
    expect(violations(sources, rules)).toEqual([
      'src/engine/a.ts:1: engine may not use the clock (Date.now)',
      'src/lib/b.ts: lib may not import api (../api/x.ts)',
      'src/lib/b.ts: lib may not import cli (../cli/x.ts)',
    ])
  })
})

describe('the check allows', () => {
  const rows: readonly [what: string, path: string, source: string][] = [
    ['what points inwards', 'src/cli/commands/a.ts', "import '../../daemon/b.ts'\nimport '../../lib/b.ts'"],
    ['its own layer', 'src/engine/rules/a.ts', "import { b } from '../derive/b.ts'"],
    [
      'types of the engine in a source',
      'src/source/a.ts',
      "import type { Snapshot } from '../engine/snapshot.ts'",
    ],
    [
      'the Kubernetes client in kube',
      'src/kube/a.ts',
      "import { KubeConfig } from '@kubernetes/client-node'",
    ],
    ['the generated files in their one place', 'src/api/crd-files.ts', "import a from '../../crds/a.yaml'"],
    [
      'built-in modules outside the pure layers',
      'src/source/a.ts',
      "import { readFile } from 'node:fs/promises'",
    ],
    ['hashes in the api', 'src/api/a.ts', "import { createHash } from 'node:crypto'"],
    ['the clock outside the pure layers', 'src/daemon/a.ts', 'const f = async () => Date.now()'],
    ['words in comments', 'src/engine/a.ts', '// await Bun\n/* Date.now() */ const a = 1'],
    ['words in text', 'src/engine/a.ts', `const a = 'await console' + \`process. ${hole('1')} new Date\``],
    ['words in regular expressions', 'src/engine/a.ts', 'const a = /await|Bun/.test(b)'],
    ['words within words', 'src/engine/a.ts', 'const awaited = reprocess.length / console_.size / 2'],
    ['imports in comments', 'src/lib/a.ts', "// import '../cli/b.ts'\n/*\nimport '../cli/b.ts'\n*/"],
    ['imports in text', 'src/lib/a.ts', 'const a = "import \'../cli/b.ts\'"'],
    ['comments in a command', 'src/cli/commands/a.ts', `${'// why\n\n'.repeat(60)}const a = 1`],
    ['300 lines', 'src/cli/a.ts', 'const a = 1\n'.repeat(300)],
  ]
  for (const [what, path, source] of rows)
    test(what, () => expect(violations(new Map([[path, source]]), rules)).toEqual([]))
})

describe('source text', () => {
  const nested = hole(`a({ b: \`${hole('c')}\` })`)
  const rows: readonly [source: string, code: string, bare: string][] = [
    ["a('x // y') // z", "a('x // y') ", "a('') "],
    ['a /* b\nc */ d', 'a \n d', 'a \n d'],
    [`\`n ${nested} m\``, `\`n ${nested} m\``, `\`${nested}\``],
    ['/["\'/*]/.test(c)', '/["\'/*]/.test(c)', '//.test(c)'],
    ['a / b / c', 'a / b / c', 'a / b / c'],
    ["'it\\'s' + d", "'it\\'s' + d", "'' + d"],
    ['return /a\\/b/', 'return /a\\/b/', 'return //'],
  ]
  for (const [source, code, bare] of rows)
    test(source, () => expect(sourceText(source)).toEqual({ code, bare }))

  test('imports with all that they name', () =>
    expect(
      importsOf(sourceText("import type { A } from './a.ts'\nexport { b } from './b.ts'\nimport './c.ts'")),
    ).toEqual([
      { from: './a.ts', typeOnly: true, names: '{ A }' },
      { from: './b.ts', typeOnly: false, names: '{ b }' },
      { from: './c.ts', typeOnly: false, names: '' },
    ]))
})
