import { afterEach, beforeAll, beforeEach, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import type { Srouter } from '../cluster/support/srouter.ts'
import { route } from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { type DaemonPlane, daemonPlane, leaseRef } from './support/plane.ts'
import { type RunningDaemon, startDaemon } from './support/process.ts'
import { type FaultyProxy, faultyProxy } from './support/proxy.ts'
import { becomes, recordsIn } from './support/records.ts'
import { base, baseRecords, settled } from './support/scene.ts'
import { type Witness, witness } from './support/witness.ts'
import { become, set } from './support/world.ts'

/** The lease's own duration, and the time between two attempts to get it. */
const takeoverMs = 15_000 + 2_400

/** What is written for the records and statuses; whoever may write the Lease may not have it yet. */
const isWork = ({ method, resource }: { readonly method: string; readonly resource: string }): boolean =>
  method !== 'GET' && resource !== 'leases' && resource !== 'events'

describeLab('two replicas', () => {
  let known: DaemonPlane
  let plane: ControlPlane
  let srouter: Srouter
  beforeAll(async () => {
    known = await daemonPlane()
    plane = known.plane
    srouter = known.srouter
    await known.mend()
  }, 120_000)
  beforeEach(async () => {
    await become(plane, base)
    await plane.remove(leaseRef)
  })

  interface Replica {
    readonly daemon: RunningDaemon
    readonly proxy: FaultyProxy
  }
  const replica = (): Replica & AsyncDisposable => {
    const proxy = faultyProxy(plane)
    const daemon = startDaemon({ kubeconfig: known.kubeconfig(proxy.url), flags: ['--leader-elect=true'] })
    return {
      proxy,
      daemon,
      [Symbol.asyncDispose]: async () => {
        await daemon[Symbol.asyncDispose]()
        await proxy[Symbol.asyncDispose]()
      },
    }
  }

  /** Changes without end, so that there is always something to write. */
  const churn = () => {
    let stopped = false
    let count = 0
    const working = (async () => {
      while (!stopped) {
        const ttl = 100 + (count++ % 100)
        const configuration = base.find(({ kind }) => kind === 'DNSConfiguration') as KubeObject
        await set(plane, {
          ...configuration,
          spec: { ...(configuration.spec as object), ttl: { route: ttl, gateway: ttl } },
        })
        await set(plane, route('app', `churn-${count % 3}`, { serviceName: `c${count}` }))
      }
    })()
    const stop = async () => {
      stopped = true
      await working
    }
    churning.push(stop)
    return stop
  }
  const churning: (() => Promise<void>)[] = []
  // Also where a test has failed: it does not go on behind the next one.
  afterEach(async () => {
    await Promise.all(churning.splice(0).map(stop => stop()))
  })

  /** The churn changes every TTL and the hosts of its own routes; nothing else may go. */
  const withoutTtl = (object: KubeObject) => recordsIn(object).map(record => record.replace(/ \d+ /, ' '))
  const lostOf = async (watcher: Witness) =>
    (await watcher.losses()).filter(loss => !/^- weu c\d+-ns-/.test(loss))

  /** Every write of one came before, or after, every write of the other. */
  const neverTwo = (first: FaultyProxy, second: FaultyProxy): void => {
    const ended = Math.max(...first.passed.filter(isWork).map(({ until }) => until))
    const began = Math.min(...second.passed.filter(isWork).map(({ at }) => at))
    expect(ended).toBeLessThan(began)
  }

  test('the leader is killed: the other takes over within the lease, and never do two write', async () => {
    await using first = replica()
    await first.daemon.says('Working')
    await using second = replica()
    await second.daemon.ready()
    await becomes(plane, baseRecords)
    await using watcher = await witness(plane, withoutTtl)
    const stop = churn()
    await waitFor(() => first.proxy.passed.filter(isWork).length > 20, { what: 'the leader to be busy' })
    await first.daemon.stop('SIGKILL')
    const killed = performance.now()
    await waitFor(() => second.proxy.passed.some(isWork), { what: 'the other to write', timeoutMs: 40_000 })
    const took = performance.now() - killed
    await stop()
    expect(took).toBeLessThan(takeoverMs + 3_000)
    neverTwo(first.proxy, second.proxy)
    await settled(plane, srouter)
    expect(await lostOf(watcher)).toEqual([])
  }, 120_000)

  test('the leader is suspended for longer than the lease, and wakes as a standby', async () => {
    await using first = replica()
    await first.daemon.says('Working')
    await using second = replica()
    await second.daemon.ready()
    await becomes(plane, baseRecords)
    await using watcher = await witness(plane, withoutTtl)
    const stop = churn()
    await waitFor(() => first.proxy.passed.filter(isWork).length > 20, { what: 'the leader to be busy' })
    first.daemon.signal('SIGSTOP')
    await waitFor(() => second.proxy.passed.filter(isWork).length > 5, {
      what: 'the other to write',
      timeoutMs: 40_000,
    })
    const before = first.proxy.passed.filter(isWork).length
    first.daemon.signal('SIGCONT')
    await first.daemon.says('Lease lost')
    await first.daemon.says('Another replica leads')
    await stop()
    await settled(plane, srouter)
    // What it had sent before it was stopped has been answered long since.
    expect(first.proxy.passed.filter(isWork).length).toBe(before)
    expect(await first.daemon.metric('srouter_leader')).toBe(0)
    expect(await second.daemon.metric('srouter_leader')).toBe(1)
    expect(await lostOf(watcher)).toEqual([])
  }, 120_000)

  test('the leader cannot reach the Lease any more: it stops writing before the other begins, and takes turns again', async () => {
    await using first = replica()
    await first.daemon.says('Working')
    await using second = replica()
    await second.daemon.ready()
    await becomes(plane, baseRecords)
    await using watcher = await witness(plane, withoutTtl)
    const stop = churn()
    await waitFor(() => first.proxy.passed.filter(isWork).length > 20, { what: 'the leader to be busy' })
    first.proxy.fault = ({ resource }) => (resource === 'leases' ? { status: 503 } : undefined)
    await first.daemon.says('Lease lost')
    await waitFor(() => second.proxy.passed.some(isWork), { what: 'the other to write', timeoutMs: 40_000 })
    neverTwo(first.proxy, second.proxy)
    first.proxy.fault = undefined
    const from = first.daemon.log.length
    expect(await second.daemon.stop()).toBe(0)
    await first.daemon.says('Working', {}, from)
    await stop()
    await settled(plane, srouter)
    expect(await lostOf(watcher)).toEqual([])
  }, 120_000)
})
