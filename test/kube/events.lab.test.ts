import { beforeAll, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import { type Happening, newRecorder } from '../../src/kube/index.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { freshNamespace, sharedControlPlane } from '../lab/shared.ts'
import { describeLab } from '../lab/suite.ts'
import { clientOf, configMap } from './support/lab.ts'
import { fakeTiming } from './support/timing.ts'

interface EventObject extends KubeObject {
  readonly type: string
  readonly note: string
  readonly series?: { readonly count: number }
  readonly regarding: { readonly kind: string; readonly name: string }
}

describeLab('events on a real API server', () => {
  let plane: ControlPlane
  beforeAll(async () => {
    plane = await sharedControlPlane()
  }, 120_000)

  const recording = async () => {
    const namespace = await freshNamespace()
    const [regarding] = await plane.applyManifests([configMap(namespace, 'thing')])
    if (regarding === undefined) throw new Error('nothing was applied')
    const timing = fakeTiming(Date.now())
    const errors: unknown[] = []
    const recorder = newRecorder(clientOf(plane, {}, { timing }), {
      controller: 'router.io/srouter',
      instance: 'srouter-0',
      onError: error => errors.push(error),
    })
    const happening: Happening = {
      type: 'Warning',
      reason: 'HostConflict',
      action: 'Reconcile',
      note: 'the host is taken',
      regarding,
    }
    const found = async (within = namespace) => {
      await recorder.flush()
      expect(errors).toEqual([])
      return plane.list<EventObject>('events.k8s.io/v1', 'Event', within)
    }
    return { namespace, timing, recorder, happening, found }
  }

  test('the same one again is one event with a count, after a while a new one', async () => {
    const { timing, recorder, happening, found } = await recording()
    const counts = async () => (await found()).map(event => event.series?.count ?? 1).sort((a, b) => a - b)
    recorder.record(happening)
    expect(await counts()).toEqual([1])
    for (let i = 0; i < 9; i++) recorder.record(happening)
    // What comes together is told together, and what comes soon after is told later.
    expect(await counts()).toEqual([10])
    recorder.record(happening)
    expect(await counts()).toEqual([10])
    timing.advance(61_000)
    recorder.record(happening)
    expect(await counts()).toEqual([12])
    timing.advance(7 * 60_000)
    recorder.record(happening)
    expect(await counts()).toEqual([1, 12])
  })

  test('what differs is another event', async () => {
    const { recorder, happening, found } = await recording()
    recorder.record(happening)
    recorder.record({ ...happening, note: 'ü'.repeat(5_000) })
    recorder.record({ ...happening, type: 'Normal', reason: 'Published' })
    const events = await found()
    expect(events.map(event => event.type).sort()).toEqual(['Normal', 'Warning', 'Warning'])
    expect(events.map(event => event.note.slice(-3)).sort()).toEqual(['ken', 'ken', 'üü…'])
  })

  test('about a cluster-scoped object, with a name of any length', async () => {
    const { recorder, happening, found } = await recording()
    const name = `${'n'.repeat(240)}-${crypto.randomUUID().slice(0, 8)}`
    const metadata = { name }
    recorder.record({
      ...happening,
      regarding: { apiVersion: 'cluster.router.io/v1alpha1', kind: 'ClusterIdentity', metadata },
    })
    const events = (await found('default')).filter(event => event.regarding.name === name)
    expect(events.map(event => event.regarding.kind)).toEqual(['ClusterIdentity'])
  })

  test('a series whose event the server has dropped begins anew', async () => {
    const { namespace, recorder, happening, found } = await recording()
    recorder.record(happening)
    for (const event of await found())
      await plane.remove({
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        namespace,
        name: event.metadata.name,
      })
    recorder.record(happening)
    expect((await found()).length).toBe(1)
  })

  test('trouble harms nobody', async () => {
    const { happening } = await recording()
    const errors: unknown[] = []
    const nobody = clientOf(plane, { user: { name: 'nobody', impersonate: {}, token: 'none' } })
    const recorder = newRecorder(nobody, {
      controller: 'router.io/srouter',
      instance: 'srouter-0',
      onError: error => errors.push(error),
    })
    recorder.record(happening)
    await recorder.flush()
    expect(errors.length).toBe(1)
  })
})
