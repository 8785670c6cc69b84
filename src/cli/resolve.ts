import { type UserError, usageError } from '../lib/errors.ts'
import { suggest } from '../lib/suggest.ts'
import type { CommandEntry, CommandTable, Flags } from './definition.ts'
import { globalFlags } from './globals.ts'
import { commandMeant } from './habits.ts'
import { flagsByName } from './names.ts'
import { isFlag, readFlag } from './scan.ts'
import { lineOf, withHelpPointer } from './usage.ts'

/** What a command line asks for. */
export interface Resolved {
  /** The command's words: `['failover', 'start']`; none for the program itself. */
  readonly words: readonly string[]
  /** A command, or where the words end early, the group of those that could follow. */
  readonly found: CommandEntry
  /** The command line without the command's words. */
  readonly argv: readonly string[]
}

/** `--version` is an option of the program alone, and the same as the command `version`. */
export const rootFlags = {
  ...globalFlags,
  version: { type: 'boolean', description: 'Show the version, as the command "version" does.' },
} as const satisfies Flags

const namesBeforeCommand = flagsByName(rootFlags)

/** Finds the command that `argv` names, past the global flags that may stand before and between its words. */
export const resolve = (argv: readonly string[], commands: CommandTable): Resolved => {
  const words: string[] = []
  const rest: string[] = []
  let found = rootOf(commands)
  let at = 0
  while (at < argv.length && 'commands' in found) {
    const word = argv[at] ?? ''
    if (word === '--') break
    if (!isFlag(word) || (word === '--version' && words.length === 0)) {
      const name = isFlag(word) ? 'version' : word
      found = commandNamed(name, words, found.commands)
      words.push(name)
      at++
    } else {
      const { width, problem } = readFlag(word, argv[at + 1], namesBeforeCommand)
      if (problem !== undefined) throw withHelpPointer(beforeCommand(problem, words), words)
      rest.push(...argv.slice(at, at + width))
      at += width
    }
  }
  return { words, found, argv: [...rest, ...argv.slice(at)] }
}

/** The entry that `words` name, all of them. */
export const entryOf = (words: readonly string[], commands: CommandTable): CommandEntry =>
  words.reduce<CommandEntry>(
    (entry, word, at) => commandNamed(word, words.slice(0, at), 'commands' in entry ? entry.commands : {}),
    rootOf(commands),
  )

const rootOf = (commands: CommandTable): CommandEntry => ({
  summary: 'DNS routing for services that run in several Kubernetes clusters and regions',
  commands,
})

const beforeCommand = (problem: UserError, words: readonly string[]): UserError =>
  usageError(
    problem.message,
    problem.hint ?? `flags of a command come after its name: ${lineOf([...words, 'COMMAND', '[FLAGS]'])}`,
  )

const commandNamed = (word: string, before: readonly string[], commands: CommandTable): CommandEntry => {
  const entry = Object.hasOwn(commands, word) ? commands[word] : undefined
  if (entry !== undefined) return entry
  const there = Object.keys(commands)
  const near = commandMeant(word, there) ?? suggest(word, there)
  const problem = usageError(
    `unknown command "${word}"`,
    near === undefined ? undefined : `did you mean "${lineOf([...before, near])}"?`,
  )
  throw withHelpPointer(problem, before)
}
