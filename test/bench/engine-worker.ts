import { readFileSync, writeFileSync } from 'node:fs'
import type { KubeObject } from '../../src/api/object.ts'
import { reconcile } from '../../src/engine/engine.ts'
import { defaultSettings } from '../../src/engine/snapshot.ts'
import { statuses } from '../../src/engine/statuses/index.ts'
import { objects } from './input.ts'

/**
 * One process of its own for each run of the engine, as a command is: nothing is compiled or collected beforehand.
 * `engine-worker.ts ROUTES save|empty|existing FILE`: FILE has what exists, and `save` writes it.
 */
export interface EngineRun {
  readonly wallMs: number
  readonly cpuMs: number
  readonly peakMB: number
  /** Time to make as many DNSEndpoints from JSON, without any thought. */
  readonly floorMs: number
  readonly floorCpuMs: number
  readonly statusesMs: number
}

const [count = '', mode = '', file = ''] = process.argv.slice(2)

/** As the API server has them: with uids, and created one after the other in no order of names. */
const inputs: readonly KubeObject[] = objects(Number(count)).map((object, index) => ({
  ...object,
  metadata: {
    ...object.metadata,
    uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    generation: 1,
    creationTimestamp: new Date(1_700_000_000_000 + ((index * 7919) % 100_003) * 1000)
      .toISOString()
      .replace('.000Z', 'Z'),
  },
}))

const timed = <T>(work: () => T): { result: T; wallMs: number; cpuMs: number } => {
  const cpu = process.cpuUsage()
  const began = performance.now()
  const result = work()
  const wallMs = performance.now() - began
  const { user, system } = process.cpuUsage(cpu)
  return { result, wallMs, cpuMs: (user + system) / 1000 }
}

const reconcileWith = (current: readonly KubeObject[]) =>
  reconcile({ inputs, fromFiles: new Set(), current, settings: defaultSettings })

/** Its text is garbage afterwards, as the answers of an API server are. */
const readCurrent = (): readonly KubeObject[] => JSON.parse(readFileSync(file, 'utf8'))

/** Of this process since it began as this program; see process.ts for why not maxRSS. */
const ownPeakMB = (): number => {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1000
  const [, kB = '0'] = /^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return (Number(kB) * 1024) / 1e6
}

if (mode === 'save') {
  const derived = reconcileWith([]).plan.objects.flatMap(({ after }) => after ?? [])
  const existing = derived.map((object, index) => ({
    ...object,
    metadata: { ...object.metadata, uid: `d-${index}`, resourceVersion: `${index}`, generation: 1 },
    status: { observedGeneration: 1 },
  }))
  writeFileSync(file, JSON.stringify(existing))
} else {
  const current = mode === 'existing' ? readCurrent() : []
  const { result, wallMs, cpuMs } = timed(() => reconcileWith(current))
  const peakMB = ownPeakMB()
  const status = timed(() => statuses(result))
  const text = readFileSync(file, 'utf8')
  const floor = timed(() => JSON.parse(text))
  const answer: EngineRun = {
    wallMs,
    cpuMs,
    peakMB,
    floorMs: floor.wallMs,
    floorCpuMs: floor.cpuMs,
    statusesMs: status.wallMs,
  }
  console.log(JSON.stringify(answer))
}
