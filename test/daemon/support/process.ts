import { srouter } from '../../executable/process.ts'
import { waitFor } from '../../lab/wait.ts'

/** A `srouter run` of the compiled executable. */
export interface RunningDaemon extends AsyncDisposable {
  readonly log: readonly LogLine[]
  /** Waits for such a line, from the given number of lines on. */
  says(message: string, fields?: Readonly<Record<string, unknown>>, from?: number): Promise<LogLine>
  /** GET on one of its servers. */
  get(what: 'health' | 'metrics', path: string): Promise<{ readonly status: number; readonly text: string }>
  /** Waits until /readyz says yes and it works, or waits for the Lease. */
  ready(): Promise<void>
  /** The sum of a metric's samples that have these labels. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>
  /** The largest amount of memory that it has had so far, in bytes; Linux only. */
  signal(signal: NodeJS.Signals): void
  /** Asks it to end, and answers how it did. */
  stop(signal?: NodeJS.Signals): Promise<number>
  readonly ended: Promise<number>
}

export interface LogLine {
  readonly time: string
  readonly level: string
  readonly message: string
  readonly [field: string]: unknown
}

export interface DaemonOptions {
  readonly kubeconfig?: string
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Told with every word that it says, and on no port that may be taken. */
const always = [
  ...['--log-format', 'json', '--log-level', 'debug'],
  ...['--metrics-bind-address', '127.0.0.1:0', '--health-probe-bind-address', '127.0.0.1:0'],
]

export const startDaemon = ({ kubeconfig, flags = [], env = {} }: DaemonOptions): RunningDaemon => {
  const log: LogLine[] = []
  const given = kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]
  const child = Bun.spawn([srouter(), 'run', ...given, ...always, ...flags], {
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', NO_PROXY: '127.0.0.1', ...env },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  })
  const reading = eachLine(child.stderr, text => log.push(parse(text)))
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  const says: RunningDaemon['says'] = (message, fields = {}, from = 0) =>
    waitFor(() => log.slice(from).find(line => line.message === message && Bun.deepMatch(fields, line)), {
      what: `the daemon to say "${message}" ${JSON.stringify(fields)}`,
      timeoutMs: 30_000,
    })
  const portOf = async (what: 'health' | 'metrics') => (await says('Listening', { what })).port
  const get: RunningDaemon['get'] = async (what, path) => {
    const response = await fetch(`http://127.0.0.1:${await portOf(what)}${path}`)
    return { status: response.status, text: await response.text() }
  }
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number> => {
    if (!hasEnded()) child.kill(signal)
    await reading
    return child.exited
  }
  return {
    log,
    says,
    get,
    ready: async () => {
      await waitFor(async () => (await get('health', '/readyz')).status === 200, {
        what: `the daemon to be ready; it said last: ${JSON.stringify(log.at(-1))}`,
        timeoutMs: 30_000,
      })
    },
    metric: async (name, labels = {}) => {
      const { text } = await get('metrics', '/metrics')
      return samples(text)
        .filter(sample => sample.name === name && Bun.deepMatch(labels, sample.labels))
        .reduce((sum, { value }) => sum + value, 0)
    },
    signal: signal => child.kill(signal),
    stop,
    ended: child.exited,
    // Whatever went wrong: nothing goes on behind the test.
    [Symbol.asyncDispose]: async () => {
      await stop('SIGKILL')
    },
  }
}

/** `name{label="value"} 1` */
const samples = (text: string) =>
  [...text.matchAll(/^([a-z_]+)(?:\{(.*)\})? ([-+.0-9eNaInf]+)$/gm)].map(([, name, labels = '', value]) => ({
    name,
    value: Number(value),
    labels: Object.fromEntries(
      [...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, key, text]) => [key, text]),
    ),
  }))

/** What is no JSON is a crash; it is kept, to be seen in the log. */
const parse = (text: string): LogLine => {
  try {
    return JSON.parse(text) as LogLine
  } catch {
    return { time: '', level: 'crash', message: text }
  }
}

const eachLine = async (stream: ReadableStream<Uint8Array>, line: (text: string) => void): Promise<void> => {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) line(text)
  }
  if (rest !== '') line(rest)
}
