import type { KubeClient } from '../../kube/index.ts'
import type { Context } from '../context.ts'
import { escapeTerminal } from '../render/escape.ts'
import { type Mine, type Step, step } from './step.ts'
import type { ViewOptions } from './view.ts'

/** Between two steps. */
const stepMs = 500

export interface Pace {
  /** Seconds since it began. */
  readonly elapsed: () => number
  /** A line of progress, with the time in front; each only once. */
  readonly tell: (line: string) => void
  /** Steps until `isDone` says so, or time is up; the last step, and whether it is done. */
  readonly until: (
    mine: Mine,
    isDone: (step: Step) => boolean,
    deadlineMs: number,
  ) => Promise<{ readonly last: Step; readonly done: boolean }>
}

export const paceOf = (client: KubeClient, options: ViewOptions, { output, log }: Context): Pace => {
  const { timing } = client
  const began = timing.elapsed()
  const told = new Set<string>()
  const elapsed = (): number => (timing.elapsed() - began) / 1000
  const tell = (line: string): void => {
    if (told.has(line)) return
    told.add(line)
    output.err(`${elapsed().toFixed(1).padStart(6)} s  ${escapeTerminal(line)}\n`)
  }
  return {
    elapsed,
    tell,
    until: async (mine, isDone, deadlineMs) => {
      for (;;) {
        const last = await step(options, mine)
        for (const failure of last.failures) tell(`failed, and tried again: ${failure}`)
        const done = isDone(last)
        if (done || timing.elapsed() - began >= deadlineMs) return { last, done }
        log.debug('Another step', { written: last.written })
        await timing.pause(stepMs, options.signal)
      }
    },
  }
}
