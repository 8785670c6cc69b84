import { afterAll, beforeAll, expect, test } from 'bun:test'
import { platform } from '../engine/build.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { allCrds } from '../lab/crds.ts'
import { describeLab } from '../lab/suite.ts'
import { withNamespaces } from './support/plane.ts'
import { routeRef } from './support/refs.ts'
import { type Srouter, srouterOn } from './support/srouter.ts'
import { conditionOf } from './support/state.ts'
import { put, putRoutes } from './support/world.ts'

const count = 5_000

describeLab('5,000 routes', () => {
  let plane: ControlPlane
  let srouter: Srouter
  beforeAll(async () => {
    // One of its own: to end it is quicker than to clear so many.
    plane = await startControlPlane({ manifests: await allCrds() })
    await plane.kill('controllerManager')
    await withNamespaces(plane)
    srouter = srouterOn(plane)
    await put(plane, platform())
    await putRoutes(plane, count)
  }, 180_000)
  afterAll(() => plane?.stop())

  const endpoints = async () => (await plane.list('externaldns.k8s.io/v1alpha1', 'DNSEndpoint')).length

  test('are planned, applied, and planned again without a change', async () => {
    const { code, out } = await srouter.apply()
    expect([code, out.slice(-200)]).toEqual([
      0,
      expect.stringContaining(`Plan: ${count + 2} to add, 0 to change, 0 to delete (0 unchanged)`),
    ])
    expect(out).toEndWith(`Applied: ${count + 3} objects written\n`)
    expect(await endpoints()).toBe(count + 2)
    expect(conditionOf(await plane.read(routeRef('app', `r${count - 1}`)), 'Ready')).toStartWith('True ')
    const again = await srouter.plan()
    expect([again.code, again.plan.summary.unchanged]).toEqual([0, count + 2])
  }, 180_000)
})
