import { beforeAll, beforeEach, expect, test } from 'bun:test'
import { changed, configuration, controllers, identity, platform, policy, route } from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { clear, clusterPlane } from './support/plane.ts'
import { configurationRef, endpointRef, identityRef, istioRef, routeRef } from './support/refs.ts'
import { type Srouter, srouterOn } from './support/srouter.ts'
import { conditionOf, made } from './support/state.ts'
import { put } from './support/world.ts'

const bound = policy('app', { mode: 'RegionBound', sourceCluster: 'aks01' })
const routes = Array.from({ length: 6 }, (_, i) => route('app', `r${i}`))

describeLab('the brake', () => {
  let plane: ControlPlane
  let srouter: Srouter
  beforeAll(async () => {
    plane = await clusterPlane()
    srouter = srouterOn(plane)
  }, 120_000)
  beforeEach(async () => {
    await clear(plane)
    await put(plane, [...platform(), bound, ...routes])
    // 6 CNAMEs and 1 address, each in 2 zones.
    expect(await srouter.apply()).toMatchObject({ code: 0 })
  }, 60_000)

  const written = (out: string) => /^Applied: .*/m.exec(out)?.[0]

  test('a controller gone: its records are held back, all else is done', async () => {
    await put(plane, [
      configuration({ externalDNSControllers: controllers('weu') }),
      route('app', 'new'),
      route('app', 'r0', { serviceName: 'renamed' }),
    ])
    const { code, out } = await srouter.apply()
    expect([code, written(out)]).toEqual([3, 'Applied: 4 objects written, 6 records held back'])
    expect(out).toMatch(
      /the DNSConfiguration has no controller\s+external-dns-neu\s+of\s+region\s+neu\s+any\s+more/,
    )

    expect(await plane.read(endpointRef('app', 'new-external-dns-weu'))).toBeDefined()
    expect((await plane.read(endpointRef('app', 'r0-external-dns-weu')))?.spec).toMatchObject({
      endpoints: [{ dnsName: 'renamed-ns-p-prod-app.aks.example.com' }],
    })
    // Its owner gave up the old name, controller or not.
    expect(await plane.read(endpointRef('app', 'r0-external-dns-neu'))).toBeUndefined()
    expect(await plane.read(endpointRef('app', 'r1-external-dns-neu'))).toBeDefined()
    expect(await plane.read(istioRef('istio-system', 'internal'))).toBeDefined()
    for (const ref of [identityRef, configurationRef])
      expect(conditionOf(await plane.read(ref), 'BrakeTripped')).toBe('True BrakeTripped')

    // Nothing but what is held is left, and it stays held.
    expect(await srouter.apply()).toMatchObject({
      code: 3,
      out: expect.stringContaining('Applied: 0 objects'),
    })
  })

  test('--allow-deletes: the exact number and no other lets them through', async () => {
    await put(plane, [configuration({ externalDNSControllers: controllers('weu') })])
    const before = await made(plane)
    for (const wrong of ['6', '8', '0']) {
      const { code, out } = await srouter.apply('--allow-deletes', wrong)
      expect([code, written(out)]).toEqual([3, 'Applied: 0 objects written, 7 records held back'])
    }
    const { 'cluster.router.io/DNSConfiguration//dns-config': _, ...rest } = await made(plane)
    expect(before).toMatchObject(
      Object.fromEntries(Object.entries(rest).filter(([key]) => key.startsWith('externaldns.k8s.io'))),
    )

    const { code, out } = await srouter.apply('--allow-deletes', '7')
    expect([code, written(out)]).toEqual([0, 'Applied: 7 objects written'])
    expect(await plane.read(endpointRef('app', 'r0-external-dns-neu'))).toBeUndefined()
    expect(await srouter.plan()).toMatchObject({ code: 0, plan: { summary: { held: 0, unchanged: 7 } } })
    for (const ref of [identityRef, configurationRef])
      expect(conditionOf(await plane.read(ref), 'BrakeTripped')).toBeUndefined()
  })

  test('another cluster name: targets are held, and remembered until they are let go', async () => {
    await put(plane, [identity({ cluster: 'aks09' }), policy('app', { mode: 'RegionBound' })])
    const first = await srouter.apply()
    expect([first.code, written(first.out)]).toEqual([3, expect.stringContaining('records held back')])
    expect((await plane.read(identityRef))?.status).toMatchObject({ applied: { cluster: 'aks01' } })
    expect((await plane.read(endpointRef('app', 'r0-external-dns-weu')))?.spec).toMatchObject({
      endpoints: [{ targets: ['aks01-weu-internal.aks.example.com'] }],
    })

    const { plan } = await srouter.plan()
    const { code } = await srouter.apply('--allow-deletes', String(plan.summary.held))
    expect(code).toBe(0)
    expect((await plane.read(identityRef))?.status).toMatchObject({ applied: { cluster: 'aks09' } })
    expect((await plane.read(endpointRef('app', 'r0-external-dns-weu')))?.spec).toMatchObject({
      endpoints: [{ targets: ['aks09-weu-internal.aks.example.com'] }],
    })
    expect((await srouter.plan()).code).toBe(0)
  })

  test("an owner's own deletions pass, however many", async () => {
    for (const { metadata } of routes) await plane.remove(routeRef('app', metadata.name))
    const { plan } = await srouter.plan()
    expect(changed({ plan })).toHaveLength(12)
    expect(await srouter.apply()).toMatchObject({ code: 0 })
    expect((await srouter.plan()).plan.summary).toMatchObject({ unchanged: 2 })
  })

  test('an object of ours that belongs to nothing is held back', async () => {
    const ref = endpointRef('app', 'left-over')
    const labels = { 'app.kubernetes.io/managed-by': 'service-router-operator', 'router.io/region': 'weu' }
    const endpoint = { dnsName: 'old.aks.example.com', recordType: 'A', targets: ['192.0.2.1'] }
    const { apiVersion, kind, namespace = '', name } = ref
    await plane.applyManifests([
      { apiVersion, kind, metadata: { namespace, name, labels }, spec: { endpoints: [endpoint] } },
    ])
    expect(await srouter.apply()).toMatchObject({ code: 3 })
    expect(await plane.read(ref)).toBeDefined()
    expect(await srouter.apply('--allow-deletes', '1')).toMatchObject({ code: 0 })
    expect(await plane.read(ref)).toBeUndefined()
  })
})
