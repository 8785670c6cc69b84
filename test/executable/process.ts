import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Running executables as a user does: another process, pipes, signals, a terminal. */

export const root = join(import.meta.dir, '..', '..')

/** The executable that scripts/build makes. */
export const srouter = (): string => {
  const path = join(root, 'dist', 'srouter')
  if (!existsSync(path)) throw new Error('dist/srouter does not exist; scripts/build makes it')
  return path
}

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface How {
  readonly stdin?: string | Uint8Array
  /** Added to what little a process always gets; nothing of the tests' own environment. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

export const execute = async (
  executable: string,
  argv: readonly string[],
  { stdin = '', env = {}, cwd = root }: How = {},
): Promise<Ended> => {
  const process = Bun.spawn([executable, ...argv], {
    cwd,
    env: { ...bareEnv, ...env },
    stdin: typeof stdin === 'string' ? Buffer.from(stdin) : stdin,
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [code, out, err] = await Promise.all([process.exited, process.stdout.text(), process.stderr.text()])
  return { code, out, err }
}

/** The same in a terminal of 100 columns; `out` is what both streams show there. */
export const executeInTerminal = async (
  executable: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd = root,
): Promise<Omit<Ended, 'err'>> => {
  let out = ''
  const decoder = new TextDecoder()
  const process = Bun.spawn([executable, ...argv], {
    cwd,
    env: { ...bareEnv, TERM: 'xterm-256color', ...env },
    terminal: {
      cols: 100,
      rows: 30,
      data: (_, data) => {
        out += decoder.decode(data, { stream: true })
      },
    },
  })
  const code = await process.exited
  return { code, out }
}

/** What a shell makes of `script`, in which `$SROUTER` is the executable. */
export const shell = (executable: string, script: string): Promise<Ended> =>
  execute('/bin/bash', ['-c', script], { env: { SROUTER: executable } })

/**
 * Starts it, waits until standard error shows `ready`, and sends the signals, one after the other. `stdout`: a
 * descriptor to give it instead of a pipe that is read.
 */
export const interrupt = async (
  executable: string,
  argv: readonly string[],
  ready: string,
  signals: readonly NodeJS.Signals[],
  stdout: number | 'pipe' = 'pipe',
): Promise<Ended> => {
  const process = Bun.spawn([executable, ...argv], {
    cwd: root,
    env: bareEnv,
    stdin: 'pipe',
    stdout,
    stderr: 'pipe',
  })
  let err = ''
  const decoder = new TextDecoder()
  const sent = { all: false }
  for await (const chunk of process.stderr) {
    err += decoder.decode(chunk, { stream: true })
    if (sent.all || !err.includes(ready)) continue
    sent.all = true
    for (const signal of signals) {
      process.kill(signal)
      await Bun.sleep(50)
    }
  }
  const out = process.stdout instanceof ReadableStream ? await process.stdout.text() : ''
  return { code: await process.exited, out, err }
}

const bareEnv = { PATH: process.env.PATH ?? '/usr/bin:/bin' }

/** Compiles `source` the way scripts/build does, as far as that matters to how it runs. */
export const compile = async (source: string, outfile: string): Promise<void> => {
  const build = Bun.spawn(
    [
      join(root, 'node_modules', '.bin', 'bun'),
      ...['build', source, '--compile', '--minify', '--bytecode', '--format=esm', '--outfile', outfile],
    ],
    { cwd: root, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
  )
  if ((await build.exited) !== 0) throw new Error(`${source}: ${await build.stderr.text()}`)
}
