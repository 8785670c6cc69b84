import { isUnanswered } from '../kube/index.ts'

/**
 * Ends a series of writes when one of them gets no answer, after all its repetitions: every other one would wait as
 * long, and a few thousand of them for hours.
 */
export interface Outage {
  /** For the requests. Its reason is the error that told. */
  readonly signal: AbortSignal
  /** To be told what a request threw. */
  readonly notice: (thrown: unknown) => void
}

export const newOutage = (): Outage => {
  const control = new AbortController()
  return {
    signal: control.signal,
    notice: thrown => {
      if (isUnanswered(thrown)) control.abort(thrown)
    },
  }
}
