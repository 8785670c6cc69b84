import { join } from 'node:path'
import { apiVersionOf, Gateway } from '../../src/api/kinds.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { labMissing, prepareLab } from '../lab/tools.ts'
import { targetOf, withRoutes } from './cluster.ts'
import { atRest, churn, latencies, memoryAimMB } from './daemon-at-work.ts'
import { earlier } from './earlier.ts'
import type { Executables } from './executables.ts'
import { currentLoad, type Figure, figure } from './figure.ts'
import { platform } from './input.ts'
import { type Run, run } from './process.ts'
import { type Running, startRunning } from './running.ts'
import { type Scale, say } from './scale.ts'

const coldAim = 1.5

/** `srouter run` on control planes of the lab, beside the same requests made by a bare loop. */
export const daemon = async (
  executables: Executables,
  scale: Scale,
  folder: string,
): Promise<readonly Figure[]> => {
  const missing = process.platform === 'linux' ? labMissing() : 'memory and CPU are read from /proc'
  if (missing !== undefined) {
    say(`no daemon is measured: ${missing}`)
    return []
  }
  await prepareLab()
  const figures: Figure[] = []
  for (const routes of [scale.applied, scale.large]) {
    const isLarge = routes === scale.large
    const load = currentLoad()
    const floor = await floors(executables, routes, !isLarge, folder)
    say(`daemon, ${routes} routes, cold`)
    await using plane = await withRoutes(routes, executables.writes, folder)
    const log = join(folder, `daemon-${routes}.log`)
    {
      await using running = startRunning(executables.srouter, plane.kubeconfig(), log)
      await running.settled()
      figures.push(...cold(routes, running, floor.cold, isLarge, load))
      if (floor.newPostfix !== undefined)
        figures.push(await newPostfix(plane, running, routes, floor.newPostfix))
    }
    if (!isLarge) continue
    const options = { srouter: executables.srouter, plane, log, scale, routes }
    figures.push(...(await latencies(options)), ...(await atRest(options)), ...(await churn(options)))
  }
  return figures
}

/** The same writes, without any thought: on a cluster of their own. */
const floors = async (
  { writes }: Executables,
  routes: number,
  withPostfix: boolean,
  folder: string,
): Promise<{ readonly cold: Run; readonly newPostfix: Run | undefined }> => {
  say(`bare writes for ${routes} routes`)
  await using plane = await withRoutes(routes, writes, folder)
  const bare = async (): Promise<Run> => {
    const file = join(folder, 'bare.json')
    await run([process.execPath, join(import.meta.dir, 'bare-writes.ts'), targetOf(plane, folder), file])
    return run([writes, targetOf(plane, folder), file])
  }
  const first = await bare()
  if (!withPostfix) return { cold: first, newPostfix: undefined }
  await plane.applyManifests([gatewayWith('other')])
  return { cold: first, newPostfix: await bare() }
}

const cold = (
  routes: number,
  running: Running,
  floor: Run,
  isLarge: boolean,
  load: number,
): readonly Figure[] => {
  const name = (what: string) => `daemon, ${routes.toLocaleString('en')} routes, cold: ${what}`
  const before = earlier.cold[routes]
  const bare = (value: number) => ({ what: 'bare server-side applies', values: [value] })
  return [
    figure(
      {
        name: name('time'),
        unit: 'ms',
        values: [running.elapsedMs()],
        floor: bare(floor.wallMs),
        earlier: before?.wallMs,
        aim: { of: 'ratio', atMost: coldAim },
      },
      load,
    ),
    figure(
      {
        name: name('CPU'),
        unit: 'ms',
        values: [running.cpuMs()],
        floor: bare(floor.cpuMs),
        earlier: before?.cpuMs,
      },
      load,
    ),
    figure(
      {
        name: name('peak'),
        unit: 'MB',
        values: [running.peakMB()],
        floor: bare(floor.peakMB),
        earlier: before?.peakMB,
        ...(isLarge ? { aim: { of: 'figure', atMost: memoryAimMB } as const } : {}),
      },
      load,
    ),
  ]
}

/** Every host gets another target. */
const newPostfix = async (
  plane: ControlPlane,
  running: Running,
  routes: number,
  floor: Run,
): Promise<Figure> => {
  say(`another targetPostfix for ${routes} routes`)
  const load = currentLoad()
  const updates = 'action="update",result="done"'
  const before = await running.metric('srouter_changes_total', updates)
  // What a cold start leaves to be looked at once more is over by then.
  await running.settled(Date.now())
  const began = performance.now()
  await plane.applyManifests([gatewayWith('other')])
  for (;;) {
    await running.settled(Date.now())
    if ((await running.metric('srouter_changes_total', updates)) - before >= 2 * routes) break
  }
  return figure(
    {
      name: `daemon, another targetPostfix for ${routes.toLocaleString('en')} routes`,
      unit: 'ms',
      values: [performance.now() - began],
      floor: { what: 'bare server-side applies', values: [floor.wallMs] },
      earlier: earlier.newPostfix[routes],
      aim: { of: 'ratio', atMost: coldAim },
    },
    load,
  )
}

const gatewayWith = (targetPostfix: string) => {
  const gateway = platform.find(
    ({ apiVersion, kind }) => kind === Gateway.kind && apiVersion === apiVersionOf(Gateway),
  )
  if (gateway === undefined) throw new Error('the input has no Gateway')
  return { ...gateway, spec: { ...(gateway.spec as object), targetPostfix } }
}
