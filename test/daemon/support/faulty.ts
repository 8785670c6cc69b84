import { afterEach, beforeAll, beforeEach, expect } from 'bun:test'
import type { KubeObject } from '../../../src/api/object.ts'
import { endpointRef } from '../../cluster/support/refs.ts'
import type { Srouter } from '../../cluster/support/srouter.ts'
import { platform, route } from '../../engine/build.ts'
import type { ControlPlane } from '../../lab/cluster.ts'
import { waitFor } from '../../lab/wait.ts'
import { type DaemonPlane, daemonPlane } from './plane.ts'
import { type RunningDaemon, startDaemon } from './process.ts'
import { type Fault, type FaultyProxy, faultyProxy } from './proxy.ts'
import { becomes } from './records.ts'
import { addresses, settled } from './scene.ts'
import { type Witness, witness } from './witness.ts'
import { become, set } from './world.ts'

/** Enough records for a share of them to count. */
const names = Array.from({ length: 12 }, (_, index) => `r${index}`)
const world: readonly KubeObject[] = [...platform(), ...names.map(name => route('app', name))]
export const recordOf = (name: string): string => `weu ${name}-ns-p-prod-app CNAME 300 aks01-weu-internal`
export const worldRecords: readonly string[] = [...addresses, ...names.map(recordOf)]

export interface Faulty {
  readonly plane: ControlPlane
  readonly srouter: Srouter
  /** Between the daemon and the API server. */
  readonly proxy: FaultyProxy
  readonly daemon: RunningDaemon
  readonly watcher: Witness
  /** Another daemon instead of the one that was stopped. */
  startAgain(): RunningDaemon
  during(fault: Fault, work: () => Promise<unknown>): Promise<void>
  /** A new route, which shows that the daemon works; answers after how long. */
  works(name: string, timeoutMs?: number): Promise<number>
  /** All is as the engine says, and no record was lost on the way but these. */
  unharmed(losses?: readonly string[], timeoutMs?: number): Promise<void>
}

/** A daemon of its own for each test, with a world of twelve routes, a proxy to make faults and a witness. */
export const withFaults = (): Faulty => {
  let known: DaemonPlane | undefined
  let one: { daemon: RunningDaemon; readonly proxy: FaultyProxy; readonly watcher: Witness } | undefined
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the test has not begun')
    return value
  }
  const start = (proxy: FaultyProxy): RunningDaemon =>
    startDaemon({ kubeconfig: there(known).kubeconfig(proxy.url) })

  beforeAll(async () => {
    known = await daemonPlane()
  }, 120_000)
  beforeEach(async () => {
    const { plane, srouter, mend } = there(known)
    await mend()
    await become(plane, world)
    const proxy = faultyProxy(plane)
    const daemon = start(proxy)
    await daemon.ready()
    await becomes(plane, worldRecords, 30_000)
    await settled(plane, srouter, 30_000)
    one = { daemon, proxy, watcher: await witness(plane) }
  }, 120_000)
  afterEach(async () => {
    await known?.mend()
    await one?.watcher[Symbol.asyncDispose]()
    await one?.daemon[Symbol.asyncDispose]()
    await one?.proxy[Symbol.asyncDispose]()
    one = undefined
  }, 120_000)

  return {
    get plane() {
      return there(known).plane
    },
    get srouter() {
      return there(known).srouter
    },
    get proxy() {
      return there(one).proxy
    },
    get daemon() {
      return there(one).daemon
    },
    get watcher() {
      return there(one).watcher
    },
    startAgain: () => {
      const now = there(one)
      now.daemon = start(now.proxy)
      return now.daemon
    },
    during: async (fault, work) => {
      const { proxy } = there(one)
      proxy.fault = fault
      await work()
      proxy.fault = undefined
    },
    works: async (name, timeoutMs = 30_000) => {
      const { plane } = there(known)
      const began = performance.now()
      await set(plane, route('app', name))
      await waitFor(() => plane.read(endpointRef('app', `${name}-external-dns-weu`)), {
        what: `the record of ${name}`,
        timeoutMs,
      })
      return performance.now() - began
    },
    unharmed: async (losses = [], timeoutMs = 30_000) => {
      const { plane, srouter } = there(known)
      const { daemon, watcher } = there(one)
      await settled(plane, srouter, timeoutMs)
      expect(await watcher.losses()).toEqual(losses.toSorted())
      expect(daemon.log.filter(({ level }) => level === 'error' || level === 'crash')).toEqual([])
      expect((await daemon.get('health', '/healthz')).status).toBe(200)
    },
  }
}
