import type { Command, CommandTable, EnumFlag, Flag, Flags, Positional } from '../definition.ts'
import { type ExitName, exitMeaning, exitRows } from '../exits.ts'
import { globalFlags } from '../globals.ts'
import { longName, shortName } from '../names.ts'
import { entryOf, rootFlags } from '../resolve.ts'
import { lineOf, oneOf } from '../usage.ts'
import { indented, page, type Section, sentences, table } from './page.ts'

/** The help of the command or group that `words` name; of the program, where they are none. */
export const helpOf = async (
  words: readonly string[],
  commands: CommandTable,
  color: boolean,
): Promise<string> => {
  const entry = entryOf(words, commands)
  const sections =
    'load' in entry
      ? commandSections(words, entry.summary, await entry.load())
      : groupSections(words, entry.summary, entry.commands)
  return page(sections, color)
}

const flagColumn = 27

const commandSections = (words: readonly string[], summary: string, command: Command): readonly Section[] => {
  const { description, flags, positionals, examples, exits } = command
  const global = Object.entries(globalFlags).filter(([key]) => key !== 'output' && !Object.hasOwn(flags, key))
  return [
    heading(words, summary),
    { title: 'Usage:', lines: [indented(usageLine(words, flags, Object.values(positionals)))] },
    ...description.map(text => ({ lines: sentences(text) })),
    {
      title: 'Arguments:',
      lines: table(
        Object.values(positionals).map(({ valueHint, description }) => [valueHint, description]),
        flagColumn,
      ),
    },
    { title: 'Flags:', lines: flagTable(Object.entries(flags)) },
    { title: 'Global flags:', lines: flagTable(global) },
    {
      title: 'Examples:',
      lines: examples.flatMap(({ what, command }) => [indented(`# ${what}`), indented(command)]),
    },
    exitSection([...exits, 'usage', 'interrupted']),
  ]
}

const groupSections = (
  words: readonly string[],
  summary: string,
  commands: CommandTable,
): readonly Section[] => [
  heading(words, summary),
  { title: 'Usage:', lines: [indented(lineOf([...words, 'COMMAND', '[FLAGS]']))] },
  {
    title: 'Commands:',
    lines: table(
      Object.entries(commands).map(([name, { summary }]) => [name, summary]),
      14,
    ),
  },
  { title: 'Global flags:', lines: flagTable(Object.entries(words.length === 0 ? rootFlags : globalFlags)) },
  ...(words.length === 0 ? [exitSection(Object.keys(exitMeaning) as ExitName[])] : []),
  { lines: sentences(`"${lineOf([...words, 'COMMAND', '--help'])}" tells more about a command.`) },
]

const heading = (words: readonly string[], summary: string): Section => ({
  lines: sentences(`${lineOf(words)} - ${summary}`),
})

const exitSection = (names: readonly ExitName[]): Section => ({
  title: 'Exit codes:',
  lines: table(exitRows(names), 7),
})

/** `srouter validate -f PATH… [FLAGS]` */
const usageLine = (words: readonly string[], flags: Flags, positionals: readonly Positional[]): string => {
  const required = Object.entries(flags).filter(([, flag]) => 'required' in flag)
  return [
    lineOf(words),
    ...required.map(([key, flag]) => `${shortName(flag) ?? longName(key, flag)} ${hintOf(flag)}`),
    ...positionals.map(positionalUsage),
    '[FLAGS]',
  ].join(' ')
}

const positionalUsage = ({ valueHint, required, variadic }: Positional): string => {
  const name = variadic ? `${valueHint}...` : valueHint
  return required ? name : `[${name}]`
}

const hintOf = (flag: Flag): string => (flag.type === 'boolean' ? '' : flag.valueHint)

const flagTable = (flags: readonly (readonly [string, Flag])[]): readonly string[] =>
  table(
    flags.map(([key, flag]) => [flagLabel(key, flag), flagMeaning(flag)]),
    flagColumn,
  )

const flagLabel = (key: string, flag: Flag): string => {
  const short = shortName(flag)
  return `${short === undefined ? '    ' : `${short}, `}${longName(key, flag)} ${hintOf(flag)}`.trimEnd()
}

/** The description, and what follows from the type: `The form of the result: text (default), json or yaml.` */
const flagMeaning = (flag: Flag): string => {
  const said = flag.description.replace(/\.$/, '')
  if (flag.type === 'enum') return `${said}${choices(flag)}.`
  const notes = [said.endsWith('?') ? said : `${said}.`]
  if ('required' in flag) notes.push('Required.')
  if ('repeatable' in flag) notes.push('May be given several times.')
  if (flag.type !== 'boolean' && flag.default !== undefined) notes.push(`Default: ${flag.default}.`)
  return notes.join(' ')
}

/** Nothing for the global `--output`, which every command with more than one format replaces by its own. */
const choices = ({ options, default: fallback }: EnumFlag): string =>
  options.length < 2
    ? ''
    : `: ${oneOf(options.map(option => (option === fallback ? `${option} (default)` : option)))}`
