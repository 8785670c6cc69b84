/**
 * The exit codes of the executable. They are public interface: docs/commands.md lists them.
 * When several apply, the first in this order counts.
 */
export const exitCode = {
  interrupted: 130,
  usage: 64,
  unreachable: 6,
  invalidInput: 1,
  stalePlan: 4,
  partlyApplied: 5,
  held: 3,
  timedOut: 7,
  changes: 2,
  ok: 0,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

/** Expected trouble that the user can mend: printed as message and hint, never with a stack. */
export class UserError extends Error {
  constructor(
    readonly exit: ExitCode,
    message: string,
    readonly hint?: string,
  ) {
    super(message)
    this.name = 'UserError'
  }
}

export const usageError = (message: string, hint?: string): UserError =>
  new UserError(exitCode.usage, message, hint)

/** The message of whatever was thrown. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)
