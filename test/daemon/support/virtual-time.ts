import type { Timing } from '../../../src/kube/timing.ts'

/** Time that passes only when it is told to; whoever pauses goes on when his moment has come. */
export interface VirtualTime {
  readonly timing: Timing
  after(ms: number, work: () => void): void
  /** Lets so much time pass, one moment after the other. */
  pass(ms: number): Promise<void>
  /** Sets what the clock on the wall shows; nothing that waits is affected. */
  jump(ms: number): void
}

interface Appointment {
  readonly at: number
  readonly order: number
  readonly work: () => void
}

export const virtualTime = (start = Date.parse('2026-11-22T12:00:00Z')): VirtualTime => {
  let now = 0
  let wall = start
  let order = 0
  let appointments: Appointment[] = []
  const after = (ms: number, work: () => void): void => {
    appointments.push({ at: now + Math.max(0, ms), order: order++, work })
  }
  return {
    after,
    jump: ms => {
      wall += ms
    },
    pass: async ms => {
      const end = now + ms
      for (;;) {
        // All that does not wait for time goes first.
        await settle()
        const next = appointments
          .filter(({ at }) => at <= end)
          .reduce<Appointment | undefined>(
            (soonest, each) =>
              soonest === undefined ||
              each.at < soonest.at ||
              (each.at === soonest.at && each.order < soonest.order)
                ? each
                : soonest,
            undefined,
          )
        if (next === undefined) break
        appointments = appointments.filter(each => each !== next)
        now = Math.max(now, next.at)
        next.work()
      }
      now = end
    },
    timing: {
      now: () => wall + now,
      elapsed: () => now,
      random: () => 0.5,
      pause: (ms, signal) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) return reject(signal.reason)
          const stop = (): void => reject(signal?.reason)
          signal?.addEventListener('abort', stop, { once: true })
          after(ms, () => {
            signal?.removeEventListener('abort', stop)
            resolve()
          })
        }),
    },
  }
}

const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
