import { afterEach, beforeAll, beforeEach, expect, test } from 'bun:test'
import type { KubeClient } from '../../src/kube/client.ts'
import {
  type LeaderChange,
  type LeaderOptions,
  type Leadership,
  lead,
  patch,
  readLease,
  realTiming,
} from '../../src/kube/index.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { freshNamespace, sharedControlPlane } from '../lab/shared.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { clientOf } from './support/lab.ts'

describeLab('leader election on a real API server', () => {
  let plane: ControlPlane
  let namespace: string
  const started: { stop(): Promise<void> }[] = []
  beforeAll(async () => {
    plane = await sharedControlPlane()
  }, 120_000)
  beforeEach(async () => {
    namespace = await freshNamespace()
  })
  afterEach(async () => {
    await Promise.all(started.splice(0).map(candidate => candidate.stop()))
  })

  /** Fast enough for a test, and slow enough for a busy machine. */
  const times = { leaseMs: 2_000, renewDeadlineMs: 1_500, retryMs: 100 }

  const candidate = (
    identity: string,
    client: KubeClient = clientOf(plane),
    more: Partial<LeaderOptions> = {},
  ) => {
    const stop = new AbortController()
    const changes: LeaderChange[] = []
    let leadership: Leadership | undefined
    const done = lead(
      client,
      {
        namespace,
        name: 'srouter',
        identity,
        signal: stop.signal,
        onChange: change => changes.push(change),
        ...times,
        ...more,
      },
      async given => {
        leadership = given
        await new Promise<void>(resolve => given.signal.addEventListener('abort', () => resolve()))
        leadership = undefined
      },
    )
    const made = {
      changes,
      types: () => changes.map(change => change.type),
      leads: () => leadership?.isHeld() === true,
      leadership: () => leadership,
      stop: async () => {
        stop.abort()
        await done
      },
    }
    started.push(made)
    return made
  }
  const lease = () => readLease(clientOf(plane), { namespace, name: 'srouter' })

  test('one leads, and gives it to the next when it stops', async () => {
    const one = candidate('one')
    await waitFor(one.leads, { what: 'the first leader' })
    const two = candidate('two')
    await waitFor(() => two.types().includes('observed'), { what: 'the second to see the first' })
    expect(two.changes).toEqual([{ type: 'observed', holder: 'one' }])
    const before = await lease()
    expect(before).toMatchObject({ holderIdentity: 'one', leaseDurationSeconds: 2, leaseTransitions: 0 })
    // Longer than it lasts: it is renewed.
    await waitFor(async () => (await lease())?.renewTime !== before?.renewTime, { what: 'a renewal' })
    expect(two.leads()).toBe(false)

    const began = performance.now()
    await one.stop()
    expect(one.types()).toEqual(['acquired', 'released'])
    await waitFor(two.leads, { what: 'the second leader' })
    expect(performance.now() - began).toBeLessThan(times.leaseMs)
    expect(await lease()).toMatchObject({ holderIdentity: 'two', leaseTransitions: 1 })
  })

  test('who is cut off stops before another begins', async () => {
    const client = clientOf(plane)
    let cut = false
    let mend = () => {}
    const mended = new Promise<void>(resolve => {
      mend = resolve
    })
    started.unshift({ stop: async () => mend() })
    const lost = <T>(): Promise<T> => mended.then(() => Promise.reject(new Error('no answer')))
    const unreliable: KubeClient = { ...client, json: request => (cut ? lost() : client.json(request)) }
    const one = candidate('one', unreliable)
    await waitFor(one.leads, { what: 'the first leader' })
    let both = false
    const two = candidate('two')
    await waitFor(() => two.types().includes('observed'), { what: 'the second to see the first' })
    cut = true
    await waitFor(
      () => {
        both ||= one.leads() && two.leads()
        return two.leads()
      },
      { what: 'the second leader', everyMs: 2 },
    )
    expect(both).toBe(false)
    expect(one.types()).toEqual(['acquired', 'lost'])
    // It comes back as a candidate.
    cut = false
    mend()
    await two.stop()
    await waitFor(one.leads, { what: 'the first to lead again' })
  })

  test("a candidate's wrong clock gives it nothing", async () => {
    const one = candidate('one')
    await waitFor(one.leads, { what: 'the first leader' })
    const ahead = { ...realTiming, now: () => Date.now() + 3_600_000 }
    const two = candidate('two', clientOf(plane, {}, { timing: ahead }))
    await waitFor(() => two.types().includes('observed'), { what: 'the second to see the first' })
    const renewed = await lease()
    await waitFor(async () => (await lease())?.renewTime !== renewed?.renewTime, { what: 'a renewal' })
    expect(two.leads()).toBe(false)
    expect(one.leads()).toBe(true)
  })

  test('whoever finds the lease with another has lost it', async () => {
    const one = candidate('one')
    await waitFor(one.leads, { what: 'the leader' })
    const leadership = one.leadership()
    await patch(
      clientOf(plane),
      { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name: 'srouter' },
      { spec: { holderIdentity: 'thief', leaseDurationSeconds: 3600 } },
    )
    await waitFor(() => one.types().includes('lost'), { what: 'the loss' })
    expect(one.changes).toContainEqual({ type: 'lost', holder: 'thief' })
    expect(leadership?.signal.aborted).toBe(true)
    expect(leadership?.isHeld()).toBe(false)
  })

  test('who stops while a renewal is under way gives it back all the same', async () => {
    const client = clientOf(plane)
    let isLate = false
    const late: KubeClient = {
      ...client,
      // It takes effect, and the answer does not come before it is given up.
      json: async ({ signal, ...request }) => {
        const answer = await client.json<never>(request)
        if (isLate && request.verb === 'update' && signal !== undefined)
          await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
        signal?.throwIfAborted()
        return answer
      },
    }
    const one = candidate('one', late)
    await waitFor(one.leads, { what: 'the leader' })
    isLate = true
    const before = await lease()
    await waitFor(async () => (await lease())?.renewTime !== before?.renewTime, { what: 'a renewal' })
    await one.stop()
    expect(one.types()).toEqual(['acquired', 'released'])
    expect((await lease())?.holderIdentity).toBeUndefined()
  })

  test('work that ends gives the lease back, work that fails too, and says why', async () => {
    const options = {
      namespace,
      name: 'srouter',
      identity: 'one',
      signal: new AbortController().signal,
      ...times,
    }
    await lead(clientOf(plane), options, async () => {})
    expect((await lease())?.holderIdentity).toBeUndefined()
    const failing = lead(clientOf(plane), options, async () => {
      throw new Error('broken')
    })
    await expect(failing).rejects.toThrow('broken')
    expect((await lease())?.holderIdentity).toBeUndefined()
  })
})
