import type { Environment, Word } from './container.ts'

/** How often a flag may be given, and whether it has a value. */
export type Arity = 'one' | 'many' | 'switch'

export interface Flags {
  /** What was given, by the flag's name; of a switch `true` or `false`. */
  readonly values: ReadonlyMap<string, readonly string[]>
  /** Flags whose value is not in the object. */
  readonly unread: ReadonlySet<string>
  /** For what ExternalDNS would refuse to start. */
  readonly problems: readonly string[]
}

/**
 * Flags as kingpin reads them, which ExternalDNS uses (github.com/alecthomas/kingpin/v2). What counts is in `known`;
 * of other flags only where they end has to be known.
 *
 * | arguments                 | read as                                            |
 * | ------------------------- | -------------------------------------------------- |
 * | --policy=sync             | policy: sync                                       |
 * | --policy sync             | policy: sync                                       |
 * | --source=a --source=b     | source: a, b                                       |
 * | --events, --no-events     | events: true, events: false                        |
 * | --events=true             | a problem: a switch has no value                   |
 * | --policy=a --policy=b     | a problem: it cannot be repeated                   |
 *
 * A variable counts where the arguments do not have the flag: EXTERNAL_DNS_DOMAIN_FILTER, its lines being the values.
 */
export const readFlags = (
  words: readonly Word[],
  environment: Environment,
  known: Readonly<Record<string, Arity>>,
): Flags => {
  const values = new Map<string, string[]>()
  const unread = new Set<string>()
  const problems: string[] = []

  const give = (flag: string, { text, isKnown }: Word): void => {
    const before = values.get(flag) ?? []
    if (before.length > 0 && known[flag] !== 'many') problems.push(`--${flag} is given twice`)
    values.set(flag, [...before, text])
    if (!isKnown) unread.add(flag)
  }

  const fromArguments = (): void => {
    for (let index = 0; index < words.length; index++) {
      const { text, isKnown } = words[index] as Word
      const parts = /^--([^=]+)(?:=(.*))?$/s.exec(text)
      if (parts === null) {
        // Its file is in the image or on a volume.
        if (text.startsWith('@')) for (const flag of Object.keys(known)) unread.add(flag)
        else problems.push(`"${text}" is no flag`)
        continue
      }
      const [, name = '', attached] = parts
      const flag = nameOf(name, known)
      if (known[flag] === 'switch') {
        give(flag, { text: String(flag === name), isKnown: true })
        if (attached !== undefined) problems.push(`--${name} takes no value, and has "${attached}"`)
        continue
      }
      const next = words[index + 1]
      const hasNext = attached === undefined && next !== undefined && !next.text.startsWith('-')
      if (hasNext) index++
      if (known[flag] === undefined) continue
      if (attached === undefined && !hasNext) problems.push(`--${name} has no value`)
      else give(flag, hasNext ? next : { text: attached ?? '', isKnown })
    }
  }

  const fromEnvironment = (): void => {
    for (const [flag, arity] of Object.entries(known)) {
      const variable = variableOf(flag)
      if (values.has(flag) || !environment.has(variable)) continue
      const value = environment.get(variable)
      if (value === undefined) unread.add(flag)
      else if (value !== '') values.set(flag, arity === 'many' ? linesOf(value) : [switched(value, arity)])
    }
  }

  fromArguments()
  fromEnvironment()
  return { values, unread, problems }
}

/** `no-events` means `events` where there is such a switch. */
const nameOf = (name: string, known: Readonly<Record<string, Arity>>): string => {
  const positive = name.startsWith('no-') ? name.slice('no-'.length) : name
  return known[name] === undefined && known[positive] === 'switch' ? positive : name
}

export const variableOf = (flag: string): string =>
  `EXTERNAL_DNS_${flag.replaceAll(/[^a-zA-Z0-9]+/g, '_').toUpperCase()}`

const linesOf = (value: string): string[] => value.replace(/\r?\n$/, '').split(/\r?\n/)

/** As Go's strconv.ParseBool. */
const switched = (value: string, arity: Arity): string =>
  arity === 'switch' ? String(['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value)) : value
