import type { Command, CommandEntry, CommandTable, Completes, Flag } from '../definition.ts'
import { globalFlags } from '../globals.ts'
import { flagsByName, longName, type NamedFlag } from '../names.ts'
import { rootFlags } from '../resolve.ts'
import { isFlag, readFlag } from '../scan.ts'
import type { Line } from './line.ts'

export interface Candidate {
  readonly value: string
  readonly description: string
}

/** What may be written at the cursor: one of these, or the path of a file, which every shell completes by itself. */
export type Candidates = readonly Candidate[] | 'files'

/** What only a kubeconfig or a cluster knows, with the flags that say which. Never throws. */
export type Lookup = (
  what: Exclude<Completes, 'files' | 'commands'>,
  given: ReadonlyMap<string, string>,
) => Promise<readonly Candidate[]>

/** What could follow on a command line. Where it is wrong already, nothing. */
export const candidatesFor = async (
  { words, current }: Line,
  commands: CommandTable,
  lookup: Lookup,
): Promise<Candidates> => {
  const place = await placeOf(words, commands)
  if (place === undefined) return []
  const complete = async (what: Completes | undefined): Promise<Candidates> => {
    if (what === undefined) return []
    if (what === 'files') return 'files'
    return what === 'commands' ? commandsIn(commands) : lookup(what, place.values)
  }
  const valuesOf = async (flag: Flag): Promise<Candidates> =>
    flag.type === 'enum'
      ? flag.options.map(value => ({ value, description: '' }))
      : complete(flag.type === 'boolean' ? undefined : flag.completes)

  if (place.awaiting !== undefined) return startingWith(current, await valuesOf(place.awaiting))
  const assigned = /^(--[^=]+)=/.exec(current)
  if (assigned !== null && place.takesFlags) {
    const flag = place.names.get(assigned[1] ?? '')?.flag
    const values = flag === undefined ? [] : await valuesOf(flag)
    const whole = (candidate: Candidate) => ({ ...candidate, value: `${assigned[0]}${candidate.value}` })
    return values === 'files' ? values : startingWith(current, values.map(whole))
  }
  if (current.startsWith('-') && place.takesFlags) return startingWith(current, flagsAt(place))
  if ('commands' in place) return startingWith(current, commandsIn(place.commands))
  return startingWith(current, await complete(place.next))
}

/** Where the finished words lead. */
type Place = {
  readonly names: ReadonlyMap<string, NamedFlag>
  /** What was given, by the flag's key. */
  readonly values: ReadonlyMap<string, string>
  /** The flag whose value the next word is. */
  readonly awaiting: Flag | undefined
  /** False behind `--`. */
  readonly takesFlags: boolean
} & ({ readonly commands: CommandTable } | { readonly next: Completes | undefined })

const placeOf = async (words: readonly string[], commands: CommandTable): Promise<Place | undefined> => {
  let found: CommandEntry = { summary: '', commands }
  let command: Command | undefined
  let names = flagsByName(rootFlags)
  let takesFlags = true
  let positionals = 0
  const values = new Map<string, string>()
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? ''
    if (takesFlags && word === '--') {
      takesFlags = false
      at++
    } else if (takesFlags && isFlag(word)) {
      const awaiting = at === words.length - 1 ? flagAwaiting(word, names) : undefined
      if (awaiting !== undefined) return { names, values, awaiting, takesFlags, next: undefined }
      const { given, width } = readFlag(word, words[at + 1], names)
      for (const { key, value } of given) values.set(key, value ?? '')
      at += width
    } else {
      if (command === undefined && 'commands' in found) {
        const entry: CommandEntry | undefined = Object.hasOwn(found.commands, word)
          ? found.commands[word]
          : undefined
        if (entry === undefined) return undefined
        found = entry
        command = 'load' in entry ? await entry.load() : undefined
        // its own before those of all
        names = flagsByName({ ...command?.flags, ...globalFlags, ...command?.flags })
      } else positionals++
      at++
    }
  }
  const place = { names, values, awaiting: undefined, takesFlags }
  if ('commands' in found) return { ...place, commands: found.commands }
  const wanted = Object.values(command?.positionals ?? {})
  const next = wanted[positionals] ?? (wanted.at(-1)?.variadic ? wanted.at(-1) : undefined)
  return { ...place, next: next?.completes }
}

/** The flag at the end of `word` that has no value in it: of `--output`, `-o` and `-qo`. */
const flagAwaiting = (word: string, names: ReadonlyMap<string, NamedFlag>): Flag | undefined => {
  const { given, problem } = readFlag(word, undefined, names)
  if (problem === undefined) return undefined
  const flag = names.get(word.startsWith('--') ? word : `-${word.at(-1)}`)?.flag
  return flag?.type === 'boolean' || given.some(read => read.flag === flag) ? undefined : flag
}

/** All that were not given, and those that may be given again. */
const flagsAt = ({ names, values }: Place): readonly Candidate[] => {
  const flags = new Map(Array.from(names.values(), ({ key, flag }) => [key, flag]))
  return [...flags]
    .filter(([key, flag]) => !values.has(key) || ('repeatable' in flag && flag.repeatable === true))
    .map(([key, flag]) => ({ value: longName(key, flag), description: flag.description }))
}

const commandsIn = (commands: CommandTable): readonly Candidate[] =>
  Object.entries(commands).map(([value, { summary }]) => ({ value, description: summary }))

const startingWith = (current: string, candidates: Candidates): Candidates =>
  candidates === 'files' ? candidates : candidates.filter(({ value }) => value.startsWith(current))
