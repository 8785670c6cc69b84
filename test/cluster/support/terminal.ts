import { srouter } from '../../executable/process.ts'
import { waitFor } from '../../lab/wait.ts'

/** The executable in a pseudo-terminal, with somebody at the keyboard. */
export interface Terminal {
  /** All that has been shown so far, of both streams. */
  readonly shown: () => string
  /** Waits until it is shown. */
  readonly until: (text: string) => Promise<unknown>
  readonly type: (keys: string) => void
  readonly exited: Promise<number>
}

export const ctrlC = '\u0003'
export const ctrlD = '\u0004'

export const inTerminal = (argv: readonly string[]): Terminal => {
  let shown = ''
  const decoder = new TextDecoder()
  const child = Bun.spawn([srouter(), ...argv], {
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', TERM: 'xterm-256color', NO_COLOR: '1' },
    terminal: {
      cols: 120,
      rows: 40,
      data: (_, data) => {
        shown += decoder.decode(data, { stream: true })
      },
    },
  })
  return {
    shown: () => shown,
    until: text => waitFor(() => shown.includes(text), { what: `"${text}" to be shown`, timeoutMs: 30_000 }),
    type: keys => {
      child.terminal?.write(keys)
    },
    exited: child.exited,
  }
}
