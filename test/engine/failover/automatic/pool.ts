/** Values by what they say: what is alike is one value, and has one number. So states are compared by numbers. */
export interface Pool<T> {
  readonly of: (value: T) => T
  readonly id: (value: T) => number
}

export const createPool = <T extends object>(): Pool<T> => {
  const known = new Map<string, T>()
  const ids = new Map<T, number>()
  return {
    of: value => {
      if (ids.has(value)) return value
      const key = JSON.stringify(value, sorted)
      const found = known.get(key)
      if (found !== undefined) return found
      known.set(key, value)
      ids.set(value, ids.size)
      return value
    },
    id: value => {
      const id = ids.get(value)
      if (id === undefined) throw new Error('it is in no pool')
      return id
    },
  }
}

/** The same fields in another order are the same. */
const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** A function that is asked the same often. */
export const createMemo = <T>(): ((key: string, make: () => T) => T) => {
  const known = new Map<string, T>()
  return (key, make) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make()
    known.set(key, made)
    return made
  }
}
