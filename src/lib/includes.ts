/**
 * Whether `part` is in `whole`: mappings field by field, lists item by item and of the same length. A field that is
 * undefined is absent.
 */
export const includes = (whole: unknown, part: unknown): boolean => {
  if (typeof part !== 'object' || part === null) return whole === part
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole) !== Array.isArray(part))
    return false
  if (Array.isArray(part) && Array.isArray(whole) && part.length !== whole.length) return false
  return Object.entries(part).every(
    ([key, value]) => value === undefined || includes((whole as Record<string, unknown>)[key], value),
  )
}
