import { describe, expect, test } from 'bun:test'
import { commands } from '../../src/cli/commands/index.ts'
import { candidatesFor, type Lookup } from '../../src/cli/completion/candidates.ts'
import { splitLine } from '../../src/cli/completion/line.ts'
import { shells } from '../../src/cli/completion/shells.ts'
import type { CommandTable } from '../../src/cli/definition.ts'
import { globalFlags } from '../../src/cli/globals.ts'

describe('a line up to the cursor', () => {
  test.each([
    ['', [], ''],
    ['srouter', [], 'srouter'],
    ['srouter pl', ['srouter'], 'pl'],
    ['srouter  plan ', ['srouter', 'plan'], ''],
    ["srouter -f 'a b' ", ['srouter', '-f', 'a b'], ''],
    ["srouter -f 'a b", ['srouter', '-f'], 'a b'],
    ['srouter -f "a \\" b" c', ['srouter', '-f', 'a " b'], 'c'],
    ['srouter -f a\\ b', ['srouter', '-f'], 'a b'],
    ['srouter -f a\\', ['srouter', '-f'], 'a'],
    ["srouter plan ''", ['srouter', 'plan'], ''],
    ["srouter a'b c'd", ['srouter'], 'ab cd'],
  ])('%s', (line, words, current) => expect(splitLine(line)).toEqual({ words, current }))
})

/** The lookup says what it was asked. */
const lookup: Lookup = async (what, given) => [
  { value: `${what}:${[...given].map(pair => pair.join('=')).join(',')}`, description: '' },
]

const at = async (line: string): Promise<readonly string[] | 'files'> => {
  const { words, current } = splitLine(`srouter ${line}`)
  const found = await candidatesFor({ words: words.slice(1), current }, commands, lookup)
  return found === 'files' ? found : found.map(({ value }) => value)
}

describe('what could follow', () => {
  test('nothing yet: every command', async () => expect(await at('')).toEqual(Object.keys(commands)))

  test.each([
    ['pl', ['plan']],
    ['bogus ', []],
    ['failover st', ['start', 'status']],
    ['failover bogus ', []],
    ['-q failover rec', ['reclaim']],
    ['help pl', ['plan']],
    ['--v', ['--version']],
    ['plan --v', []],
    ['plan --on', ['--only-files']],
    ['plan --only-files --on', []],
    ['plan -f a --fi', ['--file']],
    ['plan --no', ['--no-color']],
    ['plan -- --on', []],
    ['plan -o ', ['text', 'json', 'yaml', 'markdown']],
    ['plan -o j', ['json']],
    ['plan -qo j', ['json']],
    ['plan --output=y', ['--output=yaml']],
    ['plan --bogus=y', []],
    ['plan --only-files=', []],
    ['validate -o ', ['text', 'json', 'github', 'junit', 'sarif']],
    ['--log-level d', ['debug']],
    ['run --leader-elect ', ['auto', 'true', 'false']],
    ['plan --allow-deletes ', []],
    ['plan -f ', 'files'],
    ['plan -f a', 'files'],
    ['plan --file=a', 'files'],
    ['plan --current ', 'files'],
    ['plan --out ', 'files'],
    ['--kubeconfig ', 'files'],
    ['apply ', 'files'],
    ['apply plan.json ', []],
    ['plan ', []],
    ['plan --context ', ['contexts:']],
    ['plan --kubeconfig k --context c', ['contexts:kubeconfig=k']],
    ['failover start ', ['regionFailovers:']],
    ['--context c failover end r', ['regionFailovers:context=c']],
    ['failover start aks01-weu ', []],
  ] as const)('srouter %s', async (line, expected) => expect(await at(line)).toEqual(expected))
})

/** Those of the whole table, with what they are flags of. */
const flagsOf = async (table: CommandTable, words = ''): Promise<readonly (readonly [string, object])[]> =>
  (
    await Promise.all(
      Object.entries(table).map(async ([name, entry]) =>
        'load' in entry
          ? Object.entries((await entry.load()).flags).map(
              ([key, flag]) => [`${words}${name} ${key}`, flag] as const,
            )
          : flagsOf(entry.commands, `${words}${name} `),
      ),
    )
  ).flat()

test('whatever is the path of a file is completed as one', async () => {
  const flags = [...Object.entries(globalFlags), ...(await flagsOf(commands))]
  const paths = flags.filter(
    ([, flag]) => 'valueHint' in flag && /^(FILE|PATH)$/.test(String(flag.valueHint)),
  )
  expect(paths.length).toBeGreaterThan(0)
  for (const [name, flag] of paths) expect([name, flag]).toEqual([name, { ...flag, completes: 'files' }])
})

describe('the form of each shell', () => {
  const candidates = [
    { value: 'a:b', description: 'One. And more.' },
    { value: 'c', description: '' },
  ]
  test.each([
    ['bash', 'words\na:b\nc\n'],
    ['zsh', 'words\na\\:b:One\nc\n'],
    ['fish', 'words\na:b\tOne\nc\n'],
  ] as const)('%s', (shell, expected) => {
    expect(shells[shell].answer(candidates)).toBe(expected)
    expect(shells[shell].answer([])).toBe('words\n')
    expect(shells[shell].answer('files')).toBe('files\n')
  })
})
