import { join } from 'node:path'
import type { Zone } from './bind.ts'
import {
  bindArguments,
  type InstanceKind,
  instanceArguments,
  type Ownership,
  ownershipOf,
} from './external-dns-arguments.ts'
import { here, type Place } from './place.ts'
import { freePorts } from './ports.ts'
import { type LabProcess, launch } from './process.ts'
import { executable } from './tools.ts'
import { waitFor } from './wait.ts'

export interface ExternalDnsOptions {
  readonly kind: InstanceKind
  /** The zone that it writes. */
  readonly zone: Zone
  /** The cluster that it runs in, such as `aks01-weu`. */
  readonly cluster: string
  /** Of that cluster; it is in `folder`. */
  readonly kubeconfig: string
  /** Of the control plane: whatever ends that, ends this too. */
  readonly folder: string
  /** Where it runs; here, unless told otherwise. */
  readonly place?: Place
  /** `3s` when absent. */
  readonly interval?: string
  /** What is to differ from the set-up that its kind stands for. */
  readonly ownership?: Partial<Ownership>
  /** Further arguments, such as `--events`. */
  readonly arguments?: readonly string[]
  /** Has to end well before each start, as an initContainer: `srouter gate`. */
  readonly before?: readonly string[]
}

/** An ExternalDNS as a process. As the kubelet does, the lab starts again what ends by itself. */
export interface ExternalDns {
  /** `weu-routes` */
  readonly name: string
  readonly kind: InstanceKind
  readonly zone: Zone
  readonly logFile: string
  /** Every change that it has made or tried, by its own counters: one number that stands still when there is nothing to do. */
  metric(name: string): Promise<number>
  /** Waits until it has begun and ended a whole cycle from now on. */
  cycle(): Promise<void>
  /** SIGKILL when no signal is named; it stays away until `restart`. SIGSTOP and SIGCONT only hold it. */
  kill(signal?: NodeJS.Signals): Promise<void>
  restart(): Promise<void>
}

export const startExternalDns = async (options: ExternalDnsOptions): Promise<ExternalDns> => {
  const { kind, zone, cluster, kubeconfig, folder, place = here, interval = '3s' } = options
  const tool = await executable('external-dns')
  const name = `${zone.region}-${kind}`
  const [port = 0] = freePorts(1)
  const instance = { kind, cluster, region: zone.region, domain: zone.name }
  const command = [
    tool,
    `--kubeconfig=${kubeconfig}`,
    ...instanceArguments(instance, { ...ownershipOf(instance), ...options.ownership }),
    ...bindArguments(zone),
    `--interval=${interval}`,
    `--metrics-address=${place.control}:${port}`,
    '--log-format=json',
    '--log-level=debug',
    ...(options.arguments ?? []),
  ]
  const program = `external-dns-${name}`
  let current: LabProcess | undefined
  let turn = 0
  const run = async (mine: number): Promise<void> => {
    while (mine === turn) {
      if (options.before !== undefined) {
        current = launch(folder, `${program}-before`, place.command(options.before))
        const code = await current.ended
        if (mine !== turn) return
        if (code !== 0) {
          await Bun.sleep(1000)
          continue
        }
      }
      // It ends itself where it cannot reach the API server, in the hope for somebody who starts it again.
      current = launch(folder, program, place.command(command))
      await current.ended
      await Bun.sleep(1000)
    }
  }
  const kill: ExternalDns['kill'] = async (signal = 'SIGKILL') => {
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') turn++
    await current?.kill(signal)
  }
  run(turn)
  const metric: ExternalDns['metric'] = async wantedName => {
    const text = await (
      await fetch(`http://${place.control}:${port}/metrics`, { signal: AbortSignal.timeout(2000) })
    ).text()
    const values = text
      .split('\n')
      .filter(line => line.startsWith(`${wantedName} `) || line.startsWith(`${wantedName}{`))
    return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
  }
  return {
    name,
    kind,
    zone,
    logFile: join(folder, `${program}.log`),
    metric,
    cycle: async () => {
      // The one that runs now may have read its source before what this is to wait for.
      const reconciled = () => metric('external_dns_controller_last_sync_timestamp_seconds')
      const before = await reconciled().catch(() => 0)
      const first = await waitFor(async () => ((await reconciled()) > before ? reconciled() : undefined), {
        what: `a cycle of ${name}`,
        timeoutMs: 60_000,
      })
      await waitFor(async () => (await reconciled()) > first, {
        what: `a second cycle of ${name}`,
        timeoutMs: 60_000,
      })
    },
    kill,
    restart: async () => {
      await kill()
      run(turn)
    },
  }
}
