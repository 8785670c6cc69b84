import { type ExitCode, exitCode, UserError } from '../lib/errors.ts'
import type { CommandTable } from './definition.ts'
import { dispatch } from './dispatch.ts'
import { type Host, processHost } from './host.ts'
import { watchInterrupts } from './interrupt.ts'
import { report } from './report.ts'
import { defaultSettings, openReporter } from './settings.ts'

/**
 * Runs a command line in this process, to its very end: the code is answered when all output is written, so
 * that the process can exit with it at once, whatever is still open.
 */
export const run = async (argv: readonly string[], commands: CommandTable): Promise<ExitCode> => {
  const host = processHost()
  const interrupts = watchInterrupts()
  const reported = (thrown: unknown): ExitCode => report(thrown, openReporter(host, defaultSettings))

  const ended = await Promise.race([dispatch(argv, commands, host, interrupts), strayError()]).catch(reported)
  const unread = interrupts.signal.aborted
    ? host.writer.flush()
    : Promise.race([host.writer.flush(), interrupts.interrupted])
  const code =
    ended === exitCode.interrupted ? ended : await unread.then(() => delivered(ended, host), reported)
  await host.writer.flushWithin(lastWords)
  return code
}

/** How long an interrupted command may still take to hand over what it has said, in milliseconds. */
const lastWords = 500

/** Rejects with an error that was thrown where nobody awaits it: a bug, but reported like any other. */
const strayError = (): Promise<never> =>
  new Promise((_, reject) => {
    process.on('uncaughtException', reject)
    process.on('unhandledRejection', reject)
  })

/** A result that could not be written whole is no success. */
const delivered = (code: ExitCode, host: Host): ExitCode => {
  const failure = host.writer.failure()
  if (failure === undefined) return code
  const problem = new UserError(exitCode.invalidInput, `cannot write to standard output: ${failure}`)
  const reported = report(problem, openReporter(host, defaultSettings))
  return code === exitCode.ok || code === exitCode.changes ? reported : code
}
