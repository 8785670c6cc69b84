import type { Clock, Input, Output } from '../lib/io.ts'
import type { Log } from '../lib/log.ts'
import type { CommandTable } from './definition.ts'

/** What a command has of the world outside. */
export interface Context {
  readonly output: Output
  readonly log: Log
  readonly clock: Clock
  readonly stdin: Input
  /** Aborted by SIGINT or SIGTERM; its reason is the UserError to end with. */
  readonly signal: AbortSignal
  /** Whether there is somebody to ask: standard input and standard output are both a terminal. */
  readonly isTerminal: boolean
  /** Asks on the terminal; the answer without its line break, or '' where input ended. */
  readonly ask: (question: string) => Promise<string>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly commands: CommandTable
}
