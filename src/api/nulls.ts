/**
 * `value` without the fields that are null, at any depth: the API server drops them before it validates, so a
 * chart that renders `sourceCluster:` with nothing behind it means "not set". Items of lists stay.
 * The same value comes back where there is nothing to drop, which is nearly always.
 *
 * | value                     | answer            |
 * | ------------------------- | ----------------- |
 * | {a: 1, b: null}           | {a: 1}            |
 * | {a: {b: null}, c: [null]} | {a: {}, c: [null]} |
 */
export const withoutNulls = (value: unknown): unknown => (hasNullField(value) ? copyOf(value) : value)

const hasNullField = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(hasNullField)
  for (const key in value) {
    const field = value[key as keyof typeof value]
    if (field === null || hasNullField(field)) return true
  }
  return false
}

const copyOf = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyOf)
  const fields = Object.entries(value).filter(([, field]) => field !== null)
  return Object.fromEntries(fields.map(([key, field]) => [key, copyOf(field)]))
}
