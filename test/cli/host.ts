import type { CommandTable } from '../../src/cli/definition.ts'
import { dispatch } from '../../src/cli/dispatch.ts'
import type { Host } from '../../src/cli/host.ts'
import type { ExitCode } from '../../src/lib/errors.ts'

export interface Ended {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly terminal?: boolean
}

/** Dispatches a command line without a process around it. */
export const runInMemory = async (
  argv: readonly string[],
  commands: CommandTable,
  { env = {}, stdin = '', terminal = false }: Surroundings = {},
): Promise<Ended> => {
  const written = { 1: '', 2: '' }
  const host: Host = {
    env,
    ask: async () => '',
    clock: { now: () => Date.UTC(2026, 0, 2, 3, 4, 5) },
    stdin: { read: async () => stdin },
    writer: {
      write: (descriptor, text) => {
        written[descriptor] += text
      },
      flush: async () => {},
      flushWithin: async () => {},
      failure: () => undefined,
    },
    isTerminal: () => terminal,
    columns: () => (terminal ? 100 : undefined),
    rows: () => (terminal ? 40 : undefined),
  }
  const interrupts = { signal: new AbortController().signal, interrupted: new Promise<never>(() => {}) }
  const code = await dispatch(argv, commands, host, interrupts)
  return { code, out: written[1], err: written[2] }
}
