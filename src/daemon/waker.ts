import type { Timing } from '../kube/index.ts'

/** Waiting for a time that somebody may cut short. */
export interface Waker {
  /** Ends the wait that is going on, or the next one where none is. */
  wake(): void
  /** Until the time is over, somebody wakes it, or the signal is aborted. Rejects never. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

export const createWaker = (timing: Timing): Waker => {
  let woken = Promise.withResolvers<void>()
  return {
    wake: () => woken.resolve(),
    wait: async (ms, signal) => {
      const stop = new AbortController()
      const onAbort = (): void => stop.abort()
      signal.addEventListener('abort', onAbort, { once: true })
      if (signal.aborted) onAbort()
      await Promise.race([woken.promise, timing.pause(Math.max(0, ms), stop.signal).catch(() => {})])
      signal.removeEventListener('abort', onAbort)
      stop.abort()
      woken = Promise.withResolvers()
    },
  }
}
