import { beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { type KubeObject, keyOf, type ResourceRef, refOf } from '../../src/api/object.ts'
import { changed, codes, controllers, gateway, identity, platform, policy, route } from '../engine/build.ts'
import { failover } from '../engine/failover/model.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { addressOf, cnameOf, istioOf, leaseOf, statusOf } from './support/earlier-operator.ts'
import { edit } from './support/edit.ts'
import { clear, clusterPlane } from './support/plane.ts'
import {
  configurationRef,
  failoverRef,
  gatewayRef,
  identityRef,
  policyRef,
  routeRef,
  serviceRef,
} from './support/refs.ts'
import { type Srouter, srouterOn, touched } from './support/srouter.ts'
import { conditionOf, derived } from './support/state.ts'
import { reading, userWith, writing } from './support/users.ts'
import { put } from './support/world.ts'

interface Controller {
  readonly name: string
  readonly region: string
}
const zones = controllers('weu', 'neu') as readonly Controller[]
const target = 'aks01-weu-internal.aks.example.com'
const hostOf = (name: string, namespace: string) => `${name}-ns-p-prod-${namespace}.aks.example.com`

/** One Active route, two RegionBound ones, one whose policy is for another region. */
const routes: readonly (readonly [namespace: string, name: string])[] = [
  ['app', 'api'],
  ['b', 'web'],
  ['b', 'shop'],
  ['c', 'elsewhere'],
]

describeLab('a cluster of the earlier operator', () => {
  let plane: ControlPlane
  let srouter: Srouter
  let before: ReadonlyMap<string, KubeObject>
  beforeAll(async () => {
    plane = await clusterPlane()
    srouter = srouterOn(plane)
  }, 120_000)

  const read = async (ref: ResourceRef): Promise<KubeObject> => {
    const object = await plane.read(ref)
    if (object === undefined) throw new Error(`no ${ref.kind} ${ref.name}`)
    return object
  }
  /** As client-go does it: a POST. */
  const create = async (object: KubeObject) => {
    const path = `${await plane.pathOf(refOf(object), 'collection')}?fieldManager=manager`
    const { status, body } = await plane.request('POST', path, object)
    expect([status, body]).toEqual([201, expect.anything()])
  }

  beforeEach(async () => {
    await clear(plane)
    await put(plane, [
      ...platform(),
      policy('b', { mode: 'RegionBound', sourceRegion: 'weu' }),
      policy('c', { mode: 'RegionBound', sourceRegion: 'neu' }),
      ...routes.map(([namespace, name]) => route(namespace, name)),
    ])
    const router = gatewayRef('istio-system', 'internal')
    const spec = gateway().spec as { controller: string; credentialName: string; targetPostfix: string }
    const service = await read(serviceRef('ingress', 'lb-internal'))
    for (const zone of zones) await create(addressOf(service, spec, zone, target, '10.0.0.1'))
    for (const [namespace, name] of routes) {
      const owner = await read(routeRef(namespace, name))
      const wanted = namespace === 'app' ? zones.slice(0, 1) : namespace === 'b' ? zones : []
      for (const zone of wanted) await create(cnameOf(owner, zone, hostOf(name, namespace), target))
    }
    await create(istioOf(await read(router), spec, routes.map(([ns, name]) => hostOf(name, ns)).sort()))
    const refs = [identityRef, configurationRef, router, policyRef('app', 'dns-policy')]
    for (const ref of [...refs, ...routes.map(([ns, name]) => routeRef(ns, name))])
      await edit(plane, ref, { status: statusOf(ref, 'Active') }, '/status')
    await edit(plane, routeRef('b', 'web'), { status: statusOf(routeRef('b', 'web'), 'Failed') }, '/status')
    const inactive = policyRef('c', 'dns-policy')
    await edit(plane, inactive, { status: statusOf(inactive, 'Inactive') }, '/status')
    before = await derived(plane)
  }, 60_000)

  test('is taken over in place: no record changes name, type or target, no object its name or uid', async () => {
    const { plan } = await srouter.plan()
    expect(plan.summary).toMatchObject({ add: 0, delete: 0, held: 0 })
    for (const record of plan.records) expect(record.before?.targets).toEqual(record.targets)
    expect(codes({ plan })).toEqual([])
    const { code, err } = await srouter.apply()
    expect([code, err]).toEqual([0, ''])

    const after = await derived(plane)
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort())
    for (const [key, object] of before) {
      const now = after.get(key)
      expect([key, now?.metadata.uid]).toEqual([key, object.metadata.uid])
      expect(withoutTtl(now)).toEqual(withoutTtl(object))
      expect(now?.metadata.labels).toMatchObject(object.metadata.labels ?? {})
      expect(now?.metadata.ownerReferences?.map(({ uid }) => uid)).toEqual(
        object.metadata.ownerReferences?.map(({ uid }) => uid),
      )
    }
    const again = await srouter.plan()
    expect([again.code, changed(again)]).toEqual([0, []])
  })

  test('the TTLs that it wrote: asked for in the DNSConfiguration, no address record changes', async () => {
    await edit(plane, configurationRef, { spec: { ttl: { gateway: 300 } } })
    const { plan } = await srouter.plan()
    const changing = plan.records.filter(({ action }) => action !== 'unchanged')
    expect(new Set(changing.map(({ type, reason }) => `${type} ${reason}`))).toEqual(
      new Set(['CNAME the TTL differs']),
    )
  })

  test('its statuses become ours, and nothing of theirs is left', async () => {
    await srouter.apply()
    const web = await read(routeRef('b', 'web'))
    expect(web.status).toMatchObject({ phase: 'Active', dnsEndpoint: 'web-external-dns-neu' })
    expect(conditionOf(web, 'Validated')).toBeUndefined()
    expect(conditionOf(web, 'Ready')).toStartWith('True ')
    const inactive = await read(policyRef('c', 'dns-policy'))
    expect(inactive.status).toMatchObject({ phase: 'Pending', active: false })
    expect(conditionOf(inactive, 'Ready')).toBe('True DNSPolicyInactive')
  })

  test('a new load balancer, a new postfix, a route that goes: all as with objects of our own', async () => {
    await plane.remove(routeRef('b', 'shop'))
    await put(plane, [gateway('internal', { targetPostfix: 'inner' })])
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    const after = await derived(plane)
    expect([...after.keys()].some(key => key.includes('shop') || key.includes('internal-internal'))).toBe(
      false,
    )
    expect((await srouter.plan()).code).toBe(0)
  })

  test('and back: what it writes itself is in the objects still, as it was', async () => {
    await srouter.apply()
    await writeAsTheirs()
    const { plan } = await srouter.plan()
    expect(plan.summary).toMatchObject({ add: 0, delete: 0, held: 0 })
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    expect((await srouter.plan()).code).toBe(0)
    expect([...(await derived(plane)).values()].map(keyOf).sort()).toEqual([...before.keys()].sort())
  })

  /** The earlier operator writes its objects over ours; the next take-over finds them just so. */
  const writeAsTheirs = async () => {
    const present = await derived(plane)
    for (const [key, object] of before) {
      const { labels, annotations, ownerReferences } = object.metadata
      const theirs = {
        ...object,
        metadata: { ...present.get(key)?.metadata, labels, annotations, ownerReferences },
      }
      const path = `${await plane.pathOf(refOf(object))}?fieldManager=manager`
      expect([key, (await plane.request('PUT', path, theirs)).status]).toEqual([key, 200])
    }
  }

  test('and back from failover: once nobody has part in it, nothing is left that it does not know', async () => {
    await srouter.apply()
    await put(plane, [identity({ standIns: ['aks01-neu'] }), failover('aks01-neu')])
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    const during = [...(await derived(plane)).keys()].filter(key => !before.has(key))
    expect(during.length).toBeGreaterThan(0)
    for (const key of during) expect(key).toContain('/own-gateway-controller-')
    await plane.remove(failoverRef)
    await edit(plane, identityRef, { spec: { standIns: null } })
    const { plan } = await srouter.plan()
    expect(plan.summary).toMatchObject({ add: 0, change: 0, held: 0 })
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    expect([...(await derived(plane)).keys()].sort()).toEqual([...before.keys()].sort())
    await writeAsTheirs()
  })

  test('and back with its statuses: they are written over ours, under our CRDs', async () => {
    await srouter.apply()
    for (const ref of [identityRef, routeRef('b', 'web'), policyRef('b', 'dns-policy')])
      await edit(plane, ref, { status: statusOf(ref, 'Failed') }, '/status')
    expect(await read(routeRef('b', 'web'))).toMatchObject({
      status: { phase: 'Failed', dnsEndpoint: 'the-first' },
    })
    expect((await srouter.plan()).plan.summary).toMatchObject({ add: 0, change: 0, delete: 0, held: 0 })
  })

  test('several instances in one zone: whose an address object is, its name says', async () => {
    const more = [...zones, { name: 'external-dns-weu-two', region: 'weu' }]
    await edit(plane, configurationRef, { spec: { externalDNSControllers: more } })
    const { plan } = await srouter.plan()
    expect(touched(plan).filter(line => line.startsWith('delete'))).toEqual([])
    expect(plan.records.filter(({ action }) => action === 'delete' || action === 'change')).toHaveLength(
      plan.summary.change,
    )
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    expect((await srouter.plan()).code).toBe(0)
  })

  describe('that still runs', () => {
    const now = () => new Date().toISOString().replace('Z', '000Z')
    const held = { holderIdentity: 'pod-1_abc', leaseDurationSeconds: 15 }
    const found = async () => codes({ plan: (await srouter.plan()).plan })
    const warning = ['warning EarlierOperatorRunning ']

    test('is warned of, in a plan and in an apply, in whichever namespace it is', async () => {
      await put(plane, [leaseOf('x', { ...held, renewTime: now() })])
      expect(await found()).toEqual(warning)
      const { code, out } = await srouter.apply()
      expect([code, out]).toEqual([0, expect.stringContaining('EarlierOperatorRunning')])
      expect(out).toContain('pod-1_abc renewed its Lease x/3afd9a04.router.io')
      expect(out).toContain('scale its Deployment to 0')
    })

    const silent: readonly [what: string, spec: () => object][] = [
      ['was ended long ago', () => ({ ...held, renewTime: '2025-01-31T12:00:00.000000Z' })],
      ['gave its Lease back', () => ({ holderIdentity: '', leaseDurationSeconds: 1, renewTime: now() })],
      ['never led', () => ({})],
    ]
    for (const [what, spec] of silent)
      test(`no warning of one that ${what}`, async () => {
        await put(plane, [leaseOf('x', spec())])
        expect(await found()).toEqual([])
      })

    test('who may not read Leases hears of it only when asking for details', async () => {
      await put(plane, [leaseOf('x', { ...held, renewTime: now() })])
      const user = await userWith(plane, 'no-leases', [...reading, ...writing])
      expect(await user.apply()).toMatchObject({ code: 0, err: '' })
      const { err } = await user.apply('--log-level', 'debug')
      expect(err).toContain('debug: the Lease of the earlier operator cannot be read')
      expect(err).toContain('not allowed to list leases.coordination.k8s.io')
    })
  })
})

/** The spec with no TTLs: those may change. */
const withoutTtl = (object: KubeObject | undefined): unknown =>
  JSON.parse(JSON.stringify(object?.spec ?? null), (key, value) => (key === 'recordTTL' ? undefined : value))
