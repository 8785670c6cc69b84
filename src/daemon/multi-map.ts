/** Many values under one key; an index that is kept as its members come and go. */
export interface MultiMap<Value> {
  add(key: string, value: Value): void
  delete(key: string, value: Value): void
  get(key: string): Iterable<Value>
  clear(): void
}

const nothing: readonly never[] = []

/** Most keys have one value, which then stands there by itself: a Set each would take most of the memory. */
export const multiMap = <Value extends string>(): MultiMap<Value> => {
  const map = new Map<string, Value | Set<Value>>()
  return {
    add: (key, value) => {
      const known = map.get(key)
      if (known === undefined) map.set(key, value)
      else if (typeof known !== 'string') known.add(value)
      else if (known !== value) map.set(key, new Set([known, value]))
    },
    delete: (key, value) => {
      const known = map.get(key)
      if (known === value) map.delete(key)
      else if (known instanceof Set) {
        known.delete(value)
        if (known.size === 0) map.delete(key)
      }
    },
    get: key => {
      const known = map.get(key)
      return known === undefined ? nothing : typeof known === 'string' ? [known] : known
    },
    clear: () => map.clear(),
  }
}
