import type { ProbeSpec } from '../../../api/probe.ts'

/** One probe of all addresses there are; times in milliseconds, by one clock that does not go back. */
export interface Round {
  readonly beganMs: number
  readonly endedMs: number
  /** Whether one of the addresses answered as it should. */
  readonly answers: boolean
}

/** What the rounds so far come to. */
export interface Health {
  readonly state: 'Unknown' | 'Up' | 'Down'
  /** In a row, up to now. */
  readonly failures: number
  readonly successes: number
  /** When the first failure of this row was known. */
  readonly failingSinceMs: number | undefined
  /** When the first round of this row that was answered was begun. */
  readonly answeringSinceMs: number | undefined
  readonly last: Round | undefined
}

export const unknownHealth: Health = {
  state: 'Unknown',
  failures: 0,
  successes: 0,
  failingSinceMs: undefined,
  answeringSinceMs: undefined,
  last: undefined,
}

/**
 * With failureThreshold 3 and successThreshold 2, `x` being a failure and `o` an answer:
 *
 * | rounds        | state   |
 * | ------------- | ------- |
 * | o             | Unknown |
 * | o o           | Up      |
 * | o o x x       | Up      |
 * | o o x x o x x | Up      |
 * | o o x x x     | Down    |
 * | x x x o       | Down    |
 * | x x x o o     | Up      |
 */
export const withRound = (
  health: Health,
  round: Round,
  { failureThreshold, successThreshold }: Pick<ProbeSpec, 'failureThreshold' | 'successThreshold'>,
): Health => {
  if (round.answers) {
    const successes = health.successes + 1
    const state = successes >= successThreshold ? 'Up' : health.state
    const answeringSinceMs = health.answeringSinceMs ?? round.beganMs
    return { state, successes, failures: 0, failingSinceMs: undefined, answeringSinceMs, last: round }
  }
  const failures = health.failures + 1
  return {
    state: failures >= failureThreshold ? 'Down' : health.state,
    successes: 0,
    failures,
    failingSinceMs: health.failingSinceMs ?? round.endedMs,
    answeringSinceMs: undefined,
    last: round,
  }
}

/**
 * Whether something else answers while the peer does not.
 *
 * | the other one                                          | answers meanwhile |
 * | ------------------------------------------------------ | ----------------- |
 * | was not asked since the first failure of the peer was  | no: what cut the  |
 * | known                                                  | peer off may have |
 * |                                                        | cut it off too    |
 * | did not answer the last time                           | no                |
 * | did, and has begun to after the peer was last asked    | no: the peer may  |
 * |                                                        | be back as well   |
 * | did, and the peer has failed again since it does       | yes               |
 */
export const answersMeanwhile = (other: Health | undefined, { failingSinceMs, last }: Health): boolean =>
  other?.last?.answers === true &&
  other.answeringSinceMs !== undefined &&
  failingSinceMs !== undefined &&
  last !== undefined &&
  other.last.beganMs > failingSinceMs &&
  other.answeringSinceMs < last.beganMs

/** The same of this cluster's own gateway, which has to be up: one that has just come back is none to move a region to. */
export const servesMeanwhile = (own: Health | undefined, peer: Health): boolean =>
  own?.state === 'Up' && answersMeanwhile(own, peer)
