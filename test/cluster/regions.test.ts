import { beforeAll, beforeEach, expect, test } from 'bun:test'
import { DNSEndpoint } from '../../src/api/kinds.ts'
import { endpointsOf } from '../../src/engine/current.ts'
import { changed, configuration, controllers, identity, platform, policy, route } from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { clear, clusterPlane, listAll } from './support/plane.ts'
import { identityRef } from './support/refs.ts'
import { type PlanDocument, type Srouter, srouterOn } from './support/srouter.ts'
import { put } from './support/world.ts'

const zonesOf = (...regions: readonly string[]) =>
  configuration({ externalDNSControllers: controllers(...regions) })

/** docs/operations.md: a region comes, a region goes, a cluster gets another name. */
describeLab('regions and names', () => {
  let plane: ControlPlane
  let srouter: Srouter
  beforeAll(async () => {
    plane = await clusterPlane()
    srouter = srouterOn(plane)
  }, 120_000)
  beforeEach(async () => {
    await clear(plane)
    const bound = policy('b', { mode: 'RegionBound', sourceRegion: 'weu' })
    const routes = ['one', 'two', 'three', 'four'].flatMap(name => [route('app', name), route('b', name)])
    await put(plane, [...platform(), bound, ...routes])
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
  }, 60_000)

  const actions = async () =>
    new Set((await srouter.plan()).plan.records.map(({ action, zone }) => `${action} ${zone}`))

  test('a region is added: what comes is in its zone, and no other record changes', async () => {
    await put(plane, [zonesOf('weu', 'neu', 'frc')])
    expect([...(await actions())].sort()).toEqual(['add frc', 'unchanged neu', 'unchanged weu'])
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
  })

  test('a region goes for good: held back until the number is said, and only its zone is touched', async () => {
    await put(plane, [zonesOf('weu')])
    const { plan } = await srouter.plan()
    expect(plan.summary.held).toBeGreaterThan(0)
    expect(new Set(plan.records.filter(({ held }) => held).map(({ zone }) => zone))).toEqual(new Set(['neu']))
    expect(await srouter.apply()).toMatchObject({ code: 3 })
    const { code } = await srouter.apply('--allow-deletes', String(plan.summary.held))
    expect([code, (await srouter.plan()).code]).toEqual([0, 0])
  })

  test('a cluster gets another name: the new addresses come, and hosts follow once that is allowed', async () => {
    await put(plane, [identity({ cluster: 'aks09' })])
    expect(await srouter.apply()).toMatchObject({ code: 3 })
    const { plan } = await srouter.plan()
    expect([plan.summary.add, plan.summary.delete]).toEqual([0, 0])
    expect(targetsOf(plan, 'CNAME')).toEqual(['aks09-weu-internal.aks.example.com'])
    expect(plan.records.filter(({ type }) => type === 'CNAME').every(({ held }) => held)).toBe(true)
    const both = ['aks01-weu-internal.aks.example.com', 'aks09-weu-internal.aks.example.com']
    expect(await addressNames()).toEqual(both)

    expect(await srouter.apply('--allow-deletes', String(plan.summary.held))).toMatchObject({ code: 0 })
    const after = await srouter.plan()
    expect([after.code, changed(after)]).toEqual([0, []])
    expect(targetsOf(after.plan, 'CNAME')).toEqual(both.slice(1))
    expect(await addressNames()).toEqual(both.slice(1))
    expect(await plane.read(identityRef)).toMatchObject({ status: { applied: { cluster: 'aks09' } } })
  })

  const targetsOf = ({ records }: PlanDocument, type: string) => [
    ...new Set(records.filter(each => each.type === type).flatMap(({ targets }) => targets)),
  ]
  const addressNames = async () => [
    ...new Set(
      (await listAll(plane, DNSEndpoint))
        .flatMap(endpointsOf)
        .filter(({ recordType }) => recordType === 'A')
        .map(({ dnsName }) => dnsName)
        .sort(),
    ),
  ]
})
