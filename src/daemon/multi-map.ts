/** Many values under one key; an index that is kept as its members come and go. */
export interface MultiMap<Value> {
  add(key: string, value: Value): void
  delete(key: string, value: Value): void
  get(key: string): Iterable<Value>
  clear(): void
}

const nothing: readonly never[] = []
/** Up to this many stand in a list, which takes a tenth of what a Set takes. */
const fewAtMost = 8

/** Most keys have one value, which then stands there by itself, or a few. */
export const multiMap = <Value extends string>(): MultiMap<Value> => {
  const map = new Map<string, Value | readonly Value[] | Set<Value>>()
  return {
    add: (key, value) => {
      const known = map.get(key)
      if (known === undefined) map.set(key, value)
      else if (known instanceof Set) known.add(value)
      else if (typeof known === 'string') {
        if (known !== value) map.set(key, [known, value])
      } else if (!known.includes(value))
        map.set(key, known.length < fewAtMost ? [...known, value] : new Set([...known, value]))
    },
    delete: (key, value) => {
      const known = map.get(key)
      if (known === undefined) return
      if (known instanceof Set) {
        known.delete(value)
        if (known.size === 0) map.delete(key)
      } else if (typeof known === 'string') {
        if (known === value) map.delete(key)
      } else {
        const rest = known.filter(other => other !== value)
        const [first] = rest
        if (first === undefined) map.delete(key)
        else map.set(key, rest.length === 1 ? first : rest)
      }
    },
    get: key => {
      const known = map.get(key)
      return known === undefined ? nothing : typeof known === 'string' ? [known] : known
    },
    clear: () => map.clear(),
  }
}
