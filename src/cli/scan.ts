import { type UserError, usageError } from '../lib/errors.ts'
import { suggest } from '../lib/suggest.ts'
import { flagAdvice } from './habits.ts'
import type { NamedFlag } from './names.ts'

/**
 * Splits a command line into flags and positionals, strictly: citty takes any unknown flag in silence, and of
 * a flag given twice keeps only the last.
 *
 * | argv                     | read as                                            |
 * | ------------------------ | -------------------------------------------------- |
 * | --namespace=a            | --namespace "a"                                    |
 * | --namespace a            | the same                                           |
 * | -n a, -na, -n=a          | the same                                           |
 * | -qn a                    | -q, -n "a"                                         |
 * | -f -                     | -f "-" (standard input)                            |
 * | -f --strict              | a problem: -f lacks its value                      |
 * | --file=--strict          | --file "--strict"                                  |
 * | a -- -b                  | positionals "a", "-b"                              |
 */
export interface Scanned {
  readonly given: readonly Given[]
  readonly positionals: readonly string[]
  /** The first thing wrong. It is not thrown here, for `--help` behind it should still be seen. */
  readonly problem: UserError | undefined
}

/** A flag as it was given. */
export interface Given extends NamedFlag {
  /** The name under which it was given. */
  readonly spelled: string
  /** Undefined on a boolean. */
  readonly value: string | undefined
}

type FlagNames = ReadonlyMap<string, NamedFlag>

export const scan = (argv: readonly string[], names: FlagNames): Scanned => {
  const given: Given[] = []
  const positionals: string[] = []
  let problem: UserError | undefined
  for (let at = 0; at < argv.length; ) {
    const word = argv[at] ?? ''
    if (word === '--') {
      positionals.push(...argv.slice(at + 1))
      break
    }
    if (!isFlag(word)) {
      positionals.push(word)
      at++
      continue
    }
    const read = readFlag(word, argv[at + 1], names)
    given.push(...read.given)
    problem ??= read.problem
    at += read.width
  }
  return { given, positionals, problem }
}

/** `-` alone is a positional: standard input. */
export const isFlag = (word: string): boolean => word.startsWith('-') && word !== '-'

export interface Read {
  readonly given: readonly Given[]
  /** How many words of the command line it took. */
  readonly width: 1 | 2
  readonly problem?: UserError
}

/** Reads the flag, or the cluster of short ones, in `word`, of which `next` may be the value. */
export const readFlag = (word: string, next: string | undefined, names: FlagNames): Read =>
  word.startsWith('--') ? readLong(word, next, names) : readShort(word, next, names)

const readLong = (word: string, next: string | undefined, names: FlagNames): Read => {
  const equals = word.indexOf('=')
  const spelled = equals < 0 ? word : word.slice(0, equals)
  const named = names.get(spelled)
  if (named === undefined) return { given: [], width: 1, problem: unknownFlag(spelled, names) }
  if (equals < 0) return withoutValue(named, spelled, next)
  if (named.flag.type === 'boolean')
    return { given: [], width: 1, problem: usageError(`flag "${spelled}" takes no value`) }
  return { given: [{ ...named, spelled, value: word.slice(equals + 1) }], width: 1 }
}

const readShort = (word: string, next: string | undefined, names: FlagNames): Read => {
  const long = `-${word.replace(/=.*/s, '')}`
  if (long.length > 3 && names.has(long))
    return { given: [], width: 1, problem: usageError(`unknown flag "${word}"`, `did you mean "${long}"?`) }
  const given: Given[] = []
  for (let at = 1; at < word.length; at++) {
    const spelled = `-${word[at]}`
    const named = names.get(spelled)
    if (named === undefined)
      return { given, width: 1, problem: unknownFlag(at === 1 ? word : spelled, names) }
    const rest = word.slice(at + 1)
    if (named.flag.type !== 'boolean' && rest !== '')
      return { given: [...given, { ...named, spelled, value: rest.replace(/^=/, '') }], width: 1 }
    if (rest.startsWith('='))
      return { given, width: 1, problem: usageError(`flag "${spelled}" takes no value`) }
    const read = withoutValue(named, spelled, next)
    if (rest === '') return { ...read, given: [...given, ...read.given] }
    given.push(...read.given)
  }
  return { given, width: 1 }
}

/** A flag that had no value in its own word. */
const withoutValue = (named: NamedFlag, spelled: string, next: string | undefined): Read => {
  if (named.flag.type === 'boolean') return { given: [{ ...named, spelled, value: undefined }], width: 1 }
  if (next !== undefined && !isFlag(next)) return { given: [{ ...named, spelled, value: next }], width: 2 }
  const wanted = `flag "${spelled}" needs a value: ${spelled} ${named.flag.valueHint}`
  const problem =
    next === undefined || next === '--'
      ? usageError(wanted)
      : usageError(wanted, `for a value that begins with a hyphen write "${spelled}=${next}"`)
  return { given: [], width: 1, problem }
}

const unknownFlag = (spelled: string, names: FlagNames): UserError => {
  const advice = flagAdvice(spelled, names)
  if (advice !== undefined) return usageError(`unknown flag "${spelled}"`, advice)
  // one letter is near to every other; only its case may be meant otherwise
  const near = spelled.length > 2 ? suggest(spelled, names.keys()) : sameLetter(spelled, names)
  return usageError(`unknown flag "${spelled}"`, near === undefined ? undefined : `did you mean "${near}"?`)
}

const sameLetter = (spelled: string, names: FlagNames): string | undefined =>
  names.keys().find(name => name.length === 2 && name.toLowerCase() === spelled.toLowerCase())
