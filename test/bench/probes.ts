import { join } from 'node:path'
import { createAuthority } from '../lab/certificates.ts'
import { loopbackAddresses, startGatewayListener } from '../lab/gateway-listener.ts'
import { freePorts } from '../lab/ports.ts'
import { currentLoad, type Figure, figure } from './figure.ts'
import { run } from './process.ts'
import { type Scale, say } from './scale.ts'

/** What prober.ts is told. */
export interface ProberOrders {
  readonly work: 'rounds' | 'handshakes'
  readonly addresses: readonly string[]
  readonly port: number
  readonly host: string
  readonly ca: string
  readonly peers: number
  readonly intervalSeconds: number
  readonly warmSeconds: number
  readonly seconds: number
}

export interface ProberReport {
  /** Of one core. */
  readonly cpuPercent: number
  readonly residentMB: number
  readonly peakMB: number
  /** Probes, or handshakes. */
  readonly done: number
}

const peers = 10
const host = 'gw.example.com'
/** The shortest that is sensible, and what is used unless something else is wanted. */
const intervals = [1, 10] as const
const warmSeconds = 10

/** Ten peers with two addresses each, probed by HTTPS; every process at the same time, so that noise falls on all. */
export const probes = async (scale: Scale): Promise<readonly Figure[]> => {
  if (process.platform !== 'linux') {
    say('no probes are measured: memory is read from /proc')
    return []
  }
  say(`probes of ${peers} peers, for ${scale.probeSeconds} s`)
  const load = currentLoad()
  const authority = await createAuthority('bench')
  const tls = await authority.issueServer([host])
  const addresses = loopbackAddresses(2)
  const [port = 0] = freePorts(1)
  await using _one = await startGatewayListener({ tls, address: addresses[0] ?? '', port })
  await using _other = await startGatewayListener({ tls, address: addresses[1] ?? '', port })
  const common = {
    addresses,
    port,
    host,
    ca: authority.cert,
    peers,
    warmSeconds,
    seconds: scale.probeSeconds,
  }
  const pairs = await Promise.all(
    intervals.map(async intervalSeconds => {
      const [rounds, bare] = await Promise.all([
        prober({ ...common, work: 'rounds', intervalSeconds }),
        prober({ ...common, work: 'handshakes', intervalSeconds }),
      ])
      return { intervalSeconds, rounds, bare }
    }),
  )
  return pairs.flatMap(({ intervalSeconds, rounds, bare }) => {
    const name = `probes, ${peers} peers with 2 addresses, every ${intervalSeconds} s`
    const beside = (value: number) => ({ what: 'bare TLS handshakes, as many', values: [value] })
    return [
      figure(
        {
          name: `${name}: CPU`,
          unit: '%',
          values: [rounds.cpuPercent],
          floor: beside(bare.cpuPercent),
        },
        load,
      ),
      figure(
        {
          name: `${name}: memory`,
          unit: 'MB',
          values: [rounds.residentMB],
          floor: beside(bare.residentMB),
        },
        load,
      ),
      figure(
        { name: `${name}: peak`, unit: 'MB', values: [rounds.peakMB], floor: beside(bare.peakMB) },
        load,
      ),
    ]
  })
}

const prober = async (orders: ProberOrders): Promise<ProberReport> => {
  const program = join(import.meta.dir, 'prober.ts')
  const { stdout } = await run([process.execPath, program, JSON.stringify(orders)], { keepOutput: true })
  const report = JSON.parse(stdout) as ProberReport
  const due = (orders.peers * orders.addresses.length * orders.seconds) / orders.intervalSeconds
  // A figure of work that was not done is none.
  if (report.done < 0.9 * due)
    throw new Error(`${orders.work}: ${report.done} were done, and ${due} were due`)
  return report
}
