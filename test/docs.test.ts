import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path/posix'
import { conditionTypes, findingCodes, statusReasons } from '../scripts/reference/facts.ts'
import { routerKinds } from '../src/api/kinds.ts'
import { commands } from '../src/cli/commands/index.ts'
import type { CommandEntry, CommandTable } from '../src/cli/definition.ts'
import { exitMeaning } from '../src/cli/exits.ts'
import { longName, shortName } from '../src/cli/names.ts'
import { validateFiles } from '../src/cli/validation.ts'
import { recordStatus } from '../src/daemon/events.ts'
import { healthRoutes } from '../src/daemon/http.ts'
import { createMetrics } from '../src/daemon/metrics.ts'
import { exitCode } from '../src/lib/errors.ts'
import { runInMemory } from './cli/host.ts'
import { isSrouter, shellCommands, usageProblem } from './docs/command-line.ts'
import { replay } from './docs/console.ts'
import { type Block, type Page, parsePage, section, tableRows } from './docs/markdown.ts'

/** The documents, held to the code: what they name is there, what they show is so, and nothing is left out. */

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const filesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith(ending))
    .map(path => join(folder, path.replaceAll('\\', '/')))
    .sort()

const pages = ['README.md', ...filesIn('docs', '.md'), ...filesIn('examples', '.md')].map(path =>
  parsePage(path, read(path)),
)
const page = (path: string): Page => {
  const found = pages.find(candidate => candidate.path === path)
  if (found === undefined) throw new Error(`${path} does not exist`)
  return found
}

const sources = filesIn('src', '.ts').map(path => ({ path, text: read(path) }))

const before = process.cwd()
beforeAll(() => process.chdir(root))
afterAll(() => process.chdir(before))

describe.each(pages.map(each => [each.path, each] as const))('%s', (_, { path, text, ...parsed }) => {
  test('links lead somewhere', () => {
    const broken = parsed.links.filter(
      ({ text: link }) => !/^https:/.test(link) && !leadsSomewhere(path, link),
    )
    expect(broken).toEqual([])
  })

  test('paths exist', () => {
    const gone = parsed.spans.filter(({ text: span }) => looksLikePath(span) && !exists(span))
    expect(gone).toEqual([])
  })

  test('command lines parse', async () => {
    const lines = [
      ...parsed.blocks.filter(isShell).flatMap(({ text: block, line }) => linesOf(block, line)),
      ...parsed.spans.filter(({ text: span }) => span.startsWith('srouter ')),
    ]
    const refused: string[] = []
    for (const { text: shell, line } of lines)
      for (const words of shellCommands(shell)) {
        const [program = '', first = ''] = words
        if (program.startsWith('scripts/') && !exists(program)) refused.push(`${line}: no ${program}`)
        // `srouter COMMAND --help` means any of them
        if (!isSrouter(words) || /^[A-Z]+$/.test(first)) continue
        const problem = await usageProblem(words.slice(1), commands)
        if (problem !== undefined) refused.push(`${line}: ${shell}: ${problem}`)
      }
    expect(refused).toEqual([])
  })

  test('manifests validate', async () => {
    for (const { language, text: block } of parsed.blocks) {
      if (language !== 'yaml' || !block.includes('router.io/')) continue
      const { findings } = await validateFiles({
        files: ['-'],
        namespace: undefined,
        strict: false,
        defaultGatewayNamespace: 'istio-system',
        stdin: { read: async () => block },
      })
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    }
  })

  test('consoles show what is printed', async () => {
    let now = text
    for (const { language, text: block } of parsed.blocks) {
      if (language !== 'console') continue
      const replayed = await replay(block, root)
      if (process.env.UPDATE_GOLDEN === '1') now = now.replace(block, () => replayed)
      else expect(block).toBe(replayed)
    }
    if (now !== text) writeFileSync(join(root, path), now)
  })

  test('it speaks of the project alone', () => {
    expect(text).not.toMatch(/(^|[\s`"(])\/(root|home|Users|work)\b|registry\.npmjs|proxy\.golang/)
  })
})

const leadsSomewhere = (from: string, link: string): boolean => {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? from : normalize(join(dirname(from), path))
  if (!existsSync(join(root, target))) return false
  return anchor === undefined || page(target).anchors.has(anchor)
}

const looksLikePath = (span: string): boolean =>
  /^(src|test|scripts|docs|examples|crds|charts|deploy|\.ci)\/[\w./*-]*$/.test(span) ||
  /^[\w-]+\.ts$/.test(span)

const exists = (path: string): boolean => {
  if (!path.includes('/'))
    return ['src', 'test', 'scripts'].some(folder => filesIn(folder, `/${path}`).length > 0)
  return path.includes('*')
    ? !new Bun.Glob(path).scanSync({ cwd: root }).next().done
    : existsSync(join(root, path))
}

const isShell = ({ language }: Block): boolean => language === 'sh' || language === 'console'

/** The command lines of a block; in a console those behind a prompt. */
const linesOf = (
  block: string,
  line: number,
): readonly { readonly text: string; readonly line: number }[] => {
  const lines = block.split('\n').map((text, index) => ({ text, line: line + index }))
  const prompted = lines.filter(({ text }) => text.startsWith('$ '))
  return prompted.length === 0 ? lines : prompted.map(each => ({ ...each, text: each.text.slice(2) }))
}

const names = Object.keys(commands)

describe('README', () => {
  const readme = page('README.md')

  test('leads to every document', () => {
    const linked = readme.links.map(({ text }) => text)
    for (const { path } of pages) if (path !== 'README.md') expect(linked).toContain(path)
  })

  test('has every kind, with its short name', () => {
    const rows = tableRows(section(readme, '## Kinds')).slice(1)
    expect(rows.map(([kind, short]) => [kind, short])).toEqual(
      routerKinds.map(({ kind, shortNames }) => [kind, shortNames.map(name => `\`${name}\``).join(', ')]),
    )
  })

  test('has every command', () => {
    const rows = tableRows(section(readme, '## Commands')).slice(1)
    expect(rows.map(([command = '']) => command.replace(/^`srouter (\w+).*$/, '$1'))).toEqual(names)
  })

  test('has every exit code, in the order in which they count', () => {
    const line = section(readme, '## Commands')
      .split('\n')
      .find(candidate => candidate.startsWith('Exit codes'))
    const order = line
      ?.split(':')[1]
      ?.split(' · ')
      .map(part => Number.parseInt(part.trim(), 10))
    expect(order).toEqual(Object.values(exitCode))
  })
})

/** The commands that run, with all their words: `failover start`. */
const leaves = (
  table: CommandTable,
  words = '',
): readonly (readonly [string, Extract<CommandEntry, { readonly load: unknown }>])[] =>
  Object.entries(table).flatMap(([name, entry]) =>
    'load' in entry ? [[`${words}${name}`, entry] as const] : leaves(entry.commands, `${words}${name} `),
  )

describe('commands', () => {
  const reference = page('docs/commands.md')

  test('each has a section, in the order of the help', () => {
    const headings = [...reference.text.matchAll(/^## `(\w+)`$/gm)].map(([, name]) => name)
    expect(headings).toEqual(names)
  })

  test('each flag is described', async () => {
    const missing: string[] = []
    for (const [name, entry] of leaves(commands)) {
      const { flags } = await entry.load()
      for (const [key, flag] of Object.entries(flags)) {
        const spellings = [longName(key, flag), shortName(flag)].filter(spelling => spelling !== undefined)
        const said = spellings.some(spelling =>
          reference.spans.some(({ text }) => text.split(/[ =]/)[0] === spelling),
        )
        if (!said) missing.push(`${name} ${spellings[0]}`)
      }
    }
    expect(missing).toEqual([])
  })

  test('the examples of the help parse', async () => {
    const refused: string[] = []
    for (const [, entry] of leaves(commands)) {
      for (const { command } of (await entry.load()).examples)
        for (const words of shellCommands(command)) {
          if (!isSrouter(words)) continue
          const problem = await usageProblem(words.slice(1), commands)
          if (problem !== undefined) refused.push(`${command}: ${problem}`)
        }
    }
    expect(refused).toEqual([])
  })

  test('exit codes, in the order in which they count', () => {
    const rows = tableRows(section(reference, '## Exit codes')).slice(1)
    expect(rows).toEqual(
      Object.entries(exitMeaning).map(([name, meaning]) => [
        String(exitCode[name as keyof typeof exitCode]),
        meaning,
      ]),
    )
  })

  test('the plan as JSON has the members of a real one', async () => {
    const block = reference.blocks.find(({ language }) => language === 'json')
    const { out } = await runInMemory(
      ['plan', '-o', 'json', '--current', 'none', '-f', 'examples/two-regions/workloads', '--adopt', 'x'],
      commands,
    )
    const shown = shape(JSON.parse(block?.text ?? ''))
    const real = shape(JSON.parse(out))
    const { records, objects, cluster } = shape(
      JSON.parse((await runInMemory([...demo(), '-o', 'json', '-n', 'shop'], commands)).out) as unknown,
    )
    expect(shown).toEqual({ ...real, records, objects, cluster })
  })
})

/** What scripts/demo runs. */
const demo = (): readonly string[] => /^set -- (.+)$/m.exec(read('scripts/demo'))?.[1]?.split(' ') ?? []

/** The keys of a mapping, and of what is below it; of a list those of its first item. */
const shape = (value: unknown): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(Object(Array.isArray(value) ? value[0] : value) as Record<string, unknown>).map(
      ([key, member]) => [
        key,
        ['before', 'after'].includes(key) || typeof member !== 'object' || member === null
          ? 'value'
          : Array.isArray(member) && typeof member[0] !== 'object'
            ? 'value'
            : shape(member),
      ],
    ),
  )

describe('concepts', () => {
  const concepts = page('docs/concepts.md')

  test.each(routerKinds.map(kind => [kind.kind, kind] as const))('%s: every field', (name, { spec }) => {
    const part = section(concepts, `### ${name}`)
    const rows = tableRows(part).map(([first = '']) => first)
    const below = parsePage('', part).spans.flatMap(({ text }) => text.split('.'))
    const { own, nested } = fieldsOf(spec)
    expect(own.filter(field => !rows.some(row => row.includes(`\`${field}\``)))).toEqual([])
    expect(nested.filter(field => !below.includes(field))).toEqual([])
  })

  test('every condition', () => {
    const described = tableRows(section(concepts, '## Status')).map(([first]) => first)
    for (const condition of conditionTypes) expect(described).toContain(`\`${condition}\``)
  })
})

/** The names of the fields of a schema, and of those below them, down to selectors, whose fields are Kubernetes' own. */
const fieldsOf = (
  schema: unknown,
): { readonly own: readonly string[]; readonly nested: readonly string[] } => {
  const { entries, wrapped, item } = schema as { entries?: object; wrapped?: unknown; item?: unknown }
  if (wrapped !== undefined || item !== undefined) return fieldsOf(wrapped ?? item)
  const nested = Object.entries(entries ?? {}).flatMap(([name, field]) => {
    const below = fieldsOf(field)
    return name === 'selector' ? [] : [...below.own, ...below.nested]
  })
  return { own: Object.keys(entries ?? {}), nested }
}

describe('findings', () => {
  const findings = page('docs/findings.md')
  const described = tableRows(findings.text).flatMap(([first = '']) => /^`(\w+)`$/.exec(first)?.[1] ?? [])

  test('every code of a finding', () => {
    expect(findingCodes.filter(code => !described.includes(code))).toEqual([])
  })

  test('every reason of a status', () => {
    expect(statusReasons.filter(reason => !described.includes(reason))).toEqual([])
  })

  test('none that there is not, and each once', () => {
    const said =
      (code: string) =>
      ({ text }: { text: string }) =>
        new RegExp(`\\b${code}\\b`).test(text)
    expect(described.filter(code => !sources.some(said(code)))).toEqual([])
    expect(described.toSorted()).toEqual([...new Set(described)].sort())
  })
})

describe('metrics', () => {
  const metrics = page('docs/metrics.md')
  const { registry } = createMetrics({ version: '0', commit: '0' })
  const known = registry.getMetricsAsArray().map(metric => {
    const { name, type, labelNames } = metric as unknown as Record<'name' | 'type', string> & {
      readonly labelNames: readonly string[]
    }
    return [name, type, labelNames.join(', ')]
  })

  test('every metric with its type and its labels, and none that there is not', () => {
    const rows = tableRows(section(metrics, '## Metrics')).slice(1)
    const described = rows.map(([name, type, labels]) => [name, type, labels].join(' | ').replaceAll('`', ''))
    expect(described.sort()).toEqual(known.map(each => each.join(' | ')).sort())
  })

  test('no page names one that there is not', () => {
    const names = new Set(known.map(([name]) => name))
    for (const { text } of pages)
      for (const [name] of text.matchAll(/\bsrouter_\w+/g))
        expect([...names]).toContain(name.replace(/_(bucket|sum|count)$/, ''))
  })

  test('every cause for which a watch is opened anew', () => {
    const { text = '' } = sources.find(({ path }) => path === 'src/kube/watch.ts') ?? {}
    const causes = [...(/cause: ((?:'\w+'(?: \| )?)+)/.exec(text)?.[1] ?? '').matchAll(/'(\w+)'/g)]
    expect(causes.length).toBeGreaterThan(0)
    const row = tableRows(section(metrics, '## Metrics')).find(([name]) => name?.includes('watch_restarts'))
    for (const [, cause] of causes) expect(row?.join()).toContain(`\`${cause}\`: `)
  })

  test('the paths of the probes', () => {
    const rows = tableRows(section(metrics, '## Probes')).slice(1)
    const routes = healthRoutes({ unhealthy: () => undefined, unready: () => undefined })
    expect(rows.map(([path]) => path)).toEqual(Object.keys(routes).map(path => `\`${path}\``))
  })

  test('the conditions whose changes are events, and no others', () => {
    const told = conditionTypes.filter(type => {
      const condition = { type, status: 'False', reason: 'x', message: '' }
      let events = 0
      const subject = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' } }
      recordStatus({ record: () => void events++ }, { subject, status: { conditions: [condition] } })
      return events > 0
    })
    const rows = tableRows(section(metrics, '## Events')).slice(1)
    expect(rows.map(([condition = '']) => condition.replaceAll('`', '')).sort()).toEqual(told.sort())
  })
})

test('the architecture names every folder of src', () => {
  const layers = section(page('docs/architecture.md'), '## Layers')
  for (const { name } of readdirSync(join(root, 'src'), { withFileTypes: true }))
    expect(layers).toMatch(new RegExp(`^\\| (\`src/)?${name}`, 'm'))
})

describe('how documents are read', () => {
  test('a page', () => {
    const text = '# `a` b!\n[x](y#z) and `[no](link)`\n## a b\n```sh\n# no heading\n```\n'
    expect(parsePage('p', text)).toEqual({
      path: 'p',
      text,
      anchors: new Set(['a-b', 'a-b-1']),
      links: [{ text: 'y#z', line: 2 }],
      spans: [
        { text: 'a', line: 1 },
        { text: '[no](link)', line: 2 },
      ],
      blocks: [{ language: 'sh', text: '# no heading', line: 5 }],
    })
  })

  test.each([
    ["a 'b c' # d", [['a', 'b c']]],
    ['a -f x >y && b', [['a', '-f', 'x'], ['b']]],
    ["A=1 b | c -f - <<'END'", [['b'], ['c', '-f', '-']]],
    ['# a comment', []],
    ['', []],
  ])('%s', (line, found) => expect(shellCommands(line)).toEqual(found))

  test.each([
    [['plan', '--dry-rnu'], 'unknown flag "--dry-rnu"'],
    [['plna'], 'unknown command "plna"'],
    [['validate'], 'missing flag -f PATH'],
    [['plan', '-f', '.'], undefined],
    [['plan', '--help'], undefined],
  ])('%p', async (argv, problem) => expect(await usageProblem(argv, commands)).toEqual(problem))
})
