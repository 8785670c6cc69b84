import { srouter } from '../../executable/process.ts'
import { waitFor } from '../../lab/wait.ts'

/** A running `srouter run`. */
export interface RunningDaemon extends AsyncDisposable {
  readonly log: readonly LogLine[]
  /** Waits for such a line. */
  readonly says: (message: string, fields?: Partial<LogLine>) => Promise<LogLine>
  /** The status of a path of one of its servers. */
  readonly ask: (what: 'health' | 'metrics', path: string, token?: string) => Promise<number>
  /** Asks it to end, and answers how it did. */
  readonly stop: () => Promise<number>
}

export interface LogLine {
  readonly message: string
  readonly kind?: string
  readonly what?: string
  readonly port?: number
  readonly error?: string
}

/** Told with every word that it says, and on no port that may be taken. */
const always = [
  ...['--log-format', 'json', '--log-level', 'debug', '--interval', '1s'],
  ...['--metrics-bind-address', '127.0.0.1:0', '--health-probe-bind-address', '127.0.0.1:0'],
]

export const startDaemon = (kubeconfig: string, ...flags: readonly string[]): RunningDaemon => {
  const log: LogLine[] = []
  const child = Bun.spawn([srouter(), 'run', '--kubeconfig', kubeconfig, ...always, ...flags], {
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', NO_PROXY: '127.0.0.1' },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  })
  const reading = read(child.stderr, line => log.push(JSON.parse(line) as LogLine))
  const says: RunningDaemon['says'] = (message, fields = {}) =>
    waitFor(
      () =>
        log.find(
          line =>
            line.message === message &&
            Object.entries(fields).every(([key, value]) => line[key as keyof LogLine] === value),
        ),
      { what: `the daemon to say "${message}" ${JSON.stringify(fields)}`, timeoutMs: 15_000 },
    )
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    await reading
    return child.exited
  }
  return {
    log,
    says,
    ask: async (what, path, token) => {
      const { port } = await says('Listening', { what })
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
      return (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status
    },
    stop: () => stop(),
    // Whatever went wrong: nothing goes on behind the test.
    [Symbol.asyncDispose]: async () => {
      await stop('SIGKILL')
    },
  }
}

const read = async (stream: ReadableStream<Uint8Array>, line: (text: string) => void): Promise<void> => {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) line(text)
  }
}
