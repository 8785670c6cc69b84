import { describe, expect, test } from 'bun:test'
import { KubeError } from '../../src/kube/error.ts'
import { repeatDelay, retryAfterMs, type Spent } from '../../src/kube/retry.ts'
import { backoffDelay } from '../../src/kube/timing.ts'

const error = (status: number, reason = '', retryAfter?: number) =>
  new KubeError({
    status,
    reason,
    message: '',
    request: { verb: 'get', on: { path: '/version' } },
    retryAfterMs: retryAfter,
  })

const fresh: Spent = { repeats: 0, elapsedMs: 0, known: true }

describe('whether and when a request is repeated', () => {
  const rows: readonly [string, KubeError, Partial<Spent>, number, number | undefined][] = [
    ['429 with Retry-After: as the server says', error(429, '', 3000), {}, 0, 3000],
    ['… and a little more, so that not all come back at once', error(429, '', 3000), {}, 1, 3300],
    ['429 without', error(429), {}, 0, 250],
    ['the delays double', error(503), { repeats: 3 }, 0, 2000],
    ['a server error', error(500), {}, 1, 375],
    ['not implemented', error(501), {}, 0, undefined],
    ['five times at most', error(503), { repeats: 5 }, 0, undefined],
    ['within 30 s', error(503, '', 5000), { elapsedMs: 26_000 }, 0, undefined],
    ['Retry-After beyond 30 s', error(503, '', 60_000), {}, 0, undefined],
    ['not found', error(404), {}, 0, undefined],
    ['a conflict', error(409), {}, 0, undefined],
    ['invalid', error(422), {}, 0, undefined],
    ['a server that was there refuses', error(0, 'Refused'), {}, 0, 250],
    ['a server that was never there refuses', error(0, 'Refused'), { known: false }, 0, undefined],
    ['a certificate does not get better', error(0, 'NotTrusted'), {}, 0, undefined],
  ]
  test.each(rows)('%s', (_, thrown, spent, random, expected) => {
    const delay = repeatDelay(thrown, { ...fresh, ...spent }, random)
    if (expected === undefined) expect(delay).toBeUndefined()
    else expect(delay).toBeCloseTo(expected)
  })
})

test.each([
  ['2', 2000],
  ['0', 0],
  ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('Retry-After %p is %p ms', (header, expected) => {
  expect(retryAfterMs(header, Date.parse('2026-11-22T12:00:00Z'))).toBe(expected as number)
})

test('delays double up to the greatest, each up to a half longer', () => {
  const backoff = { firstMs: 100, maxMs: 1000 }
  expect([0, 1, 2, 3, 4, 10].map(attempt => backoffDelay(backoff, attempt, 0))).toEqual([
    100, 200, 400, 800, 1000, 1000,
  ])
  expect(backoffDelay(backoff, 0, 0.999)).toBeLessThan(150)
})
