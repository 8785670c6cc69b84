import type { Timing } from '../../../src/kube/timing.ts'

/** A clock that stands until it is moved; pauses take no time, move it, and are remembered. */
export interface FakeTiming extends Timing {
  readonly pauses: number[]
  advance(ms: number): void
}

export const fakeTiming = (start = Date.parse('2026-11-22T12:00:00Z')): FakeTiming => {
  let passed = 0
  const pauses: number[] = []
  return {
    pauses,
    advance: ms => {
      passed += ms
    },
    now: () => start + passed,
    elapsed: () => passed,
    random: () => 0,
    pause: async (ms, signal) => {
      signal?.throwIfAborted()
      pauses.push(ms)
      passed += ms
    },
  }
}
