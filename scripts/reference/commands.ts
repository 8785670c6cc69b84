import { commands } from '../../src/cli/commands/index.ts'
import type { Command, CommandEntry, CommandTable, Flag, Flags } from '../../src/cli/definition.ts'
import { variableOf } from '../../src/cli/environment.ts'
import { exitMeaning, exitRows } from '../../src/cli/exits.ts'
import { globalFlags } from '../../src/cli/globals.ts'
import { helpOf } from '../../src/cli/help/help.ts'
import { longName } from '../../src/cli/names.ts'
import { exitCode } from '../../src/lib/errors.ts'
import { variables } from './environment.ts'
import { cell, code, generatedBy, paragraphs, table } from './markdown.ts'

interface Leaf {
  readonly words: string
  readonly summary: string
  readonly command: Command
}

/** Every flag of every command, exit code and variable. */
export const commandsPage = async (): Promise<string> => {
  const leaves = await leavesOf(commands)
  const global = Object.entries(globalFlags).filter(([key]) => key !== 'output')
  const sections = await Promise.all(leaves.map(section))
  return [
    paragraphs(
      '# Flags, exit codes and variables',
      generatedBy,
      '[Commands](../commands.md) says what the commands do and what their output looks like.',
      '## Flags of every command',
    ),
    flagTable(Object.fromEntries(global)),
    ...sections,
    paragraphs('## Exit codes', 'The first that applies, from the top.'),
    table(
      ['code', 'means', 'of'],
      Object.entries(exitMeaning).map(([name, meaning]) => [
        String(exitCode[name as keyof typeof exitCode]),
        cell(meaning),
        whoseIs(name, leaves),
      ]),
    ),
    paragraphs('## Variables'),
    table(
      ['variable', ''],
      Object.entries(variables).map(([name, meaning]) => [code(name), meaning]),
    ),
  ]
    .join('')
    .trimEnd()
    .concat('\n')
}

const leavesOf = async (entries: CommandTable, before = ''): Promise<readonly Leaf[]> => {
  const found = await Promise.all(
    Object.entries(entries).map(async ([name, entry]: [string, CommandEntry]) =>
      'load' in entry
        ? [{ words: `${before}${name}`, summary: entry.summary, command: await entry.load() }]
        : leavesOf(entry.commands, `${before}${name} `),
    ),
  )
  return found.flat()
}

const section = async ({ words, summary, command }: Leaf): Promise<string> => {
  const { flags, positionals, exits, fromEnvironment } = command
  const help = await helpOf(words.split(' '), commands, false)
  const usage = /^Usage:\n +(.+)$/m.exec(help)?.[1] ?? ''
  const may = exitRows([...exits, 'usage', 'interrupted']).map(([number]) => number)
  return [
    paragraphs(`## ${code(words)}`, summary, `\`\`\`text\n${usage}\n\`\`\``),
    table(
      ['argument', ''],
      Object.values(positionals).map(({ valueHint, description }) => [code(valueHint), cell(description)]),
    ),
    flagTable(flags, fromEnvironment),
    paragraphs(
      ...(fromEnvironment
        ? ['Each flag, those of every command included, can be given as a variable as well.']
        : []),
      `Exit codes: ${may.join(', ')}.`,
    ),
  ].join('')
}

const flagTable = (flags: Flags, fromEnvironment?: true): string =>
  table(
    ['flag', 'value', 'default', ...(fromEnvironment ? ['variable'] : []), ''],
    Object.entries(flags).map(([key, flag]) => [
      [longName(key, flag), ...aliases(flag)].map(code).join(', '),
      takes(flag),
      defaultOf(flag),
      ...(fromEnvironment ? [code(variableOf(key, flag))] : []),
      cell(flag.description),
    ]),
  )

const aliases = ({ alias = [] }: Flag): readonly string[] =>
  alias.map(name => (name.length === 1 ? `-${name}` : `--${name}`))

const takes = (flag: Flag): string => {
  if (flag.type === 'boolean') return ''
  if (flag.type === 'enum') return flag.options.map(code).join(', ')
  const notes = [
    ...('required' in flag ? ['required'] : []),
    ...('repeatable' in flag ? ['several times'] : []),
  ]
  return [code(flag.valueHint), ...notes].join(', ')
}

const defaultOf = (flag: Flag): string =>
  flag.type === 'boolean' || flag.default === undefined ? '' : code(String(flag.default))

const whoseIs = (exit: string, leaves: readonly Leaf[]): string => {
  if (exit === 'interrupted' || exit === 'usage') return 'every command'
  const may = leaves.filter(({ command }) => command.exits.some(name => name === exit))
  return may.length === leaves.length ? 'every command' : may.map(({ words }) => code(words)).join(', ')
}
