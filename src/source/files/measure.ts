/** Deeper than any Kubernetes object, and far from what could exhaust the stack. */
const maxDepth = 200

export class TooDeep extends Error {}

/**
 * How many keys all maps within `value` have together. It must be a tree. Throws TooDeep.
 * `onForbidden` is told of keys that JavaScript gives a meaning of its own.
 */
export const countKeys = (value: object, onForbidden: () => void, depth = 0): number => {
  if (depth > maxDepth) throw new TooDeep()
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value)
      if (typeof item === 'object' && item !== null) count += countKeys(item, onForbidden, depth + 1)
    return count
  }
  for (const key in value) {
    count++
    if (key === '__proto__') onForbidden()
    const child: unknown = value[key as keyof typeof value]
    if (typeof child === 'object' && child !== null) count += countKeys(child, onForbidden, depth + 1)
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
