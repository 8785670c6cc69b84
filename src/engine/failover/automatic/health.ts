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
  readonly last: Round | undefined
}

export const unknownHealth: Health = {
  state: 'Unknown',
  failures: 0,
  successes: 0,
  failingSinceMs: undefined,
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
    return { state, successes, failures: 0, failingSinceMs: undefined, last: round }
  }
  const failures = health.failures + 1
  return {
    state: failures >= failureThreshold ? 'Down' : health.state,
    successes: 0,
    failures,
    failingSinceMs: health.failingSinceMs ?? round.endedMs,
    last: round,
  }
}

/**
 * Whether something else answers while the peer does not: its last round was begun after the first failure of the peer was
 * known. What answered before that may have been cut off by the same accident.
 */
export const answersMeanwhile = (other: Health | undefined, peer: Health): boolean =>
  other?.last?.answers === true &&
  (peer.failingSinceMs === undefined || other.last.beganMs > peer.failingSinceMs)
