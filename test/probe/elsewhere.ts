/** A server in a process of its own. */
export interface Elsewhere extends AsyncDisposable {
  readonly port: number
  /** What it prints next. */
  line(): Promise<string>
  signal(name: NodeJS.Signals): void
}

/** Runs a program that prints its port first. */
export const startElsewhere = async (program: string): Promise<Elsewhere> => {
  const child = Bun.spawn([process.execPath, '-e', program], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader()
  let printed = ''
  const line = async (): Promise<string> => {
    for (;;) {
      const end = printed.indexOf('\n')
      if (end >= 0) {
        const first = printed.slice(0, end)
        printed = printed.slice(end + 1)
        return first
      }
      const { value, done } = await reader.read()
      if (done) throw new Error('the program has ended')
      printed += value
    }
  }
  return {
    port: Number(await line()),
    line,
    signal: name => child.kill(name),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await child.exited
    },
  }
}
