import type { KubeError } from './error.ts'
import { type Backoff, backoffDelay } from './timing.ts'

const mostRepeats = 5
/** No attempt begins later than this after the first. */
const withinMs = 30_000
const backoff: Backoff = { firstMs: 250, maxMs: 4_000 }

export interface Spent {
  /** Repeats so far. */
  readonly repeats: number
  /** Since the first attempt began. */
  readonly elapsedMs: number
  /** The server has answered this client before: then it is there, and a broken connection will pass. */
  readonly known: boolean
}

/**
 * How long to wait before the request is repeated, or undefined where it is not. Every request may be repeated: a server
 * that answers 429 or 5xx has not done it or will do the same again, and who creates looks whether it was itself that
 * came first (see write.ts).
 *
 * | error                               | answer                              |
 * | ----------------------------------- | ----------------------------------- |
 * | 429, Retry-After: 3                 | 3 s, up to 10 % more                |
 * | 503                                 | 250 ms, 500 ms … with jitter        |
 * | 503, Retry-After: 60                | undefined: it would take too long   |
 * | connection lost, known server       | 250 ms, 500 ms … with jitter        |
 * | connection refused, unknown server  | undefined: the user wants to know   |
 * | 404, 409, 422 …, unknown CA         | undefined                           |
 */
export const repeatDelay = (error: KubeError, spent: Spent, random: number): number | undefined => {
  if (spent.repeats >= mostRepeats || !isPassing(error, spent.known)) return undefined
  const delay =
    error.retryAfterMs === undefined
      ? backoffDelay(backoff, spent.repeats, random)
      : error.retryAfterMs * (1 + random / 10)
  return spent.elapsedMs + delay > withinMs ? undefined : delay
}

const isPassing = (error: KubeError, known: boolean): boolean => {
  if (error.status === 0) return known && error.reason !== 'NotTrusted' && error.reason !== 'NotUsable'
  if (error.status === 500 && blamesTheObject.test(error.message)) return false
  return error.status === 429 || (error.status >= 500 && error.status !== 501 && error.status !== 505)
}

/** Server-side apply answers 500 to a value of the wrong type. */
const blamesTheObject = /failed to create typed patch object/

/**
 * `Retry-After` in seconds or as a date.
 *
 * | value                         | answer                   |
 * | ----------------------------- | ------------------------ |
 * | 2                             | 2000                     |
 * | Wed, 21 Oct 2026 07:28:00 GMT | until then, 0 when past  |
 * | soon                          | undefined                |
 */
export const retryAfterMs = (header: string | null, now: number): number | undefined => {
  if (header === null || header.trim() === '') return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
