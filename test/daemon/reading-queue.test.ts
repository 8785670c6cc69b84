import { describe, expect, test } from 'bun:test'
import { createReadingQueue, readingPace } from '../../src/daemon/reading-queue.ts'

const names = (count: number, prefix = 'n'): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`)

/** A queue that is asked every second, and what it gave. Whatever was asked is known from then on. */
const start = (all: readonly string[], isKnown: (key: string) => boolean = () => false) => {
  const known = new Set<string>()
  const queue = createReadingQueue(
    () => all,
    key => known.has(key) || isKnown(key),
  )
  let now = 0
  const pass = (seconds: number, each: (key: string, now: number) => void = () => {}): readonly string[][] =>
    Array.from({ length: seconds }, () => {
      const keys = [...queue.take(now)]
      for (const key of keys) {
        known.add(key)
        each(key, now)
      }
      now += 1_000
      return keys
    })
  return { queue, pass, now: () => now }
}

describe('which names are asked for next', () => {
  test('all, once, as soon as the rate allows, after a start', () => {
    const all = names(175)
    const { pass } = start(all)
    const rounds = pass(5)
    expect(rounds.map(keys => keys.length)).toEqual([50, 50, 50, 25, 0])
    expect(rounds.flat()).toEqual([...all])
  })

  test('those that are known slowly, and no sooner than after five minutes', () => {
    const { pass } = start(names(100), () => true)
    const rounds = pass(600)
    const at = rounds.flatMap((keys, second) => (keys.length > 0 ? [[second, keys.length]] : []))
    expect(at).toEqual([
      [0, 50],
      [5, 50],
      [300, 50],
      [305, 50],
    ])
  })

  test('what was just read before everything else', () => {
    const { queue, pass, now } = start(names(10_000))
    pass(3)
    queue.first('urgent', now())
    const rounds = pass(3)
    // Not at once: ExternalDNS says that it has read before it plans and writes.
    expect(rounds.map(keys => keys.indexOf('urgent'))).toEqual([-1, 0, -1])
  })

  test.each([
    ['soon', [5, 10, 15, 20, 25, 30]],
    ['later', [30]],
  ] as const)('what differs: %s', (how, wanted) => {
    const { queue, pass } = start([])
    queue[how]('odd', 0)
    const rounds = pass(31, (key, now) => queue[how](key, now))
    expect(rounds.flatMap((keys, second) => (keys.length > 0 ? second : []))).toEqual([...wanted])
  })

  test('never more than the rate, whatever there is; and none is forgotten', () => {
    const { queue, pass } = start(names(2_000))
    for (const key of names(2_000, 'first')) queue.first(key, 0)
    for (const key of names(2_000, 'soon')) queue.soon(key, 0)
    for (const key of names(2_000, 'later')) queue.later(key, 0)
    const rounds = pass(600)
    expect(Math.max(...rounds.map(keys => keys.length))).toBeLessThanOrEqual(readingPace.mostAtOnce)
    expect(new Set(rounds.flat()).size).toBe(8_000)
  })

  test('those that differ for long leave room for all others', () => {
    const all = names(100)
    const { queue, pass } = start(all, () => true)
    for (const key of names(5_000, 'odd')) queue.later(key, 0)
    const rounds = pass(120, (key, now) => {
      if (key.startsWith('odd')) queue.later(key, now)
    })
    expect(all.filter(key => !rounds.flat().includes(key))).toEqual([])
    expect(rounds.flat().length).toBeLessThanOrEqual(120 * 10)
  })

  test('one that is dropped no more, and one that moves only once', () => {
    const { queue, pass } = start([])
    queue.later('a', 0)
    queue.soon('a', 0)
    queue.first('a', 0)
    queue.first('b', 0)
    queue.drop('b')
    expect(pass(60).flat()).toEqual(['a'])
  })
})
