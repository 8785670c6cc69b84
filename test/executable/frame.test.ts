import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, execute, interrupt, shell } from './process.ts'

/** What happens around a command, with commands made for it (fixtures/main.ts) in an executable of their own. */

const folder = mkdtempSync(join(tmpdir(), 'srouter-frame-'))
const frame = join(folder, 'frame')

beforeAll(() => compile('test/executable/fixtures/main.ts', frame), 60_000)
afterAll(() => rmSync(folder, { recursive: true }))

describe('output', () => {
  const rows: readonly (readonly [script: string, out: string, err: string])[] = [
    ['"$SROUTER" flood 100 | wc -c', '104857600', 'flooding\ndone\n'],
    ['"$SROUTER" flood 100 | (sleep 0.5; wc -c)', '104857600', 'flooding\ndone\n'],
    // the reader goes away: the command goes on, and nothing is said about it
    ['"$SROUTER" flood 100 | head -c 3; echo " $PIPESTATUS"', 'xxx 0', 'flooding\ndone\n'],
    ['"$SROUTER" refuse 2>&1 >/dev/null | true; echo $PIPESTATUS', '6', ''],
  ]
  test.each(rows)('%s', async (script, out, err) => {
    const ended = await shell(frame, script)
    expect([ended.out.trim(), ended.err]).toEqual([out, err])
  })

  test.if(process.platform === 'linux')('a result that cannot be written is no success', async () => {
    expect(await shell(frame, '"$SROUTER" flood 1 >/dev/full')).toEqual({
      code: 1,
      out: '',
      err: 'flooding\ndone\nerror: cannot write to standard output: ENOSPC: no space left on device, write\n',
    })
  })
})

describe('standard input', () => {
  test('is read as it is', async () => {
    const text = 'höhö\n'.repeat(100_000)
    expect((await execute(frame, ['read'], { stdin: text })).out).toBe(text)
  })

  test('that cannot be read is said to be so', async () => {
    const { code, err } = await shell(frame, '"$SROUTER" read </')
    expect(code).toBe(1)
    expect(err).toContain('error: cannot read standard input: ')
    expect(err).toContain('hint: pipe a file into it')
  })
})

describe('signals', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a command, with one line', async signal => {
    expect(await interrupt(frame, ['read'], 'reading', [signal])).toEqual({
      code: 130,
      out: '',
      err: 'reading\ninterrupted\n',
    })
  })

  test('what the command still says after it is not shown', async () => {
    expect(await interrupt(frame, ['late'], 'working', ['SIGINT'])).toEqual({
      code: 130,
      out: '',
      err: 'working\ninterrupted\n',
    })
  })

  test('also while nobody reads its output', async () => {
    const fifo = join(folder, 'unread')
    Bun.spawnSync(['mkfifo', fifo])
    // open for reading, too, but never read
    const unread = openSync(fifo, constants.O_RDWR)
    const { code, err } = await interrupt(frame, ['flood', '8'], 'flooding', ['SIGINT'], unread)
    closeSync(unread)
    expect([code, err]).toEqual([130, 'flooding\ndone\ninterrupted\n'])
  })

  test('a command that has to finish does, and answers for itself', async () => {
    expect(await interrupt(frame, ['finish'], 'working', ['SIGINT'])).toEqual({
      code: 5,
      out: 'finished\n',
      err: 'working\n',
    })
  })

  test('a second signal ends that, too', async () => {
    const { code, out } = await interrupt(frame, ['stubborn'], 'working', ['SIGINT', 'SIGTERM'])
    expect([code, out]).toEqual([130, ''])
  })
})

describe('errors', () => {
  test('what the user can mend: message and hint, no stack, nothing that moves the cursor', async () => {
    expect(await execute(frame, ['refuse'])).toEqual({
      code: 6,
      out: '',
      err:
        'warn: Something is odd file="a b\\u202e.yaml" count=2\n' +
        'error: no cluster\\u001b[2J at\\nall\nhint: start one\n',
    })
  })

  test('--quiet leaves the error', async () => {
    const { err } = await execute(frame, ['refuse', '-q'])
    expect(err).toBe('error: no cluster\\u001b[2J at\\nall\nhint: start one\n')
  })

  test('--log-format json says all of it in JSON', async () => {
    const { code, err } = await execute(frame, ['refuse', '--log-format', 'json'])
    const lines = err
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(code).toBe(6)
    expect(lines).toEqual([
      {
        time: expect.any(String),
        level: 'warn',
        message: 'Something is odd',
        file: 'a b\u202e.yaml',
        count: 2,
      },
      {
        time: expect.any(String),
        level: 'error',
        message: 'no cluster\u001b[2J at\nall',
        hint: 'start one',
        exitCode: 6,
      },
    ])
    expect(err).not.toMatch(/[\u001b\u202e]/)
  })

  test.each([
    ['bug', 'error: internal error: nothing is not\\u001b[31m a function\nhint: this is a bug in srouter;'],
    ['stray', 'error: internal error: nobody awaits this\nhint: this is a bug in srouter;'],
  ])('a bug is called one: %s', async (command, start) => {
    const { code, err } = await execute(frame, [command])
    expect(code).toBe(1)
    expect(err).toStartWith(start)
    expect(err).not.toContain('    at ')
  })

  test('its stack is for --log-level debug', async () => {
    const { err } = await execute(frame, ['bug', '--log-level', 'debug'])
    expect(err).toContain('\n    at ')
  })
})
