/** Remembers the uids of objects that are gone: no answer that comes late may bring one back. */
export interface Tombstones {
  add(uid: string): void
  has(uid: string): boolean
}

export interface TombstoneLimits {
  /** How long one is remembered at least, in milliseconds, unless too many come. A request takes a minute at most. */
  readonly ms: number
  /** How many are remembered at least, however quickly they come. */
  readonly count: number
}

const enough: TombstoneLimits = { ms: 120_000, count: 20_000 }

/** Of the older half of those that are remembered, all are forgotten at once. */
export const createTombstones = (
  elapsed: () => number,
  { ms, count }: TombstoneLimits = enough,
): Tombstones => {
  let older = new Set<string>()
  let newer = new Set<string>()
  let since = elapsed()
  return {
    add: uid => {
      const now = elapsed()
      if (newer.size >= count || now - since >= ms) {
        older = newer
        newer = new Set()
        since = now
      }
      newer.add(uid)
    },
    has: uid => newer.has(uid) || older.has(uid),
  }
}
