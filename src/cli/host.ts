import { createInterface } from 'node:readline/promises'
import { isatty } from 'node:tty'
import { exitCode, messageOf, UserError } from '../lib/errors.ts'
import type { Clock, Input } from '../lib/io.ts'
import { createWriter, type Writer } from './writer.ts'

/** The process as the frame sees it; tests bring their own. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly stdin: Input
  readonly writer: Writer
  /** Asks on standard error and reads one line of standard input. */
  readonly ask: (question: string) => Promise<string>
  isTerminal(descriptor: 0 | 1 | 2): boolean
  columns(): number | undefined
  rows(): number | undefined
}

export const processHost = (): Host => {
  const writer = createWriter()
  return {
    env: process.env,
    clock: Date,
    stdin: { read: readStdin },
    writer,
    ask: async question => {
      // What is asked about must stand above the question.
      await writer.flush()
      return ask(question)
    },
    isTerminal: isatty,
    columns: () => (isatty(1) ? process.stdout.columns : undefined),
    rows: () => (isatty(1) ? process.stdout.rows : undefined),
  }
}

const ask = async (question: string): Promise<string> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const ended = new Promise<string>(resolve => terminal.once('close', () => resolve('')))
  try {
    return (await Promise.race([terminal.question(question), ended])).trim()
  } finally {
    terminal.close()
  }
}

const readStdin = async (): Promise<Uint8Array> => {
  try {
    return await Bun.stdin.bytes()
  } catch (error) {
    throw new UserError(
      exitCode.invalidInput,
      `cannot read standard input: ${messageOf(error)}`,
      'pipe a file into it, or name one with -f',
    )
  }
}
