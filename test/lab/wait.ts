import { messageOf } from '../../src/lib/errors.ts'

export interface WaitOptions {
  /** What is waited for, as it stands in "waited 10 s for …". */
  readonly what: string
  readonly timeoutMs?: number
  readonly everyMs?: number
}

/**
 * Asks until the answer is neither `undefined`, `null` nor `false`, and returns it. A condition that throws counts as
 * "not yet"; what it threw last is in the message when time runs out.
 */
export const waitFor = async <T>(
  condition: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  options: WaitOptions,
): Promise<T> => {
  const { what, timeoutMs = 10_000, everyMs = 25 } = options
  const end = performance.now() + timeoutMs
  let trouble = ''
  for (;;) {
    try {
      const answer = await condition()
      if (answer !== undefined && answer !== null && answer !== false) return answer
      trouble = ''
    } catch (thrown) {
      if (thrown instanceof GiveUp) throw thrown
      trouble = `; the last time: ${messageOf(thrown)}`
    }
    if (performance.now() >= end) throw new Error(`waited ${timeoutMs / 1000} s for ${what}${trouble}`)
    await Bun.sleep(everyMs)
  }
}

/** Thrown by a condition that can never come true any more: `waitFor` passes it on at once. */
export class GiveUp extends Error {}
