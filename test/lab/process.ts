import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { waitFor } from './wait.ts'

/** One process of the lab. It runs in a session of its own: Ctrl+C in the terminal is not for it. */
export interface LabProcess {
  readonly pid: number
  readonly logFile: string
  alive(): boolean
  /** Its exit code, once it has ended; of one that was killed, 128 and the signal's number. */
  readonly ended: Promise<number>
  /** Sends the signal and, unless it only stops or continues the process, waits for its end. */
  kill(signal: NodeJS.Signals): Promise<void>
}

/**
 * Starts a process that writes to `<folder>/<name>.log` and is recorded in `<folder>/<name>.pid`. The folder must
 * occur in the command: by that `endRecorded` knows its own.
 */
export const launch = (folder: string, name: string, command: readonly string[]): LabProcess => {
  const logFile = join(folder, `${name}.log`)
  const pidFile = join(folder, `${name}.pid`)
  const log = openSync(logFile, 'a', 0o600)
  const child = Bun.spawn([...command], { stdin: 'ignore', stdout: log, stderr: log, detached: true })
  closeSync(log)
  child.unref()
  writeFileSync(pidFile, String(child.pid))
  const alive = () => child.exitCode === null && child.signalCode === null
  return {
    pid: child.pid,
    logFile,
    alive,
    ended: child.exited,
    kill: async signal => {
      if (!alive()) return
      child.kill(signal)
      if (signal === 'SIGSTOP' || signal === 'SIGCONT') return
      await child.exited
      rmSync(pidFile, { force: true })
    },
  }
}

/** Starts watchdog.ts for a folder. Returns what makes it do its work at once. */
export const startWatchdog = (folder: string): (() => Promise<void>) =>
  startSurvivor([process.execPath, join(import.meta.dir, 'watchdog.ts'), folder])

/**
 * Starts a process that outlives this one, and notices its end by its stdin, however that comes. Returns what makes it
 * believe so at once, and waits for it to end.
 */
export const startSurvivor = (command: readonly string[]): (() => Promise<void>) => {
  const child = Bun.spawn([...command], {
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'ignore',
    detached: true,
  })
  child.unref()
  return async () => {
    await child.stdin.end()
    await child.exited
  }
}

/** The last lines of a log, for an error message. */
export const tail = (logFile: string, lines = 12): string =>
  readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')

/** A zombie, which nobody has collected yet, is not. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return commandOf(pid) !== ''
}

/** Name → pid of the processes recorded in a folder that still run. */
export const recorded = (folder: string): Map<string, number> => {
  const found = new Map<string, number>()
  for (const file of list(folder).filter(name => name.endsWith('.pid'))) {
    const pid = Number(readFileSync(join(folder, file), 'utf8'))
    if (pid > 0 && commandOf(pid).includes(folder)) found.set(file.slice(0, -'.pid'.length), pid)
  }
  return found
}

/** Ends what `launch` started for this folder, whoever called it. What they wrote is not worth a graceful end. */
export const endRecorded = async (folder: string): Promise<void> => {
  for (const pid of recorded(folder).values()) process.kill(pid, 'SIGKILL')
  await waitFor(() => recorded(folder).size === 0, { what: `the processes of ${folder} to end` })
}

/** A pid may belong to someone else by now, so it is only believed together with its command line. */
const commandOf = (pid: number): string => {
  try {
    // Empty for a zombie.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    if (process.platform === 'linux') return ''
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? ''
  }
}

const list = (folder: string): string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
