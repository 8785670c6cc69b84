import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  answersMeanwhile,
  type Health,
  type Round,
  servesMeanwhile,
  unknownHealth,
  withRound,
} from '../../../../src/engine/failover/automatic/health.ts'

const thresholds = { failureThreshold: 3, successThreshold: 2 }

/** Rounds of `o`, an answer, and `x`, a failure; each takes a second, and they are ten apart. */
const after = (rounds: string, limits = thresholds): Health =>
  [...rounds.replaceAll(' ', '')].reduce<Health>(
    (health, letter, index) =>
      withRound(
        health,
        { beganMs: index * 10_000, endedMs: index * 10_000 + 1_000, answers: letter === 'o' },
        limits,
      ),
    unknownHealth,
  )

describe('the state', () => {
  test.each<[string, Health['state'], number, number]>([
    ['', 'Unknown', 0, 0],
    ['o', 'Unknown', 0, 1],
    ['o o', 'Up', 0, 2],
    ['o x o', 'Unknown', 0, 1],
    ['x', 'Unknown', 1, 0],
    ['x x', 'Unknown', 2, 0],
    ['o o x x', 'Up', 2, 0],
    ['o o x x o x x', 'Up', 2, 0],
    ['o o x x x', 'Down', 3, 0],
    ['x x x', 'Down', 3, 0],
    ['x x x o', 'Down', 0, 1],
    ['x x x o x o', 'Down', 0, 1],
    ['x x x o o', 'Up', 0, 2],
    ['x x x o o x', 'Up', 1, 0],
  ])('%s is %s', (rounds, state, failures, successes) => {
    expect(after(rounds)).toMatchObject({ state, failures, successes })
  })

  test.each<[string, Health['state']]>([
    ['o', 'Up'],
    ['x', 'Down'],
    ['o x', 'Down'],
    ['x o', 'Up'],
  ])('thresholds of one: %s is %s', (rounds, state) => {
    expect(after(rounds, { failureThreshold: 1, successThreshold: 1 }).state).toBe(state)
  })

  test('follows the last row that is long enough, whatever was before', () => {
    const letters = fc.array(fc.constantFrom('o', 'x'), { maxLength: 30 })
    const limits = fc.record({
      failureThreshold: fc.integer({ min: 1, max: 5 }),
      successThreshold: fc.integer({ min: 1, max: 5 }),
    })
    fc.assert(
      fc.property(letters, limits, (rounds, each) => {
        const text = rounds.join('')
        const up = text.lastIndexOf('o'.repeat(each.successThreshold))
        const down = text.lastIndexOf('x'.repeat(each.failureThreshold))
        const expected = up < 0 && down < 0 ? 'Unknown' : up > down ? 'Up' : 'Down'
        expect(after(text, each).state).toBe(expected)
      }),
    )
  })
})

describe('when the failures began', () => {
  test.each([
    ['', undefined],
    ['o o', undefined],
    ['x', 1_000],
    ['o x', 11_000],
    ['o x x x', 11_000],
    ['x o', undefined],
    ['x o x', 21_000],
  ])('%s: %p', (rounds, since) => {
    expect(after(rounds).failingSinceMs).toBe(since)
  })
})

describe('whether another answers meanwhile', () => {
  const round = (beganMs: number, answers = true): Round => ({ beganMs, endedMs: beganMs + 500, answers })
  const asked = (...rounds: readonly Round[]): Health =>
    rounds.reduce((health, each) => withRound(health, each, thresholds), unknownHealth)

  // The peer was asked at 0, 10,000, 20,000 …; that the second round had failed was known at 11,000.
  const rows: readonly (readonly [
    name: string,
    other: Health | undefined,
    peer: string,
    answers: boolean,
  ])[] = [
    ['never asked', undefined, 'o x x', false],
    ['asked, and no round has ended', unknownHealth, 'o x x', false],
    ['answered before the peer began to fail', asked(round(0)), 'o x x', false],
    ['begun before that was known, and answered after', asked(round(10_900)), 'o x x', false],
    ['begun at that very moment', asked(round(11_000)), 'o x x', false],
    ['answers for the first time, and the peer may be back', asked(round(11_001)), 'o x', false],
    ['the same, and the peer has failed again', asked(round(11_001)), 'o x x', true],
    ['begun as the peer was asked again', asked(round(20_000)), 'o x x', false],
    ['answered all the time', asked(round(0), round(11_001)), 'o x', true],
    ['begun after, and failed', asked(round(11_001, false)), 'o x x', false],
    ['answered, and then failed', asked(round(11_001), round(21_001, false)), 'o x x x', false],
    ['failed, and then answered', asked(round(11_001, false), round(21_001)), 'o x x', false],
    ['the same, and the peer has failed again', asked(round(11_001, false), round(21_001)), 'o x x x', true],
    ['answered before a failure that began anew', asked(round(11_001)), 'o x o x', false],
    ['the peer answers', asked(round(0), round(11_001)), 'o o', false],
    ['nothing is known of the peer', asked(round(0)), '', false],
  ]

  test.each(rows)('%s', (_, other, peer, expected) => {
    expect(answersMeanwhile(other, after(peer))).toBe(expected)
  })

  test.each([
    ['up, and answers', asked(round(0), round(11_001)), true],
    ['has just come back', asked(round(11_001)), false],
    ['up, and not asked since', asked(round(0), round(5_000)), false],
    ['up, and failed the last time', asked(round(0), round(5_000), round(11_001, false)), false],
  ])('its own gateway: %s', (_, own, expected) => {
    expect(servesMeanwhile(own, after('o x x'))).toBe(expected)
  })
})
