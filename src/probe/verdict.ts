import type { ProbeFailure, ProbeTarget } from '../api/probe-outcome.ts'

/** Without the time that it took: what one attempt comes to. */
export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly failure: ProbeFailure; readonly message: string }

export const up: Verdict = { ok: true }

export const down = (failure: ProbeFailure, message: string): Verdict => ({
  ok: false,
  failure,
  message: printable(message, longestMessage),
})

export const timedOut = ({ timeoutSeconds }: ProbeTarget, phase: string): Verdict =>
  down('TimedOut', `nothing within ${timeoutSeconds} s, stopped ${phase}`)

const longestMessage = 300

/**
 * What others have written, made fit for a message: printable ASCII, and no longer than asked for.
 *
 * | text          | longest | answer   |
 * | ------------- | ------- | -------- |
 * | a ESC [31m b  | 20      | a ?[31m b |
 * | abcdefgh      | 6       | abc...   |
 */
export const printable = (text: string, longest: number): string => {
  const cut = text.length > longest ? `${text.slice(0, longest - 3)}...` : text
  return cut.replace(/[^\x20-\x7e]/g, '?')
}
