import { readFileSync } from 'node:fs'

/** What one run of a program took. */
export interface Run {
  readonly wallMs: number
  /** In user mode and in the kernel, by all its threads. */
  readonly cpuMs: number
  readonly peakMB: number
  readonly stdout: string
}

export interface RunOptions {
  /** Else its output goes nowhere. */
  readonly keepOutput?: boolean
}

/** Runs a program to its end. One that fails is no measurement. */
export const run = async (command: readonly string[], options: RunOptions = {}): Promise<Run> => {
  const began = performance.now()
  const child = Bun.spawn([...command], {
    stdin: 'ignore',
    stdout: options.keepOutput ? 'pipe' : 'ignore',
    stderr: 'pipe',
    // What a control plane of the lab put there, NO_PROXY, is for its children as well.
    env: process.env,
  })
  const peak = watchPeak(child.pid)
  const [stdout, stderr] = await Promise.all([
    child.stdout === undefined ? '' : new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  const wallMs = performance.now() - began
  const usage = child.resourceUsage()
  if (child.exitCode !== 0 || usage === undefined)
    throw new Error(`${command.join(' ')} ended with ${child.exitCode}: ${stderr.slice(-2000)}`)
  const { user, system } = usage.cpuTime
  return { wallMs, cpuMs: Number(user + system) / 1000, peakMB: peak() ?? usage.maxRSS / 1e6, stdout }
}

/**
 * Reads a process's peak memory as long as it runs. What wait4 says in the end is no use for a small one: Linux counts
 * what the parent had when the process began.
 */
const watchPeak = (pid: number): (() => number | undefined) => {
  let peakMB: number | undefined
  const look = (): void => {
    try {
      const [, kB] = /^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
      if (kB !== undefined) peakMB = (Number(kB) * 1024) / 1e6
    } catch {
      // It has ended, or this is no Linux.
    }
  }
  const timer = setInterval(look, 10)
  return () => {
    clearInterval(timer)
    return peakMB
  }
}

/** Runs both by turns, so that what else the machine does falls on both. */
export const byTurns = async <A, B>(
  times: number,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<{ readonly first: readonly A[]; readonly second: readonly B[] }> => {
  const results = { first: [] as A[], second: [] as B[] }
  for (let i = 0; i < times; i++) {
    results.first.push(await first())
    results.second.push(await second())
  }
  return results
}
