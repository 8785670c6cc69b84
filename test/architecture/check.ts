import { dirname, join, relative } from 'node:path/posix'
import { importsOf } from './imports.ts'
import { type SourceText, sourceText } from './source-text.ts'

/** Paths from the root of the repository, with their text. */
export type Sources = ReadonlyMap<string, string>

interface Layer {
  readonly may: readonly string[]
  /** Only `import type` of these. */
  readonly types?: readonly string[]
  /** No clock, no chance, no process, no waiting; packages and built-in modules only where they are named. */
  readonly pure?: { readonly modules: readonly string[] }
}

/** Which folder of src may import which, from the inside out. */
const layers: Readonly<Record<string, Layer>> = {
  lib: { may: [] },
  api: { may: ['lib'], pure: { modules: ['valibot', 'node:crypto'] } },
  engine: { may: ['api', 'lib'], pure: { modules: ['valibot'] } },
  'external-dns': { may: ['api', 'lib'], pure: { modules: [] } },
  adopt: { may: ['external-dns', 'engine', 'api', 'lib'], pure: { modules: [] } },
  why: { may: ['engine', 'api', 'lib'], pure: { modules: [] } },
  install: { may: ['api', 'lib'], pure: { modules: [] } },
  // It reads certificates.
  doctor: { may: ['external-dns', 'install', 'engine', 'api', 'lib'], pure: { modules: ['node:crypto'] } },
  import: { may: ['engine', 'api', 'lib'], pure: { modules: ['valibot'] } },
  kube: { may: ['api', 'lib'] },
  // A source makes the engine's snapshot, and so names its types; it asks the engine for nothing.
  source: { may: ['kube', 'api', 'lib'], types: ['engine'] },
  // It answers the engine's questions, and so names its types.
  dns: { may: ['api', 'lib'], types: ['engine'] },
  probe: { may: ['api', 'lib'] },
  execute: { may: ['source', 'kube', 'engine', 'api', 'lib'] },
  daemon: { may: ['execute', 'probe', 'dns', 'source', 'kube', 'engine', 'api', 'lib'] },
  cli: {
    may: [
      'daemon',
      'execute',
      'probe',
      'dns',
      'source',
      'kube',
      'doctor',
      'import',
      'install',
      'adopt',
      'why',
      'external-dns',
      'engine',
      'api',
      'lib',
    ],
  },
  'main.ts': { may: ['cli', 'lib'] },
}

/** The files that reach out of src, for data that the executable embeds. */
const mayLeaveSource: Readonly<Record<string, string>> = {
  'src/api/crd-files.ts': 'crds/',
  'src/cli/build-info.ts': 'package.json',
}

/** Whose alone a package is. */
const keptTo: Readonly<Record<string, string>> = { '@kubernetes/client-node': 'kube' }

/** Words that a pure layer does not say. */
const impure: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['the clock', /\bDate\.now\b|\bnew Date\b|\bDate\(|\bperformance\b/],
  ['chance', /\bMath\.random\b|\brandom(Bytes|Int|UUID)\b|\bgetRandomValues\b/],
  ['the process', /\bprocess\s*[.[]/],
  ['Bun', /\bBun\b/],
  ['the console', /\bconsole\b/],
  ['timers', /\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/],
  ['waiting', /\bawait\b|\basync\b|\bPromise\b/],
  ['the network', /\bfetch\s*\(/],
]

const longestFile = 300
const longestCommand = 80

export interface Rules {
  /** `dependencies` of package.json: what the executable may be made of. */
  readonly packages: readonly string[]
}

/** What is wrong with the sources, one sentence each, sorted. */
export const violations = (sources: Sources, rules: Rules): readonly string[] =>
  [...sources].flatMap(([path, source]) => fileViolations(path, source, rules)).sort()

const fileViolations = (path: string, source: string, rules: Rules): readonly string[] => {
  const folder = layerOf(path)
  const layer = layers[folder]
  if (layer === undefined) return [`${path}: src has no place for ${folder}`]
  const text = sourceText(source)
  return [
    ...importViolations(path, folder, layer, text, rules),
    ...(layer.pure === undefined ? [] : purityViolations(path, text)),
    ...lengthViolations(path, source, text),
  ]
}

/** `src/engine/rules/route/index.ts` → `engine`; `src/main.ts` → `main.ts` */
const layerOf = (path: string): string => path.split('/')[1] ?? ''

const importViolations = (
  path: string,
  folder: string,
  layer: Layer,
  text: SourceText,
  { packages }: Rules,
): readonly string[] =>
  importsOf(text).flatMap(({ from, typeOnly }) => {
    if (from.startsWith('.')) {
      const target = join(dirname(path), from)
      const left = mayLeaveSource[path]
      if (left !== undefined && target.startsWith(left)) return []
      if (relative('src', target).startsWith('..')) return [`${path}: imports ${target}, which is not in src`]
      const to = layerOf(target)
      if (to === folder || layer.may.includes(to)) return []
      if (layer.types?.includes(to))
        return typeOnly ? [] : [`${path}: ${folder} may import only types of ${to} (${from})`]
      return [`${path}: ${folder} may not import ${to} (${from})`]
    }
    const name = packageOf(from)
    const keeper = keptTo[name]
    if (keeper !== undefined && keeper !== folder) return [`${path}: only ${keeper} may import ${name}`]
    if (layer.pure !== undefined && !layer.pure.modules.includes(from))
      return [`${path}: ${folder} may not import ${from}`]
    const builtIn = from.startsWith('node:') || from === 'bun' || from.startsWith('bun:')
    return builtIn || packages.includes(name) ? [] : [`${path}: ${name} is not in dependencies`]
  })

/** `@kubernetes/client-node/dist/x.js` → `@kubernetes/client-node` */
const packageOf = (from: string): string => from.split('/', from.startsWith('@') ? 2 : 1).join('/')

const purityViolations = (path: string, { bare }: SourceText): readonly string[] =>
  impure.flatMap(([what, pattern]) => {
    const found = pattern.exec(bare)
    if (found === null) return []
    const line = bare.slice(0, found.index).split('\n').length
    return [`${path}:${line}: ${layerOf(path)} may not use ${what} (${found[0]})`]
  })

const lengthViolations = (path: string, source: string, { code }: SourceText): readonly string[] => {
  const lines = source.trimEnd().split('\n').length
  const ofCode = code.split('\n').filter(line => line.trim() !== '').length
  return [
    ...(lines > longestFile ? [`${path}: has ${lines} lines, ${longestFile} at most`] : []),
    ...(path.startsWith('src/cli/commands/') && !path.endsWith('/index.ts') && ofCode >= longestCommand
      ? [`${path}: has ${ofCode} lines of code, a command has fewer than ${longestCommand}`]
      : []),
  ]
}
