/** Deeper than any Kubernetes object, and far from what could exhaust the stack. */
const maxDepth = 200

export class TooDeep extends Error {}

/** Instead of a number of keys: the value is too deep, or has a key that JavaScript gives a meaning of its own. */
export const tooDeep = -1
export const forbidden = -2

/** How many keys all maps within `value` have together, or one of the above. It must be a tree. */
export const countKeys = (value: object, depth = 0): number => {
  if (depth > maxDepth) return tooDeep
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) {
      const below = typeof item === 'object' && item !== null ? countKeys(item, depth + 1) : 0
      if (below < 0) return below
      count += below
    }
    return count
  }
  for (const key in value) {
    if (key === '__proto__') return forbidden
    const child: unknown = value[key as keyof typeof value]
    const below = typeof child === 'object' && child !== null ? countKeys(child, depth + 1) : 0
    if (below < 0) return below
    count += 1 + below
  }
  return count
}

/** A copy in which nothing is shared. Throws TooDeep; a cycle is endless depth. */
export const unshared = (value: unknown, depth = 0): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (depth > maxDepth) throw new TooDeep()
  if (Array.isArray(value)) return value.map(item => unshared(item, depth + 1))
  // fromEntries defines properties, where an assignment to `__proto__` would set the prototype
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unshared(item, depth + 1)]))
}
