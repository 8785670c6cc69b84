/** Which names to ask the servers of one zone for next, so that they are asked soon, often enough and not too often. */
export interface ReadingQueue {
  /** Is to be asked for in a moment, before all others: ExternalDNS has just read it. */
  first(key: string, now: number): void
  /** Is not as it should be, or not yet: again in some seconds. */
  soon(key: string, now: number): void
  /** The same, for longer than it should take. */
  later(key: string, now: number): void
  drop(key: string): void
  /** What is to be asked now. To be called once a second. */
  take(now: number): readonly string[]
}

/**
 * Questions to one zone, at most:
 *
 * | what                                | how often each        | all of them           |
 * | ----------------------------------- | --------------------- | --------------------- |
 * | just read by ExternalDNS            | once, after a second  | 50 a second           |
 * | not published, for less than the    | every 5 s             | what of the 50 is     |
 * | time that it may take               |                       | left                  |
 * | never asked, as after a start       | once                  | the same              |
 * | not published for longer            | every 30 s            | 8 a second            |
 * | all others                          | every 5 minutes       | what of 10 a second   |
 * |                                     |                       | is left               |
 */
export const readingPace = {
  mostAtOnce: 50,
  firstMs: 1_000,
  soonMs: 5_000,
  laterMs: 30_000,
  lapMs: 300_000,
  slowEveryMs: 5_000,
  slowAtOnce: 50,
  laterAtOnce: 40,
} as const

/** `all`: every name that may be asked for, for the next time round. `isKnown`: whether anything was found out of it. */
export const createReadingQueue = (
  all: () => readonly string[],
  isKnown: (key: string) => boolean,
): ReadingQueue => {
  // Each in the order in which they are due, as all of one wait for the same time.
  const first = new Map<string, number>()
  const soon = new Map<string, number>()
  const later = new Map<string, number>()
  let lap: readonly string[] = []
  let position = 0
  let lapAt = Number.NEGATIVE_INFINITY
  let slowAt = Number.NEGATIVE_INFINITY

  const drop = (key: string): void => {
    first.delete(key)
    soon.delete(key)
    later.delete(key)
  }
  const put =
    (waiting: Map<string, number>, ms: number) =>
    (key: string, now: number): void => {
      drop(key)
      waiting.set(key, now + ms)
    }

  const due = (waiting: Map<string, number>, now: number, most: number): readonly string[] => {
    const keys: string[] = []
    for (const [key, at] of waiting) {
      if (at > now || keys.length >= most) break
      waiting.delete(key)
      keys.push(key)
    }
    return keys
  }

  return {
    first: put(first, readingPace.firstMs),
    soon: put(soon, readingPace.soonMs),
    later: put(later, readingPace.laterMs),
    drop,
    take: now => {
      const { mostAtOnce, slowAtOnce, laterAtOnce } = readingPace
      const keys = new Set(due(first, now, mostAtOnce))
      const left = (): number => mostAtOnce - keys.size
      for (const key of due(soon, now, left())) keys.add(key)
      let slow = 0
      if (now >= slowAt) {
        slow = slowAtOnce
        slowAt = now + readingPace.slowEveryMs
        for (const key of due(later, now, Math.min(laterAtOnce, left()))) {
          keys.add(key)
          slow--
        }
      }
      if (position >= lap.length && now >= lapAt) {
        lap = all()
        position = 0
        lapAt = now + readingPace.lapMs
      }
      for (; position < lap.length && left() > 0; position++) {
        const key = lap[position]
        if (key === undefined || first.has(key) || soon.has(key) || later.has(key)) continue
        if (isKnown(key) && slow-- <= 0) break
        keys.add(key)
      }
      return [...keys]
    },
  }
}
