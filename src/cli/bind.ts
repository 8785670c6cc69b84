import { type ArgsDef, parseArgs } from 'citty'
import { usageError } from '../lib/errors.ts'
import { suggest } from '../lib/suggest.ts'
import type { Flag, Flags, Positional, Positionals, Value, Values } from './definition.ts'
import { longName, shortName } from './names.ts'
import type { Given, Scanned } from './scan.ts'
import { oneOf } from './usage.ts'

/**
 * Checks what was given against what is wanted, and lets citty bind it: by now every flag is known, single
 * and under its own key, so that none of citty's leniencies is left to apply.
 */
export const bind = (scanned: Scanned, flags: Flags, positionals: Positionals): Values => {
  if (scanned.problem !== undefined) throw scanned.problem
  const given = Map.groupBy(scanned.given, ({ key }) => key)
  for (const same of given.values()) checkOnce(same)
  for (const one of scanned.given) checkValue(one)
  for (const [key, flag] of Object.entries(flags))
    if ('required' in flag && !given.has(key))
      throw usageError(`missing flag ${usageOf(key, flag)}`, fileHint(scanned.positionals[0], flags))
  checkCount(scanned.positionals, Object.values(positionals), flags)

  const single = scanned.given.filter(({ flag }) => !isRepeatable(flag))
  const parsed = parseArgs(
    [...single.map(canonical), '--', ...scanned.positionals],
    cittyArgs(flags, positionals),
  )
  const values: Record<string, Value> = {}
  for (const [key, flag] of Object.entries(flags)) {
    if (isRepeatable(flag)) values[key] = (given.get(key) ?? []).flatMap(({ value }) => value ?? [])
    else values[key] = typed(flag, parsed[key])
  }
  for (const [at, [key, { variadic }]] of Object.entries(positionals).entries())
    values[key] = variadic ? scanned.positionals.slice(at) : parsed[key]
  return values
}

const isRepeatable = (flag: Flag): boolean => flag.type === 'string' && flag.repeatable === true

const checkOnce = ([first, second]: readonly Given[]): void => {
  if (first === undefined || second === undefined || isRepeatable(first.flag)) return
  throw first.spelled === second.spelled
    ? usageError(`flag "${first.spelled}" was given twice`)
    : usageError(`flags "${first.spelled}" and "${second.spelled}" are the same, and may be given only once`)
}

const checkValue = ({ flag, spelled, value }: Given): void => {
  if (flag.type === 'boolean') return
  // an empty value is most often a variable that was not set
  if (value === undefined || value === '') throw usageError(`flag "${spelled}" has an empty value`)
  if (flag.type === 'string' && flag.names === 'namespace' && !isNamespace(value))
    throw usageError(
      `flag "${spelled}" takes the name of a namespace, not "${value}"`,
      'it has at most 63 lower-case letters, digits and hyphens, and begins and ends with a letter or digit',
    )
  if (flag.type === 'integer' && !(/^[0-9]+$/.test(value) && Number.isSafeInteger(Number(value))))
    throw usageError(`flag "${spelled}" takes a whole number, not "${value}"`)
  if (flag.type === 'integer' && flag.least !== undefined && Number(value) < flag.least)
    throw usageError(`flag "${spelled}" takes ${flag.least} or more, not "${value}"`)
  if (flag.type === 'enum' && !flag.options.includes(value)) {
    const near = suggest(value, flag.options)
    throw usageError(
      `flag "${spelled}" takes ${flag.options.length === 1 ? 'only ' : ''}${oneOf(flag.options)}, not "${value}"`,
      near === undefined ? undefined : `did you mean "${near}"?`,
    )
  }
}

/** RFC 1123 label (Kubernetes, "Object Names and IDs"). */
const isNamespace = (value: string): boolean =>
  value.length <= 63 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(value)

/** A path without its flag, as many tools take it. */
const fileHint = (path: string | undefined, flags: Flags): string | undefined =>
  path !== undefined && flags.file !== undefined ? `did you mean "-f ${path}"?` : undefined

const checkCount = (given: readonly string[], wanted: readonly Positional[], flags: Flags): void => {
  const missing = wanted[given.length]
  if (missing?.required) throw usageError(`missing argument ${missing.valueHint}`)
  const empty = given.indexOf('')
  if (empty >= 0) throw usageError(`argument ${wanted[empty]?.valueHint ?? empty + 1} is empty`)
  const surplus = given[wanted.length]
  if (surplus !== undefined && wanted.at(-1)?.variadic !== true)
    throw usageError(`unexpected argument "${surplus}"`, fileHint(surplus, flags))
}

/** `-f, --file PATH` as one names it in a sentence: by its short name where it has one. */
const usageOf = (key: string, flag: Flag): string => {
  const name = shortName(flag) ?? longName(key, flag)
  return flag.type === 'boolean' ? name : `${name} ${flag.valueHint}`
}

const canonical = ({ key, flag, value }: Given): string => {
  if (flag.type !== 'boolean') return `--${key}=${value}`
  return flag.default === true ? `--no-${key}` : `--${key}`
}

const cittyArgs = (flags: Flags, positionals: Positionals): ArgsDef => ({
  ...Object.fromEntries(Object.entries(flags).map(([key, flag]) => [key, cittyFlag(flag)])),
  ...Object.fromEntries(
    Object.keys(positionals).map(key => [key, { type: 'positional', required: false }] as const),
  ),
})

const cittyFlag = (flag: Flag): ArgsDef[string] => {
  if (flag.type === 'boolean') return { type: 'boolean', default: flag.default ?? false }
  const fallback = flag.default === undefined ? {} : { default: String(flag.default) }
  return flag.type === 'enum'
    ? { type: 'enum', options: [...flag.options], ...fallback }
    : { type: 'string', ...fallback }
}

const typed = (flag: Flag, value: Value): Value =>
  flag.type === 'integer' && value !== undefined ? Number(value) : value
