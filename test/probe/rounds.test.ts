import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { ProbeOutcome } from '../../src/api/probe-outcome.ts'
import { realTiming } from '../../src/kube/timing.ts'
import { probe } from '../../src/probe/probe.ts'
import { type ProbeRound, type ProbeRow, startRounds } from '../../src/probe/rounds.ts'
import { virtualTime } from '../daemon/support/virtual-time.ts'
import { waitFor } from '../lab/wait.ts'
import { answer, listen } from './listener.ts'
import { http, tcp } from './support.ts'

const up: ProbeOutcome = { ok: true, milliseconds: 1 }

const row = (key: string, more: Partial<ProbeRow> = {}): ProbeRow => ({
  key,
  target: tcp(443),
  addresses: ['10.0.0.1'],
  intervalSeconds: 10,
  ...more,
})

/** Rounds in virtual time, with probes that take as long as they are told to. */
const stage = (takes: (address: string, turn: number) => number = () => 0, chance = () => 0) => {
  const time = virtualTime()
  const timing = { ...time.timing, random: chance }
  const began: { readonly at: number; readonly port: number; readonly address: string }[] = []
  const told: ProbeRound[] = []
  let flying = 0
  const rounds = startRounds({
    timing,
    probe: async ({ port }, address, signal) => {
      const turn = began.filter(each => each.address === address).length
      began.push({ at: timing.elapsed() / 1_000, port, address })
      flying++
      try {
        await timing.pause(takes(address, turn) * 1_000, signal)
      } finally {
        flying--
      }
      return up
    },
    onRound: round => {
      told.push(round)
    },
  })
  return { time, rounds, began, told, flying: () => flying, starts: () => began.map(({ at }) => at) }
}

describe('the rhythm', () => {
  const rows: readonly [what: string, takes: (turn: number) => number, starts: readonly number[]][] = [
    ['no time', () => 0, [0, 10, 20, 30, 40]],
    ['3 s', () => 3, [0, 10, 20, 30, 40]],
    ['as long as the interval', () => 10, [0, 10, 20, 30, 40]],
    ['13 s once', turn => (turn === 0 ? 13 : 0), [0, 13, 20, 30, 40]],
    ['13 s always', () => 13, [0, 13, 26, 39, 52]],
    ['35 s once', turn => (turn === 0 ? 35 : 0), [0, 35, 40, 50, 60]],
    ['other times each time', turn => turn * 3, [0, 10, 20, 30, 40]],
  ]
  for (const [what, takes, starts] of rows)
    test(`of rounds that take ${what}`, async () => {
      const { time, rounds, starts: all } = stage((_, turn) => takes(turn))
      rounds.set([row('a')])
      await time.pass((starts.at(-1) ?? 0) * 1_000)
      expect(all()).toEqual([...starts])
      await rounds.stop()
    })

  test('does not drift: after a day of timers that are late, a round still begins where it should', async () => {
    const time = virtualTime()
    const { timing } = time
    let last = 0
    const rounds = startRounds({
      timing: { ...timing, random: () => 0, pause: (ms, signal) => timing.pause(ms + 7, signal) },
      probe: async () => {
        last = timing.elapsed()
        return up
      },
      onRound: () => {},
    })
    rounds.set([row('a')])
    const day = 24 * 3_600_000
    await time.pass(day + 10)
    expect(last).toBe(day + 7)
    await rounds.stop()
  })

  test('of a timer that is early makes no second round', async () => {
    const time = virtualTime()
    const { timing } = time
    const starts: number[] = []
    const rounds = startRounds({
      timing: {
        ...timing,
        random: () => 0,
        pause: (ms, signal) => timing.pause(Math.max(0, ms - 0.4), signal),
      },
      probe: async () => {
        starts.push(Math.round(timing.elapsed() / 1_000))
        return up
      },
      onRound: () => {},
    })
    rounds.set([row('a')])
    await time.pass(30_000)
    expect(starts).toEqual([0, 10, 20, 30])
    await rounds.stop()
  })

  test('begins within a second, at a moment of its own', async () => {
    let seed = 0
    const { time, rounds, starts } = stage(undefined, () => (seed++ % 100) / 100)
    rounds.set(Array.from({ length: 100 }, (_, i) => row(`r${i}`)))
    await time.pass(1_000)
    expect(starts()).toHaveLength(100)
    expect(new Set(starts()).size).toBe(100)
    await time.pass(10_000)
    expect(new Set(starts()).size).toBe(200)
    await rounds.stop()
  })

  test('begins within its interval, where that is shorter', async () => {
    const { time, rounds, starts } = stage(undefined, () => 0.99)
    rounds.set([row('a', { intervalSeconds: 0.2 })])
    await time.pass(199)
    expect(starts()).toEqual([0.198])
    await rounds.stop()
  })
})

describe('a round', () => {
  test('is all addresses at once, and is told when the last has answered', async () => {
    const { time, rounds, began, told } = stage(address => (address === '10.0.0.2' ? 4 : 1))
    rounds.set([row('a', { addresses: ['10.0.0.3', '10.0.0.2', '10.0.0.1', '10.0.0.2'] })])
    await time.pass(3_999)
    expect(began.map(({ at, address }) => [at, address])).toEqual([
      [0, '10.0.0.1'],
      [0, '10.0.0.2'],
      [0, '10.0.0.3'],
    ])
    expect(told).toEqual([])
    await time.pass(1)
    const outcomes = new Map(['10.0.0.1', '10.0.0.2', '10.0.0.3'].map(address => [address, up]))
    expect(told).toEqual([{ key: 'a', beganMs: 0, endedMs: 4_000, outcomes }])
    await rounds.stop()
  })

  test('of a row without addresses does not come', async () => {
    const { time, rounds, told } = stage()
    rounds.set([row('a', { addresses: [] })])
    await time.pass(60_000)
    expect(told).toEqual([])
    rounds.set([row('a')])
    await time.pass(0)
    expect(told).toHaveLength(1)
    rounds.set([row('a', { addresses: [] })])
    await time.pass(60_000)
    expect(told).toHaveLength(1)
    await rounds.stop()
  })
})

describe('set', () => {
  test('leaves alone what is as it was, also in another order', async () => {
    const { time, rounds, starts, told } = stage(() => 3)
    const same = () => [row('b'), row('a', { addresses: ['10.0.0.2', '10.0.0.1'] })]
    rounds.set(same())
    for (let i = 0; i < 20; i++) {
      await time.pass(1_000)
      rounds.set(
        same()
          .reverse()
          .map(each => ({ ...each, addresses: each.addresses.toReversed() })),
      )
    }
    expect(new Set(starts())).toEqual(new Set([0, 10, 20]))
    expect(told).toHaveLength(4)
    await rounds.stop()
  })

  test('drops the round of a row that is gone', async () => {
    const { time, rounds, told, flying } = stage(() => 3)
    rounds.set([row('a'), row('b')])
    await time.pass(1_000)
    rounds.set([row('b')])
    await time.pass(0)
    expect(flying()).toBe(1)
    await time.pass(30_000)
    expect(new Set(told.map(({ key }) => key))).toEqual(new Set(['b']))
    await rounds.stop()
  })

  for (const [what, more] of [
    ['target', { target: tcp(8443) }],
    ['CA bundle', { target: tcp(443, { caBundle: 'x' }) }],
    ['addresses', { addresses: ['10.0.0.9'] }],
  ] as const)
    test(`of another ${what}: what was asked before is dropped, and asked anew at once`, async () => {
      const { time, rounds, told, flying, starts } = stage(() => 3)
      rounds.set([row('a')])
      await time.pass(2_000)
      rounds.set([row('a', more)])
      await time.pass(0)
      expect(flying()).toBe(1)
      await time.pass(18_000)
      expect(starts()).toEqual([0, 2, 12])
      expect(told.map(({ outcomes }) => [...outcomes.keys()])).toEqual([
        [...row('a', more).addresses],
        [...row('a', more).addresses],
      ])
      await rounds.stop()
    })

  test('of another interval: counted from the last round', async () => {
    const { time, rounds, starts } = stage()
    rounds.set([row('a')])
    await time.pass(12_000)
    rounds.set([row('a', { intervalSeconds: 5 })])
    await time.pass(8_500)
    expect(starts()).toEqual([0, 10, 15, 20])
    rounds.set([row('a', { intervalSeconds: 0.1 })])
    await time.pass(0)
    expect(starts()).toEqual([0, 10, 15, 20, 20.5])
    rounds.set([row('a', { intervalSeconds: 30 })])
    await time.pass(29_900)
    expect(starts()).toHaveLength(5)
    await time.pass(200)
    expect(starts()).toHaveLength(6)
    await rounds.stop()
  })

  test('of another interval before the first round, or while one is under way', async () => {
    const { time, rounds, starts, told } = stage(
      () => 3,
      () => 0.5,
    )
    rounds.set([row('a')])
    rounds.set([row('a', { intervalSeconds: 60 })])
    await time.pass(500)
    expect(starts()).toEqual([0.5])
    await time.pass(1_000)
    rounds.set([row('a', { intervalSeconds: 20 })])
    await time.pass(3_000)
    expect(starts()).toEqual([0.5, 1.5])
    expect(told).toHaveLength(1)
    await rounds.stop()
  })

  test('after the end begins nothing', async () => {
    const { time, rounds, starts } = stage()
    await rounds.stop()
    rounds.set([row('a')])
    await time.pass(60_000)
    expect(starts()).toEqual([])
  })
})

test('stop ends what is in flight, and tells of nothing any more', async () => {
  const { time, rounds, told, flying } = stage(() => 3)
  rounds.set(Array.from({ length: 50 }, (_, i) => row(`r${i}`)))
  await time.pass(1_000)
  expect(flying()).toBe(50)
  await rounds.stop()
  expect(flying()).toBe(0)
  await time.pass(60_000)
  expect(told).toEqual([])
})

test('of one row there is one round at a time, of what it is now, whatever is set when', async () => {
  const key = fc.constantFrom('a', 'b', 'c')
  const some = fc.record({
    key,
    target: fc.constantFrom(tcp(1), tcp(2)),
    addresses: fc.uniqueArray(fc.constantFrom('10.0.0.1', '10.0.0.2'), { maxLength: 2 }),
    intervalSeconds: fc.integer({ min: 1, max: 4 }),
  })
  const step = fc.record({ rows: fc.array(some, { maxLength: 4 }), ms: fc.integer({ min: 0, max: 6_000 }) })
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 8 }),
      fc.array(fc.nat(7_000), { minLength: 1 }),
      async (steps, times) => {
        const time = virtualTime()
        let current = new Map<string, ProbeRow>()
        const flying = new Map<string, number>()
        let turn = 0
        const rounds = startRounds({
          timing: time.timing,
          probe: async ({ port }, address, signal) => {
            const question = `${port} ${address}`
            flying.set(question, (flying.get(question) ?? 0) + 1)
            try {
              await time.timing.pause(times[turn++ % times.length] ?? 0, signal)
            } finally {
              flying.set(question, (flying.get(question) ?? 0) - 1)
            }
            return up
          },
          onRound: ({ key: of, outcomes }) => {
            expect([...outcomes.keys()].sort()).toEqual(current.get(of)?.addresses.toSorted() ?? [])
          },
        })
        for (const { rows, ms } of steps) {
          current = new Map(rows.map(each => [each.key, each]))
          rounds.set(rows)
          await time.pass(ms)
          for (const [question, count] of flying) {
            const asking = [...current.values()].filter(({ target, addresses }) =>
              addresses.some(address => `${target.port} ${address}` === question),
            )
            expect(count).toBeLessThanOrEqual(asking.length)
          }
        }
        await rounds.stop()
        expect([...flying.values()].every(count => count === 0)).toBe(true)
      },
    ),
  )
})

test('real probes in real time: rounds come, and stop leaves no connection', async () => {
  await using well = listen({ asked: answer('200 OK') })
  await using mute = listen({})
  const told: ProbeRound[] = []
  const rounds = startRounds({
    timing: realTiming,
    probe,
    onRound: round => {
      told.push(round)
    },
  })
  rounds.set([
    row('well', { target: http(well.port), addresses: ['127.0.0.1'], intervalSeconds: 0.02 }),
    row('mute', { target: http(mute.port), addresses: ['127.0.0.1'], intervalSeconds: 0.02 }),
  ])
  await waitFor(() => told.length >= 5 && mute.open() === 1, { what: 'five rounds' })
  await rounds.stop()
  const before = told.length
  await Promise.all([well.empty(), mute.empty()])
  expect(told).toHaveLength(before)
  expect(mute.accepted()).toBe(1)
  expect(told.every(({ key, outcomes }) => key === 'well' && outcomes.get('127.0.0.1')?.ok)).toBe(true)
})
