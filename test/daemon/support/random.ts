/** Numbers that look like chance and follow from a seed alone (mulberry32). */
export interface Random {
  /** From 0 up to, but not including, 1. */
  next(): number
  below(limit: number): number
  pick<T>(from: readonly T[]): T
  chance(probability: number): boolean
}

export const random = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    below,
    pick: from => from[below(from.length)] as (typeof from)[number],
    chance: probability => next() < probability,
  }
}
