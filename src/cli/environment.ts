import { usageError } from '../lib/errors.ts'
import type { Flag, Flags } from './definition.ts'
import { longName } from './names.ts'
import type { Given, Scanned } from './scan.ts'

/** `--metrics-bind-address` → `SROUTER_METRICS_BIND_ADDRESS`; `--no-color` → `SROUTER_NO_COLOR`. */
export const variableOf = (key: string, flag: Flag): string =>
  `SROUTER_${longName(key, flag).slice(2).replaceAll('-', '_').toUpperCase()}`

/** The command line with the variables of the flags that it does not give. An empty variable counts as unset. */
export const withEnvironment = (
  scanned: Scanned,
  flags: Flags,
  env: Readonly<Record<string, string | undefined>>,
): Scanned => {
  const given = new Set(scanned.given.map(({ key }) => key))
  const added = Object.entries(flags).flatMap(([key, flag]): readonly Given[] => {
    const spelled = variableOf(key, flag)
    const value = env[spelled]
    if (given.has(key) || value === undefined || value === '') return []
    if (flag.type !== 'boolean') return [{ key, flag, spelled, value }]
    return isTrue(spelled, value) ? [{ key, flag, spelled, value: undefined }] : []
  })
  return { ...scanned, given: [...scanned.given, ...added] }
}

const isTrue = (spelled: string, value: string): boolean => {
  if (value === 'true' || value === '1') return true
  if (value === 'false' || value === '0') return false
  throw usageError(`${spelled} is "${value}"`, 'set it to true or false')
}
