import { type ExitCode, exitCode } from '../lib/errors.ts'
import type { Output } from '../lib/io.ts'
import { bind } from './bind.ts'
import { type Command, type CommandEntry, type CommandTable, defineCommand } from './definition.ts'
import { withEnvironment } from './environment.ts'
import { globalFlags } from './globals.ts'
import { helpOf } from './help/help.ts'
import type { Host } from './host.ts'
import type { Interrupts } from './interrupt.ts'
import { flagsByName } from './names.ts'
import { report } from './report.ts'
import { resolve } from './resolve.ts'
import { type Scanned, scan } from './scan.ts'
import { defaultSettings, openOutput, openReporter, settingsOf } from './settings.ts'
import { withHelpPointer } from './usage.ts'

/** Finds the command, reads its arguments, runs it, and reports how it ended. Never throws. */
export const dispatch = async (
  argv: readonly string[],
  commands: CommandTable,
  host: Host,
  interrupts: Interrupts,
): Promise<ExitCode> => {
  let settings = defaultSettings
  try {
    const { words, found, argv: rest } = resolve(argv, commands)
    const command = await commandOf(found, words)
    const flags = { ...globalFlags, ...command.flags }
    const scanned = scan(rest, flagsByName(flags))
    if (isGiven(scanned, 'help')) {
      const output = openOutput(host, { color: !isGiven(scanned, 'color') })
      output.out(await helpOf(words, commands, output.color))
      return exitCode.ok
    }
    const { given, values } = pointingAtHelp(words, () => {
      const given = command.fromEnvironment ? withEnvironment(scanned, flags, host.env) : scanned
      return { given, values: bind(given, flags, command.positionals) }
    })
    settings = settingsOf(values)
    // A service is read by machines, unless somebody looks on.
    if (command.fromEnvironment && !isGiven(given, 'logFormat') && !host.isTerminal(2))
      settings = { ...settings, logFormat: 'json' }
    const output = openOutput(host, settings)
    const finishes = command.onInterrupt === 'finish'
    const running = command.run(
      {
        output: finishes ? output : untilAborted(output, interrupts.signal),
        log: openReporter(host, settings).log,
        clock: host.clock,
        stdin: host.stdin,
        signal: interrupts.signal,
        isTerminal: host.isTerminal(0) && host.isTerminal(1),
        ask: host.ask,
        env: host.env,
        commands,
      },
      values,
    )
    return await (finishes ? running : Promise.race([running, interrupts.interrupted]))
  } catch (thrown) {
    return report(thrown, openReporter(host, settings))
  }
}

/** A command that is ended by a signal may still come to its result before the process does; it is not shown. */
const untilAborted = (output: Output, signal: AbortSignal): Output => ({
  out: text => {
    if (!signal.aborted) output.out(text)
  },
  err: text => {
    if (!signal.aborted) output.err(text)
  },
  get columns() {
    return output.columns
  },
  get rows() {
    return output.rows
  },
  color: output.color,
})

const commandOf = (found: CommandEntry, words: readonly string[]): Command | Promise<Command> =>
  'load' in found ? found.load() : bareGroup(words)

/** A command line that ends where a command should follow: its help, but as an error. */
const bareGroup = (words: readonly string[]): Command =>
  defineCommand({
    description: [],
    flags: {},
    positionals: {},
    examples: [],
    exits: [],
    run: async ({ output, commands }) => {
      output.err(await helpOf(words, commands, false))
      return exitCode.usage
    },
  })

const isGiven = ({ given }: Scanned, wanted: string): boolean => given.some(({ key }) => key === wanted)

const pointingAtHelp = <T>(words: readonly string[], parse: () => T): T => {
  try {
    return parse()
  } catch (thrown) {
    throw withHelpPointer(thrown, words)
  }
}
