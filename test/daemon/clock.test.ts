import { expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import { startDaemon } from '../../src/daemon/daemon.ts'
import { createMetrics } from '../../src/daemon/metrics.ts'
import { defaultSettings } from '../../src/engine/snapshot.ts'
import { realTiming } from '../../src/kube/timing.ts'
import { routeRef } from '../cluster/support/refs.ts'
import { route } from '../engine/build.ts'
import { clientOf } from '../kube/support/lab.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { daemonPlane, home, leaseRef } from './support/plane.ts'
import { becomes } from './support/records.ts'
import { base, baseRecords, says, settled } from './support/scene.ts'
import { witness } from './support/witness.ts'
import { become, set } from './support/world.ts'

const day = 24 * 3_600_000

describeLab('the clock', () => {
  // In this process: no other would have its clock moved by a test.
  test('jumps a day ahead, two days back and ahead again: the lease is kept, the work goes on, no record is lost', async () => {
    const { plane, srouter, mend, user } = await daemonPlane()
    await mend()
    await become(plane, base)
    await plane.remove(leaseRef)
    let ahead = 0
    const timing = { ...realTiming, now: () => Date.now() + ahead }
    const lost: string[] = []
    const note = (message: string) => {
      if (message === 'Lease lost') lost.push(message)
    }
    const stop = new AbortController()
    await using _ = { [Symbol.asyncDispose]: async () => stop.abort() }
    const daemon = startDaemon({
      client: clientOf(plane, { user }, { timing }),
      log: { error: note, warn: note, info: note, debug: note },
      metrics: createMetrics({ version: '0', commit: '0' }),
      settings: defaultSettings,
      intervalMs: 1_000,
      lease: { namespace: home, name: 'srouter', identity: 'a' },
      signal: stop.signal,
    })
    await becomes(plane, baseRecords, 30_000)
    await using watcher = await witness(plane)
    const lease = async () =>
      (await plane.read<KubeObject & { spec: { renewTime: string } }>(leaseRef))?.spec.renewTime
    for (const [index, jump] of [day, -2 * day, day].entries()) {
      ahead += jump
      const before = await lease()
      await waitFor(async () => (await lease()) !== before, { what: 'the lease to be renewed' })
      await set(plane, route('app', `r${index}`))
      await says(plane, routeRef('app', `r${index}`), 'Ready', 'True ReconciliationSucceeded')
    }
    expect(daemon.unhealthy()).toBeUndefined()
    expect(lost).toEqual([])
    await settled(plane, srouter)
    expect(await watcher.losses()).toEqual([])
    stop.abort()
    await daemon.ended
  })

  test('a loop that does not come round is stuck: /healthz says so, until it does', async () => {
    const { plane, mend, user } = await daemonPlane()
    await mend()
    await become(plane, base)
    let skipped = 0
    const timing = { ...realTiming, elapsed: () => realTiming.elapsed() + skipped }
    const stop = new AbortController()
    // Whatever becomes of the test: it does not go on behind the next one.
    await using _ = { [Symbol.asyncDispose]: async () => stop.abort() }
    const said = new Set<string>()
    const note = (message: string) => {
      said.add(message)
    }
    const daemon = startDaemon({
      client: clientOf(plane, { user }, { timing }),
      log: { error: note, warn: note, info: note, debug: note },
      metrics: createMetrics({ version: '0', commit: '0' }),
      settings: defaultSettings,
      intervalMs: 1_000,
      lease: undefined,
      signal: stop.signal,
    })
    await waitFor(() => said.has('Working'), { what: 'it to work' })
    expect(daemon.unhealthy()).toBeUndefined()
    skipped = 10 * 60_000
    expect(daemon.unhealthy()).toBe('the loop is stuck')
    await waitFor(() => daemon.unhealthy() === undefined, { what: 'the loop to come round' })
    stop.abort()
    await daemon.ended
    // Who does not work is not stuck.
    skipped *= 2
    expect(daemon.unhealthy()).toBeUndefined()
  })
})
