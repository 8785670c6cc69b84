import { expect, test } from 'bun:test'
import { escapeTerminal } from '../../src/cli/render/escape.ts'
import { goldens } from '../lib/golden.ts'
import { execute, srouter } from './process.ts'

const golden = goldens('errors')

const rows: readonly (readonly [name: string, argv: readonly string[]])[] = [
  ['unknown-command', ['pln']],
  ['unknown-command-far', ['frobnicate']],
  ['unknown-command-help', ['help', 'pln']],
  ['unknown-flag', ['plan', '--only-file']],
  ['unknown-flag-far', ['plan', '--frobnicate']],
  ['unknown-flag-short', ['plan', '-x']],
  ['unknown-flag-single-hyphen', ['plan', '-only-files']],
  ['flag-before-command', ['--strict', 'validate']],
  ['missing-flag', ['validate']],
  ['missing-value', ['plan', '-f']],
  ['missing-value-before-flag', ['plan', '-f', '--only-files']],
  ['empty-value', ['plan', '-f', '']],
  ['flag-twice', ['plan', '-n', 'a', '--namespace', 'b']],
  ['value-for-boolean', ['plan', '--only-files=yes']],
  ['not-an-integer', ['plan', '--allow-deletes', 'many']],
  ['not-one-of', ['plan', '-o', 'markdwn']],
  ['format-of-another-command', ['version', '-o', 'yaml']],
  ['unexpected-argument', ['plan', 'a.yaml']],
  ['control-characters', ['plan', 'a\u001b[31m\u202e\nerror: forged']],
]

for (const [name, argv] of rows)
  test(name, async () => {
    const { code, out, err } = await execute(srouter(), argv)
    const line = argv
      .map(word => (/^[\w./=-]+$/.test(word) ? word : escapeTerminal(JSON.stringify(word))))
      .join(' ')
    expect(out).toBe('')
    golden(`${name}.txt`, `$ srouter ${line}\n${err}exit code ${code}\n`)
  })
