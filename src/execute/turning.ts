/**
 * The JSON merge patch that turns one value into another.
 *
 * | from         | into         | patch              |
 * | ------------ | ------------ | ------------------ |
 * | {a: 1, b: 2} | {a: 1}       | {a: 1, b: null}    |
 * | {a: {b: 1}}  | {a: {c: 2}}  | {a: {b: null, c: 2}} |
 * | {a: [1]}     | {a: [2]}     | {a: [2]}           |
 */
export const turning = (from: unknown, into: unknown): unknown => {
  if (!isMapping(from) || !isMapping(into)) return into
  const gone = Object.keys(from).filter(key => into[key] === undefined)
  return {
    ...Object.fromEntries(gone.map(key => [key, null])),
    ...Object.fromEntries(Object.entries(into).map(([key, value]) => [key, turning(from[key], value)])),
  }
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
