import type { Clock } from '../lib/io.ts'

/** Time and chance as parameters, so that a test can have them its own way. */
export interface Timing extends Clock {
  /** Milliseconds from some fixed moment, never set back: what intervals are measured with. */
  elapsed(): number
  /** From 0 up to, but not including, 1. */
  random(): number
  /** Rejects with the signal's reason when it is aborted. */
  pause(ms: number, signal?: AbortSignal): Promise<void>
}

export const realTiming: Timing = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  random: () => Math.random(),
  pause: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const stop = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }, ms)
      signal?.addEventListener('abort', stop, { once: true })
    }),
}

export interface Backoff {
  readonly firstMs: number
  readonly maxMs: number
}

/**
 * How long to wait before the next attempt: doubling from `firstMs` to `maxMs`, each stretched by up to a half so that
 * many clients that failed together do not come back together.
 *
 * | attempt | 0       | 1       | 2        | … | at most     |
 * | ------- | ------- | ------- | -------- | - | ----------- |
 * | 250 ms  | 250–375 | 500–750 | 1000–1500 |   | maxMs × 1.5 |
 */
export const backoffDelay = (backoff: Backoff, attempt: number, random: number): number =>
  Math.min(backoff.maxMs, backoff.firstMs * 2 ** attempt) * (1 + random / 2)
