import { usageError } from './errors.ts'

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const

/**
 * A duration as Go and Kubernetes write it, in milliseconds.
 *
 * | text  | answer    |
 * | ----- | --------- |
 * | 30s   | 30,000    |
 * | 1m30s | 90,000    |
 * | 0.5s  | 500       |
 * | 30    | an error  |
 */
export const parseDuration = (text: string, flag: string): number => {
  const parts = [...text.matchAll(/([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map(part => part[0]).join('') !== text)
    throw usageError(`${flag} is "${text}", which is no duration`, 'give it as 30s, 5m or 1m30s')
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * units[unit as keyof typeof units], 0)
}

const ages = [
  [172_800, 86_400, 'd'],
  [7_200, 3_600, 'h'],
  [120, 60, 'm'],
  [0, 1, 's'],
] as const

/**
 * How long ago it was, in one unit, as a table has room for. Undefined where either is no time, or it is yet to come.
 *
 * | from                 | to                   | answer |
 * | -------------------- | -------------------- | ------ |
 * | 2026-01-01T00:00:00Z | 2026-01-01T00:01:59Z | 119s   |
 * | 2026-01-01T00:00:00Z | 2026-01-01T00:05:30Z | 5m     |
 * | 2026-01-01T00:00:00Z | 2026-01-04T05:00:00Z | 3d     |
 */
export const ageText = (from: string | undefined, to: string): string | undefined => {
  const seconds = Math.floor((Date.parse(to) - Date.parse(from ?? '')) / 1000)
  const [, unit, letter] = ages.find(([least]) => seconds >= least) ?? []
  return unit === undefined ? undefined : `${Math.floor(seconds / unit)}${letter}`
}
