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
