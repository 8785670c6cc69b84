import { beforeAll, beforeEach, expect, test } from 'bun:test'
import { DNSEndpoint, routerKinds, Service } from '../../src/api/kinds.ts'
import { type KubeObject, refOf } from '../../src/api/object.ts'
import { at, identity, platform, policy, route } from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { edit } from './support/edit.ts'
import { clear, clusterPlane, derivedKinds, listAll } from './support/plane.ts'
import { identityRef, routeRef } from './support/refs.ts'
import { type Srouter, srouterOn } from './support/srouter.ts'
import { conditionOf, derived, made } from './support/state.ts'
import { put } from './support/world.ts'

const bound = policy('b', { mode: 'RegionBound', sourceRegion: 'weu' })
const waiting = route('b', 'none', { gatewayName: 'none' })
/** Two want one host. This one publishes it, because it came first. */
const holder = route('b', 'shop', { serviceName: 'api', application: 'app' })
const rival = route('b', 'api', { application: 'app' })

/** What docs/operations.md says of backups. What becomes of a failover is in test/engine/failover/restore.test.ts. */
describeLab('a cluster that comes from a backup', () => {
  let plane: ControlPlane
  let srouter: Srouter
  let before: Awaited<ReturnType<typeof made>>
  beforeAll(async () => {
    plane = await clusterPlane()
    srouter = srouterOn(plane)
  }, 120_000)
  beforeEach(async () => {
    await clear(plane)
    await put(plane, [...platform(), bound, waiting, route('b', 'web'), holder])
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    await put(plane, [rival])
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    before = await made(plane)
    expect(conditionOf(await plane.read(routeRef('b', 'api')), 'Ready')).toBe('False HostConflict')
  }, 60_000)

  const inputs = async (): Promise<readonly KubeObject[]> =>
    (await Promise.all([...routerKinds, Service].map(kind => listAll(plane, kind))))
      .flat()
      .filter(({ metadata }) => metadata.namespace !== 'default')
  const loseStatuses = async () => {
    for (const object of await inputs())
      if (object.kind !== 'Service') await edit(plane, refOf(object), { status: null }, '/status')
  }
  const remove = async (objects: Iterable<KubeObject>) => {
    for (const object of objects) await plane.remove(refOf(object))
  }
  /** As a backup brings them: the same, and to the API server new. */
  const asBackedUp = ({ apiVersion, kind, metadata, spec, status }: KubeObject): KubeObject => {
    const { name, namespace, labels = {}, annotations = {} } = metadata
    const place = namespace === undefined ? {} : { namespace }
    const load = kind === 'Service' ? { status } : {}
    return { apiVersion, kind, metadata: { name, ...place, labels, annotations }, spec, ...load }
  }
  const records = async (): Promise<readonly string[]> =>
    (await srouter.plan()).plan.records.map(
      ({ zone, name, type, targets }) => `${zone} ${name} ${type} ${targets}`,
    )
  const lost = async (): Promise<readonly string[]> =>
    (await srouter.plan()).plan.records
      .filter(({ action }) => action === 'delete' || action === 'change')
      .map(({ name }) => name)

  test('statuses are lost: no record and no object changes, and they come back as they were', async () => {
    await loseStatuses()
    const { plan } = await srouter.plan()
    expect(plan.summary).toMatchObject({ add: 0, change: 0, delete: 0, held: 0 })
    expect(plan.objects.filter(({ action }) => action !== 'unchanged')).toEqual([])
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    expect(await made(plane)).toEqual(before)
  })

  test('statuses are lost, and the ClusterIdentity is edited: the brake remembers by the records', async () => {
    await loseStatuses()
    await put(plane, [identity({ cluster: 'aks09' })])
    expect(await srouter.apply()).toMatchObject({ code: 3 })
    expect(await plane.read(identityRef)).toMatchObject({ status: { applied: { cluster: 'aks01' } } })
  })

  test('only what people wrote comes back: the same records, though a contested host goes to whoever comes first', async () => {
    const backup = (await inputs()).map(asBackedUp)
    const published = await records()
    await remove(await inputs())
    await remove((await derived(plane)).values())
    const isRival = ({ metadata }: KubeObject) => metadata.namespace === 'b' && metadata.name === 'api'
    await put(plane, [
      ...backup.filter(isRival).map(object => ({ ...object, metadata: { ...object.metadata, ...at(0) } })),
      ...backup.filter(object => !isRival(object)),
    ])
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    expect(await records()).toEqual(published)
    expect(conditionOf(await plane.read(routeRef('b', 'api')), 'Ready')).toStartWith('True ')
    expect(conditionOf(await plane.read(routeRef('b', 'shop')), 'Ready')).toBe('False HostConflict')
  })

  test.each([
    ['no owner', []],
    ['an owner that is not there any more', undefined],
  ])(
    'DNSEndpoints come back with %s: srouter takes them for its own, and no record changes',
    async (_, owners) => {
      const people = (await inputs()).map(asBackedUp)
      const objects = (await Promise.all(derivedKinds.map(kind => listAll(plane, kind)))).flat()
      await remove(await inputs())
      await remove(objects)
      await put(plane, people)
      for (const object of objects) {
        const { ownerReferences = [] } = object.metadata
        const { metadata, ...rest } = asBackedUp(object)
        await plane.applyManifests([
          { ...rest, metadata: { ...metadata, ownerReferences: owners ?? ownerReferences } },
        ])
      }
      expect(await lost()).toEqual([])
      expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
      expect(await made(plane)).toEqual(before)
      const uids = new Set((await inputs()).map(({ metadata }) => metadata.uid))
      for (const { metadata } of await listAll(plane, DNSEndpoint))
        for (const { uid } of metadata.ownerReferences ?? []) expect(uids).toContain(uid)
      expect((await srouter.plan()).code).toBe(0)
    },
  )
})
