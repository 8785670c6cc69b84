import { connect } from 'node:tls'
import { realTiming } from '../../src/kube/timing.ts'
import { probe } from '../../src/probe/probe.ts'
import { startRounds } from '../../src/probe/rounds.ts'
import type { ProberOrders, ProberReport } from './probes.ts'
import { memoryMB } from './running.ts'

/**
 * `bun prober.ts JSON`: probes as the daemon does, or makes the bare handshakes for that, and reports what it took,
 * after a while to get warm.
 */
const orders = JSON.parse(process.argv[2] ?? '') as ProberOrders
const { work, addresses, port, host, ca, peers, intervalSeconds, warmSeconds, seconds } = orders

let done = 0

const rounds = (): void => {
  const { set } = startRounds({
    timing: realTiming,
    probe,
    onRound: ({ outcomes }) => {
      for (const outcome of outcomes.values()) {
        if (!outcome.ok) throw new Error(`a probe failed: ${outcome.failure}`)
        done++
      }
    },
  })
  const target = { scheme: 'HTTPS', host, port, path: '/', timeoutSeconds: 3, caBundle: ca } as const
  set(Array.from({ length: peers }, (_, i) => ({ key: `peer${i}`, target, addresses, intervalSeconds })))
}

/** As many, spread over the same time. */
const handshakes = (): void => {
  let turn = 0
  setInterval(
    () => {
      const socket = connect({
        host: addresses[turn++ % addresses.length] ?? '',
        port,
        servername: host,
        ca,
      })
      socket.once('secureConnect', () => {
        done++
        socket.destroy()
      })
    },
    (intervalSeconds * 1_000) / (peers * addresses.length),
  )
}

const works: Readonly<Record<ProberOrders['work'], () => void>> = { rounds, handshakes }
works[work]()

await Bun.sleep(warmSeconds * 1_000)
const [before, doneBefore, began] = [process.cpuUsage(), done, performance.now()]
await Bun.sleep(seconds * 1_000)
const { user, system } = process.cpuUsage(before)
const report: ProberReport = {
  cpuPercent: (user + system) / 10 / (performance.now() - began),
  residentMB: memoryMB(process.pid, 'VmRSS'),
  peakMB: memoryMB(process.pid, 'VmHWM'),
  done: done - doneBefore,
}
console.log(JSON.stringify(report))
process.exit()
