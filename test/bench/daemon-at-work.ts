import type { ControlPlane } from '../lab/cluster.ts'

import { earlier } from './earlier.ts'
import { currentLoad, type Figure, figure } from './figure.ts'
import { type Newcomers, newcomers } from './newcomers.ts'
import { type Running, startRunning } from './running.ts'
import { type Scale, say } from './scale.ts'
import { type Sample, slopeOf } from './slope.ts'

export interface AtWork {
  readonly srouter: string
  readonly plane: ControlPlane
  readonly log: string
  readonly scale: Scale
  /** How many there are on the cluster, all of them settled. */
  readonly routes: number
}

export const memoryAimMB = 150
const aims = { medianMs: 15, worstMs: 150, idlePercent: 2 }

/** One new route after the other; then the floor, without the daemon, which would look at those objects as well. */
export const latencies = async ({
  srouter,
  plane,
  log,
  scale,
  routes,
}: AtWork): Promise<readonly Figure[]> => {
  const values: number[] = []
  const floors: number[] = []
  const load = currentLoad()
  await using watcher = await newcomers(plane.kubeconfig())
  {
    say(`${scale.newRoutes} new routes on a cluster with ${routes}`)
    await using running = startRunning(srouter, plane.kubeconfig(), log)
    await running.settled()
    for (let number = 0; number < scale.newRoutes; number++) values.push(await watcher.route(number))
    for (let number = 0; number < scale.newRoutes; number++) await watcher.removeRoute(number)
    await running.settled(Date.now())
  }
  for (let number = 0; number < scale.newRoutes; number++) floors.push(await watcher.twoObjects(number))
  for (let number = 0; number < scale.newRoutes; number++) await watcher.removeObjects(number)
  const name = (what: string) =>
    `daemon, a new route beside ${routes.toLocaleString('en')}, ${scale.newRoutes} times: ${what}`
  const floor = 'two objects created and seen'
  return [
    figure(
      {
        name: name('p50'),
        unit: 'ms',
        values,
        floor: { what: floor, values: floors },
        earlier: earlier.newRoute.medianMs,
        aim: { of: 'figure', atMost: aims.medianMs },
      },
      load,
    ),
    figure(
      {
        name: name('p99'),
        unit: 'ms',
        values: [percentile(values, 0.99)],
        floor: { what: floor, values: [percentile(floors, 0.99)] },
        earlier: earlier.newRoute.worstMs,
        aim: { of: 'figure', atMost: aims.worstMs },
      },
      load,
    ),
  ]
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0

/** What it takes when nothing happens. */
export const atRest = async ({ srouter, plane, log, scale, routes }: AtWork): Promise<readonly Figure[]> => {
  say(`${scale.idleSeconds} seconds at rest with ${routes} routes`)
  const load = currentLoad()
  await using running = startRunning(srouter, plane.kubeconfig(), log)
  await running.settled()
  // What remains of the start is looked at once more, and collected.
  await running.settled(Date.now())
  const [cpu, began] = [running.cpuMs(), performance.now()]
  await Bun.sleep(scale.idleSeconds * 1000)
  const percent = (100 * (running.cpuMs() - cpu)) / (performance.now() - began)
  const name = (what: string) => `daemon at rest, ${routes.toLocaleString('en')} routes: ${what}`
  return [
    figure(
      {
        name: name(`CPU over ${scale.idleSeconds} s`),
        unit: '%',
        values: [percent],
        aim: { of: 'figure', atMost: aims.idlePercent },
      },
      load,
    ),
    figure(
      {
        name: name('memory'),
        unit: 'MB',
        values: [running.residentMB()],
        aim: { of: 'figure', atMost: memoryAimMB },
      },
      load,
    ),
  ]
}

/** Of the time of churn, this share is not counted: caches fill in it. */
const warmUp = 0.2
/** Routes that come and go, every second; the oldest go. */
const perSecond = 5
const present = 200

/** Routes come and go: does memory grow? */
export const churn = async ({ srouter, plane, log, scale, routes }: AtWork): Promise<readonly Figure[]> => {
  say(`${scale.churnMinutes} minutes of churn with ${routes} routes`)
  const load = currentLoad()
  await using running = startRunning(srouter, plane.kubeconfig(), log)
  await running.settled()
  await using watcher = await newcomers(plane.kubeconfig())
  const samples = await whileChurning(watcher, running, scale.churnMinutes * 60_000)
  const { rise, low, high } = slopeOf(samples)
  const perHour = 3_600_000
  const name = (what: string) =>
    `daemon, ${scale.churnMinutes} minutes of churn with ${routes.toLocaleString('en')} routes: ${what}`
  return [
    figure(
      {
        name: name('slope of memory, with 95 % confidence'),
        unit: 'MB/h',
        values: [low * perHour, rise * perHour, high * perHour],
        aim: { of: 'least', atMost: 0 },
      },
      load,
    ),
    figure({ name: name('memory'), unit: 'MB', values: samples.map(({ value }) => value) }, load),
    figure(
      {
        name: name('peak'),
        unit: 'MB',
        values: [running.peakMB()],
        earlier: earlier.cold[routes]?.peakMB,
        aim: { of: 'figure', atMost: memoryAimMB },
      },
      load,
    ),
  ]
}

const whileChurning = async (
  watcher: Newcomers,
  running: Running,
  ms: number,
): Promise<readonly Sample[]> => {
  const began = performance.now()
  const samples: Sample[] = []
  // Names of their own: what the measurement of the latency had is gone.
  let [youngest, oldest] = [100_000, 100_000]
  for (let at = 0; at < ms; at = performance.now() - began) {
    const turn = Bun.sleep(1_000)
    for (let i = 0; i < perSecond; i++) await watcher.route(youngest++)
    while (youngest - oldest > present) await watcher.removeRoute(oldest++)
    if (at > warmUp * ms) samples.push({ at, value: running.residentMB() })
    await turn
  }
  while (oldest < youngest) await watcher.removeRoute(oldest++)
  return samples
}
