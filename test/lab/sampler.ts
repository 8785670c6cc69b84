import { Resolver } from 'node:dns/promises'
import type { Zone } from './bind.ts'
import { type Answer, between, type Expected, type Sample, wrong } from './timeline.ts'
import { GiveUp, waitFor } from './wait.ts'

/** Asks every zone's server for the same names, again and again, and keeps what was answered. */
export interface Sampler extends AsyncDisposable {
  /** In the order of their times. */
  readonly samples: readonly Sample[]
  /** `zone name` → what was answered last. */
  readonly latest: ReadonlyMap<string, Answer>
  /** A moment, as the samples tell the time. */
  mark(): number
  /** Waits until every zone gives the right answers, asked after now. */
  shows(expected: Expected, what: string, timeoutMs?: number): Promise<void>
  stop(): Promise<void>
}

export interface SamplerOptions {
  readonly zones: readonly Zone[]
  readonly names: readonly string[]
  readonly everyMs?: number
}

export const startSampler = ({ zones, names, everyMs = 100 }: SamplerOptions): Sampler => {
  const samples: Sample[] = []
  const latest = new Map<string, Answer>()
  let stopped = false

  const watch = async (zone: Zone): Promise<void> => {
    const ask = asker(zone.nameserver)
    while (!stopped) {
      const time = Date.now()
      const answers = await Promise.all(names.map(async name => [name, await ask(name)] as const))
      for (const [name, answer] of answers) {
        samples.push({ time, zone: zone.region, name, answer })
        latest.set(`${zone.region} ${name}`, answer)
      }
      await Bun.sleep(Math.max(1, time + everyMs - Date.now()))
    }
  }
  const watching = Promise.all(zones.map(watch))
  const stop = async (): Promise<void> => {
    stopped = true
    await watching
  }
  // A zone that is slow to answer is late with its samples.
  const inOrder = (): readonly Sample[] => samples.sort((a, b) => a.time - b.time)

  return {
    get samples() {
      return inOrder()
    },
    latest,
    mark: Date.now,
    shows: async (expected, what, timeoutMs = 30_000) => {
      const from = Date.now()
      const asked = (): boolean =>
        zones.every(({ region }) => between(samples, from).some(sample => sample.zone === region))
      const missing = (): readonly Sample[] =>
        wrong(
          [...latest].map(([key, answer]) => {
            const [zone = '', name = ''] = key.split(' ')
            return { time: 0, zone, name, answer }
          }),
          expected,
        )
      await waitFor(
        () => {
          if (stopped) throw new GiveUp('the sampler was stopped')
          return asked() && missing().length === 0
        },
        { what, timeoutMs },
      ).catch(thrown => {
        const found = missing().map(
          ({ zone, name, answer }) => `${zone} ${name}: ${answer}, not ${expected(zone, name)}`,
        )
        throw new Error(`${thrown instanceof Error ? thrown.message : thrown}\n${found.join('\n')}`)
      })
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/**
 * Asks one server for A and AAAA. The server follows CNAMEs within its zone by itself. A Resolver remembers answers for as
 * long as their TTL says, and cannot be told not to: so each question has one of its own.
 */
const asker =
  (nameserver: string) =>
  async (name: string): Promise<Answer> => {
    const resolver = new Resolver({ timeout: 3000, tries: 1 })
    resolver.setServers([nameserver])
    const [a, aaaa] = await Promise.all([
      resolver.resolve4(name).catch(troubleOf),
      resolver.resolve6(name).catch(troubleOf),
    ])
    const addresses = [a, aaaa].flatMap(answer => (Array.isArray(answer) ? answer : []))
    if (addresses.length > 0) return addresses.sort().join(',')
    return a === 'NXDOMAIN' && aaaa === 'NXDOMAIN' ? 'NXDOMAIN' : 'no answer'
  }

const troubleOf = (thrown: unknown): Answer =>
  ['ENOTFOUND', 'ENODATA'].includes((thrown as NodeJS.ErrnoException).code ?? '') ? 'NXDOMAIN' : 'no answer'
