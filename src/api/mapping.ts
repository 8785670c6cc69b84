import * as v from 'valibot'

/**
 * `v.strictObject` that takes no list. To Valibot a list is an object, so it would accept `ttl: []` where all fields
 * are optional, and the API server would refuse it.
 */
export const mapping = <const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.StrictObjectSchema<Entries, undefined> => {
  const schema = v.strictObject(entries)
  return {
    ...schema,
    '~run': (dataset, config) =>
      schema['~run'](Array.isArray(dataset.value) ? { value: 'a list' } : dataset, config),
  }
}
