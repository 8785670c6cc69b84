import { describe, expect, test } from 'bun:test'
import { ageText } from '../../src/lib/duration.ts'

describe('an age', () => {
  const from = '2026-01-01T00:00:00Z'
  const rows: readonly [to: string, age: string | undefined][] = [
    ['2026-01-01T00:00:00Z', '0s'],
    ['2026-01-01T00:01:59Z', '119s'],
    ['2026-01-01T00:02:00Z', '2m'],
    ['2026-01-01T01:59:59Z', '119m'],
    ['2026-01-01T02:00:00Z', '2h'],
    ['2026-01-02T23:59:59Z', '47h'],
    ['2026-01-03T00:00:00Z', '2d'],
    ['2027-01-01T00:00:00Z', '365d'],
    ['2025-12-31T23:59:59Z', undefined],
    ['soon', undefined],
  ]
  for (const [to, age] of rows) test(`${to} is ${age}`, () => expect(ageText(from, to)).toBe(age))
  test('of what has no time', () => expect(ageText(undefined, from)).toBeUndefined())
})
