/** A process that answers each line with one. */
export interface Talk {
  readonly pid: number
  ask(line: string): Promise<string>
  signal(name: NodeJS.Signals): void
  end(): Promise<void>
}

/** It ends with this process at the latest, when its stdin does. */
export const talkTo = (command: readonly string[]): Talk => {
  const child = Bun.spawn([...command], { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' })
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader()
  let heard = ''
  return {
    pid: child.pid,
    ask: async line => {
      child.stdin.write(`${line}\n`)
      await child.stdin.flush()
      while (!heard.includes('\n')) {
        const { value, done } = await reader.read()
        if (done) throw new Error(`${command.join(' ')} has ended`)
        heard += value
      }
      const end = heard.indexOf('\n')
      const answer = heard.slice(0, end)
      heard = heard.slice(end + 1)
      return answer
    },
    signal: name => child.kill(name),
    end: async () => {
      child.kill('SIGKILL')
      await child.exited
    },
  }
}
