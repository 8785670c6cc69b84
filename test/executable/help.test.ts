import { expect, test } from 'bun:test'
import { commands } from '../../src/cli/commands/index.ts'
import { goldens } from '../lib/golden.ts'
import { execute, executeInTerminal, srouter } from './process.ts'

const golden = goldens('help')

const pages: readonly (readonly [name: string, words: readonly string[]])[] = [
  ['srouter', []],
  ...Object.keys(commands).map(name => [name, [name]] as const),
]

for (const [name, words] of pages)
  test(`help of ${name}`, async () => {
    const { code, out, err } = await execute(srouter(), [...words, '--help'])
    expect([code, err]).toEqual([0, ''])
    golden(`${name}.txt`, out)
  })

test('without a command: the same text, as an error', async () => {
  const { code, out, err } = await execute(srouter(), [])
  expect([code, out]).toEqual([64, ''])
  expect(err).toBe((await execute(srouter(), ['--help'])).out)
})

const bold = '\u001b[1m'

test.each([
  [[], {}, true],
  [['--no-color'], {}, false],
  [[], { NO_COLOR: '1' }, false],
  [[], { NO_COLOR: '' }, true],
  [[], { TERM: 'dumb' }, false],
] as const)('colour in a terminal: %j %j %p', async (flags, env, colored) => {
  const { code, out } = await executeInTerminal(srouter(), ['--help', ...flags], env)
  expect(code).toBe(0)
  expect(out).toContain('Usage:')
  expect(out.includes(bold)).toBe(colored)
})
