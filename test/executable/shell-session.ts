import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { SystemTool } from '../lab/system.ts'
import { waitFor } from '../lab/wait.ts'
import { root, srouter } from './process.ts'

/** A shell as a person has it: in a terminal, with an empty home. */
export interface InteractiveShell {
  readonly tool: SystemTool
  readonly argv: readonly string[]
  /** What the person has in the file that the shell reads first, all in one line. */
  readonly setUp: string
}

const tool = (name: string): SystemTool => ({ name, programs: [name], packages: [name] })

export const interactiveShells: Readonly<Record<string, InteractiveShell>> = {
  bash: {
    tool: tool('bash'),
    argv: ['bash', '--noprofile', '--norc', '-i'],
    setUp: 'eval "$(srouter completion bash)"',
  },
  zsh: {
    tool: tool('zsh'),
    argv: ['zsh', '-f', '-i'],
    setUp:
      'unset zle_bracketed_paste; autoload -U compinit && compinit -u -D && source <(srouter completion zsh)',
  },
  'zsh, by a file in $fpath': {
    tool: tool('zsh'),
    argv: ['zsh', '-f', '-i'],
    setUp:
      'unset zle_bracketed_paste; srouter completion zsh >~/_srouter; fpath=(~ $fpath); autoload -U compinit && compinit -u -D',
  },
  fish: {
    tool: tool('fish'),
    argv: ['fish', '--no-config', '-i'],
    setUp: 'srouter completion fish | source',
  },
}

export interface Session extends AsyncDisposable {
  /** Types it and the tab key; the line that the shell makes of it, and all that the screen showed meanwhile. */
  complete(typed: string): Promise<{ readonly line: string; readonly screen: string }>
}

export const openShell = async (
  { argv, setUp }: InteractiveShell,
  env: Readonly<Record<string, string>> = {},
): Promise<Session> => {
  const home = mkdtempSync(join(tmpdir(), 'srouter-shell-'))
  let screen = ''
  const decoder = new TextDecoder()
  const shell = Bun.spawn([...argv], {
    cwd: root,
    env: {
      PATH: `${dirname(srouter())}:${process.env.PATH ?? ''}`,
      HOME: home,
      TERM: 'dumb',
      LANG: 'C.UTF-8',
      PS1: '$ ',
      ...env,
    },
    terminal: {
      cols: 400,
      rows: 50,
      data: (_, data) => {
        screen += decoder.decode(data, { stream: true })
      },
    },
  })
  const type = (keys: string): void => void shell.terminal?.write(keys)
  // Through a file, because a shell draws and redraws the line on the screen as it likes.
  let files = 0
  const nextFile = (): string => join(home, `line-${++files}`)
  const written = (file: string): Promise<string> =>
    waitFor(
      async () => {
        const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
        return text.endsWith('\n') ? text.slice(0, -1) : undefined
      },
      { what: `${file}, with on the screen:\n${screen}`, timeoutMs: 20_000 },
    )

  const ready = nextFile()
  type(`${setUp}; echo ready >${ready}\r`)
  await written(ready)
  return {
    complete: async typed => {
      screen = ''
      const file = nextFile()
      // to the start of the line, and to its end: it is written down instead of run
      type(`${typed}\t\u0001printf '%s\\n' '\u0005' >${file}\r`)
      return { line: await written(file), screen }
    },
    [Symbol.asyncDispose]: async () => {
      shell.kill('SIGKILL')
      await shell.exited
      rmSync(home, { recursive: true, force: true })
    },
  }
}
