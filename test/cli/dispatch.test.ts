import { describe, expect, test } from 'bun:test'
import { commands } from '../../src/cli/commands/index.ts'
import { type CommandTable, defineCommand } from '../../src/cli/definition.ts'
import { exitCode } from '../../src/lib/errors.ts'
import { runInMemory } from './host.ts'

const echo = defineCommand({
  description: ['Says what it got.'],
  flags: { loud: { type: 'boolean', description: 'Loud.' } },
  positionals: { word: { type: 'positional', valueHint: 'WORD', description: 'A word.' } },
  examples: [],
  exits: ['ok'],
  run: async ({ output }, { word, loud, context, color }) => {
    output.out(`${JSON.stringify({ word, loud, context, color })}\n`)
    return exitCode.ok
  },
})

const tree: CommandTable = {
  echo: { summary: 'Echo.', load: async () => echo },
  group: {
    summary: 'A group.',
    commands: {
      start: { summary: 'Start.', load: async () => echo },
      inner: { summary: 'Inner.', commands: { deep: { summary: 'Deep.', load: async () => echo } } },
    },
  },
  version: { summary: 'Version.', load: async () => echo },
}

const run = (line: string) => runInMemory(line === '' ? [] : line.split(' '), tree)

const defaults = { loud: false, color: true }

describe('finds the command', () => {
  const rows: readonly (readonly [line: string, got: object])[] = [
    ['echo', {}],
    ['echo a', { word: 'a' }],
    ['--context c echo a', { word: 'a', context: 'c' }],
    ['--context=c --no-color echo', { context: 'c', color: false }],
    ['echo a --loud --context c', { word: 'a', loud: true, context: 'c' }],
    ['group start a', { word: 'a' }],
    ['-q group --context c start --loud', { context: 'c', loud: true }],
    ['group inner deep start', { word: 'start' }],
    ['--version', {}],
  ]
  test.each(rows)('%p', async (line, got) => {
    const { code, out, err } = await run(line)
    expect([code, err]).toEqual([exitCode.ok, ''])
    expect(JSON.parse(out)).toEqual({ ...defaults, ...got })
  })
})

describe('refuses', () => {
  const rows: readonly (readonly [line: string, err: string])[] = [
    ['ecko', 'error: unknown command "ecko"\nhint: did you mean "srouter echo"? (see "srouter --help")\n'],
    ['constructor', 'error: unknown command "constructor"\nhint: see "srouter --help"\n'],
    ['__proto__', 'error: unknown command "__proto__"\nhint: see "srouter --help"\n'],
    [
      'group strt',
      'error: unknown command "strt"\nhint: did you mean "srouter group start"? (see "srouter group --help")\n',
    ],
    [
      '--loud echo',
      'error: unknown flag "--loud"\nhint: flags of a command come after its name: srouter COMMAND [FLAGS] (see "srouter --help")\n',
    ],
    [
      'group start --lod',
      'error: unknown flag "--lod"\nhint: did you mean "--loud"? (see "srouter group start --help")\n',
    ],
    [
      '--context',
      'error: flag "--context" needs a value: --context NAME\nhint: flags of a command come after its name: srouter COMMAND [FLAGS] (see "srouter --help")\n',
    ],
    ['echo --version', 'error: unknown flag "--version"\nhint: see "srouter echo --help"\n'],
    ['echo a \u001b[31m', 'error: unexpected argument "\\u001b[31m"\nhint: see "srouter echo --help"\n'],
    [
      '--context a echo --context b',
      'error: flag "--context" was given twice\nhint: see "srouter echo --help"\n',
    ],
  ]
  test.each(rows)('%p', async (line, err) => {
    expect(await run(line)).toEqual({ code: exitCode.usage, out: '', err })
  })
})

describe('help', () => {
  test.each(['', 'group', '-q', 'group --', 'group inner'])(
    '%p alone is an error, and shows it',
    async line => {
      const { code, out, err } = await run(line)
      expect([code, out]).toEqual([exitCode.usage, ''])
      expect(err).toContain('Usage:')
    },
  )

  test.each([
    '--help',
    '-h',
    'group --help',
    '--help group',
    'echo -h',
    'echo --bogus --help',
    'group -q -h start',
  ])('%p shows it', async line => {
    const { code, out, err } = await run(line)
    expect([code, err]).toEqual([exitCode.ok, ''])
    expect(out).toContain('Usage:')
  })

  test('after -- it is no flag', async () => {
    expect(JSON.parse((await run('echo -- --help')).out)).toEqual({ ...defaults, word: '--help' })
  })

  test('every command has a page within 80 columns, and its examples name it', async () => {
    for (const name of Object.keys(commands)) {
      const { out } = await runInMemory([name, '--help'], commands)
      const long = out.split('\n').filter(line => line.length > 80 && !line.startsWith('  srouter '))
      expect(long).toEqual([])
      if (!('commands' in (commands[name] ?? {}))) expect(out).toContain(`Examples:`)
      expect(out).toContain(`srouter ${name}`)
      expect((await runInMemory(['help', name], commands)).out).toBe(out)
    }
  })
})

describe('colour', () => {
  const bold = '\u001b[1m'
  const rows: readonly (readonly [
    line: string,
    env: Record<string, string>,
    terminal: boolean,
    colored: boolean,
  ])[] = [
    ['--help', {}, true, true],
    ['--help', {}, false, false],
    ['--help --no-color', {}, true, false],
    ['--help', { NO_COLOR: '1' }, true, false],
    ['--help', { NO_COLOR: '' }, true, true],
    ['--help', { TERM: 'dumb' }, true, false],
    ['help', {}, true, true],
    ['help --no-color', {}, true, false],
  ]
  test.each(rows)('%p %j terminal %p: %p', async (line, env, terminal, colored) => {
    const { out } = await runInMemory(line.split(' '), commands, { env, terminal })
    expect(out.includes(bold)).toBe(colored)
  })
})
