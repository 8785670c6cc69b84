import { type ExitCode, exitCode, messageOf, UserError } from '../lib/errors.ts'
import type { Log, LogFormat } from '../lib/log.ts'
import { escapeTerminal } from './render/escape.ts'

export interface Reporter {
  readonly err: (text: string) => void
  readonly log: Log
  readonly logFormat: LogFormat
  readonly showStack: boolean
}

/** Says on standard error why the command ended, and answers its exit code. */
export const report = (thrown: unknown, { err, log, logFormat, showStack }: Reporter): ExitCode => {
  const isBug = !(thrown instanceof UserError)
  const { exit, message, hint } = isBug ? bug(thrown) : thrown
  const stack = isBug && showStack && thrown instanceof Error ? thrown.stack : undefined
  if (logFormat === 'json') {
    log.error(message, { hint, exitCode: exit, stack })
    return exit
  }
  err(exit === exitCode.interrupted ? `${escapeTerminal(message)}\n` : `error: ${escapeTerminal(message)}\n`)
  if (hint !== undefined) err(`hint: ${escapeTerminal(hint)}\n`)
  if (stack !== undefined) err(`${escapeTerminal(stack, 'keep')}\n`)
  return exit
}

/** Not the user's fault. It has no code of its own: 1, as for anything else that could not be done. */
const bug = (thrown: unknown): UserError =>
  new UserError(
    exitCode.invalidInput,
    `internal error: ${messageOf(thrown)}`,
    'this is a bug in srouter; please report it, with what "srouter version" prints and what this command prints with --log-level debug',
  )
