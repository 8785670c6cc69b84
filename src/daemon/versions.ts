/**
 * Whether one resourceVersion is older than another of the same kind. They are numbers that grow on every server that is
 * in use (and by Kubernetes' word from 1.35 on); where they are none, nothing is older.
 *
 * | a   | b   | answer |
 * | --- | --- | ------ |
 * | 9   | 10  | true   |
 * | 10  | 10  | false  |
 * | x9  | 10  | false  |
 */
export const isOlder = (a: string | undefined, b: string | undefined): boolean => {
  if (a === undefined || b === undefined || !isNumber(a) || !isNumber(b)) return false
  return a.length === b.length ? a < b : a.length < b.length
}

const isNumber = (text: string): boolean => /^(0|[1-9][0-9]*)$/.test(text)
