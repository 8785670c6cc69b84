/** Remembers the uids of objects that are gone: no answer that comes late may bring one back. */
export interface Tombstones {
  add(uid: string): void
  has(uid: string): boolean
}

/** A request takes a minute at most, and in that time no more objects go than these. */
const mostPerGeneration = 20_000

/** Of the older half of those that are remembered, all are forgotten at once. */
export const createTombstones = (most: number = mostPerGeneration): Tombstones => {
  let older = new Set<string>()
  let newer = new Set<string>()
  return {
    add: uid => {
      if (newer.size >= most) {
        older = newer
        newer = new Set()
      }
      newer.add(uid)
    },
    has: uid => newer.has(uid) || older.has(uid),
  }
}
