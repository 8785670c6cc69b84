import { readFileSync, rmSync } from 'node:fs'
import { waitFor } from '../lab/wait.ts'

/** A `srouter run` that is measured; Linux only, as /proc is. */
export interface Running extends AsyncDisposable {
  /** Since it began. */
  readonly elapsedMs: () => number
  /** In user mode and in the kernel, so far. */
  readonly cpuMs: () => number
  readonly residentMB: () => number
  readonly peakMB: () => number
  /** Waits until everything is as it should be, as of a moment after `since` (of Date.now()). */
  readonly settled: (since?: number) => Promise<void>
  /** A metric's sum over all label values that have `part` in them. */
  readonly metric: (name: string, part?: string) => Promise<number>
}

const timeoutMs = 600_000
const tickMs = 10

export const startRunning = (srouter: string, kubeconfig: string, log: string): Running => {
  // What the one before has said there would be taken for this one's.
  rmSync(log, { force: true })
  const began = performance.now()
  const child = Bun.spawn(
    [
      ...[srouter, 'run', '--kubeconfig', kubeconfig, '--log-format', 'json'],
      ...['--metrics-bind-address', '127.0.0.1:0', '--health-probe-bind-address', '0'],
    ],
    { stdin: 'ignore', stdout: 'ignore', stderr: Bun.file(log), env: process.env },
  )
  let port: number | undefined
  const portOf = (): number | undefined => {
    const line = readFileSync(log, 'utf8').slice(0, 4096).split('\n').find(isListening)
    return line === undefined ? undefined : (JSON.parse(line) as { port: number }).port
  }
  const metric: Running['metric'] = async (name, part = '') => {
    port ??= await waitFor(portOf, { what: 'the daemon to serve its metrics' })
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    return text
      .split('\n')
      .filter(line => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(part))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
  }
  return {
    elapsedMs: () => performance.now() - began,
    cpuMs: () => {
      const text = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
      return (Number(fields[11]) + Number(fields[12])) * tickMs
    },
    residentMB: () => memoryMB(child.pid, 'VmRSS'),
    peakMB: () => memoryMB(child.pid, 'VmHWM'),
    metric,
    settled: async (since = 0) => {
      const success = 'srouter_last_full_success_timestamp_seconds'
      await waitFor(async () => (await metric(success)) * 1000 > since, {
        what: 'everything to be as it should be',
        timeoutMs,
        everyMs: 50,
      })
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await child.exited
    },
  }
}

/** What the kernel says of a process, now or at its most. */
export const memoryMB = (pid: number, field: 'VmRSS' | 'VmHWM'): number => {
  const [, kB = '0'] =
    new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return (Number(kB) * 1024) / 1e6
}

const isListening = (line: string): boolean => line.includes('"what":"metrics"') && line.endsWith('}')
