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
export const withoutNulls = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = value.map(withoutNulls)
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  const before = Object.entries(value)
  const after = before.filter(([, field]) => field !== null).map(([key, field]) => [key, withoutNulls(field)])
  const same =
    after.length === before.length && after.every(([, field], index) => field === before[index]?.[1])
  return same ? value : Object.fromEntries(after)
}
