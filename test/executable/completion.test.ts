import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shells } from '../../src/cli/completion/shells.ts'
import { describeWith } from '../lab/suite.ts'
import { execute, root, srouter } from './process.ts'
import { interactiveShells, openShell, type Session } from './shell-session.ts'

/** The tab key in real shells. What could follow where is a table in test/cli/completion.test.ts. */

// A shell starts in an instant, and on a busy machine in seconds.
setDefaultTimeout(60_000)

const folder = mkdtempSync(join(tmpdir(), 'srouter-completion-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const kubeconfig = join(folder, 'config')
const contexts = ['prod-weu', 'arn:aws:eks:eu-west-1:1:cluster/stage', 'evil-$(touch pwned)', 'evil two']
writeFileSync(
  kubeconfig,
  JSON.stringify({
    'current-context': 'prod-weu',
    // nobody listens there
    clusters: [{ name: 'gone', cluster: { server: 'https://127.0.0.1:9' } }],
    contexts: contexts.map(name => ({ name, context: { cluster: 'gone', user: '' } })),
  }),
)

for (const [name, shell] of Object.entries(interactiveShells))
  describeWith(shell.tool, name, () => {
    let session: Session
    beforeAll(async () => {
      session = await openShell(shell, { KUBECONFIG: kubeconfig })
    }, 60_000)
    afterAll(() => session[Symbol.asyncDispose]())

    test.each([
      ['a command', 'srouter va', 'srouter validate'],
      ['one in a group', 'srouter failover rec', 'srouter failover reclaim'],
      ['behind a global flag', 'srouter -q val', 'srouter -q validate'],
      ['by its path', 'dist/srouter va', 'dist/srouter validate'],
      ['a flag', 'srouter plan --detail', 'srouter plan --detailed-exitcode'],
      ['a value', 'srouter plan -o js', 'srouter plan -o json'],
      ['a value behind =', 'srouter plan --output=js', 'srouter plan --output=json'],
      ['a context', 'srouter plan --context pr', 'srouter plan --context prod-weu'],
      [
        'a context with colons',
        'srouter plan --context arn:aws',
        'srouter plan --context arn:aws:eks:eu-west-1:1:cluster/stage',
      ],
      ['a file', 'srouter plan -f LICEN', 'srouter plan -f LICENSE'],
      ['a file behind =', 'srouter plan --file=LICEN', 'srouter plan --file=LICENSE'],
      ['a folder', 'srouter validate -f examples/two', 'srouter validate -f examples/two-regions'],
      ['a file as an argument', 'srouter apply LICEN', 'srouter apply LICENSE'],
    ])('%s: %s', async (_, typed, line) => {
      // zsh takes the space or slash behind a word back where something else than more of it follows
      expect((await session.complete(typed)).line.replace(/[ /]$/, '')).toBe(line)
    })

    test.each([
      ['what there is not', 'srouter bogus LICEN'],
      ['a number', 'srouter plan --allow-deletes '],
      ['a context that the shell would run', 'srouter plan --context ev'],
      ['a cluster that does not answer', 'srouter failover start '],
    ])('%s: nothing, in silence', async (_, typed) => {
      const { line, screen } = await session.complete(typed)
      expect(line.trimEnd()).toBe(typed.trimEnd())
      expect(screen).not.toMatch(/error|unknown|hint/i)
    })
  })

test('a cluster that accepts and never answers is not waited for', async () => {
  using silent = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data: () => undefined } })
  const config = join(folder, 'silent')
  writeFileSync(config, readFileSync(kubeconfig, 'utf8').replace('127.0.0.1:9', `127.0.0.1:${silent.port}`))
  const argv = ['completion', 'bash', '--', `srouter --kubeconfig ${config} failover start `]
  expect(await execute(srouter(), argv)).toEqual({ code: 0, out: 'words\n', err: '' })
})

test('nothing that it looked up was run', () => {
  expect(existsSync(join(root, 'pwned'))).toBe(false)
})

describe.each(Object.keys(shells))('%s, not to be seen', shell => {
  test('a kubeconfig that is none', async () => {
    const env = { KUBECONFIG: join(root, 'LICENSE') }
    const { code, out, err } = await execute(
      srouter(),
      ['completion', shell, '--', 'srouter plan --context '],
      { env },
    )
    expect({ code, out, err }).toEqual({ code: 0, out: 'words\n', err: '' })
  })
})
