import { bind } from '../../src/cli/bind.ts'
import type { CommandTable } from '../../src/cli/definition.ts'
import { globalFlags } from '../../src/cli/globals.ts'
import { flagsByName } from '../../src/cli/names.ts'
import { resolve } from '../../src/cli/resolve.ts'
import { scan } from '../../src/cli/scan.ts'
import { messageOf } from '../../src/lib/errors.ts'

/**
 * The commands of a line of shell, each as its words. Knows quotes, comments, redirections, and what joins commands.
 *
 * | line                                  | answer                                        |
 * | ------------------------------------- | --------------------------------------------- |
 * | `a 'b c' # d`                         | a, b c                                        |
 * | `a -f x >y && b`                      | a, -f, x and b                                |
 * | `A=1 b \| c -f - <<'END'`             | b and c, -f, -                                |
 */
export const shellCommands = (line: string): readonly (readonly string[])[] => {
  const commands: string[][] = [[]]
  for (const [token, single, double] of line.matchAll(
    /'([^']*)'|"([^"]*)"|&&|\|\|?|;|[<>]+\s*(?:'[^']*'|[^\s|;&]+)|#.*|[^\s'"|;&<>]+/g,
  )) {
    if (/^(&&|\|\|?|;)$/.test(token)) commands.push([])
    else if (/^[#<>]/.test(token)) continue
    else commands.at(-1)?.push(single ?? double ?? token)
  }
  return commands
    .map(words => words.slice(words.findIndex(word => !/^[A-Z_]+=/.test(word))))
    .filter(words => words.length > 0)
}

export const isSrouter = ([program]: readonly string[]): boolean => /^(dist\/)?srouter$/.test(program ?? '')

/** Why srouter would refuse the words behind its name; undefined where it would run them. */
export const usageProblem = async (
  argv: readonly string[],
  commands: CommandTable,
): Promise<string | undefined> => {
  try {
    const { found, argv: rest } = resolve(argv, commands)
    if ('commands' in found) return argv.length === 0 ? undefined : 'a command is missing'
    const command = await found.load()
    const flags = { ...globalFlags, ...command.flags }
    const scanned = scan(rest, flagsByName(flags))
    if (scanned.given.some(({ key }) => key === 'help')) return scanned.problem?.message
    bind(scanned, flags, command.positionals)
    return undefined
  } catch (thrown) {
    return messageOf(thrown)
  }
}
