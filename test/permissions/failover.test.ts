import { afterAll, beforeAll, expect, test } from 'bun:test'
import { put } from '../cluster/support/world.ts'
import { describeLab } from '../lab/suite.ts'
import { accountBoundTo, type Installed, installedPlane, kubeconfigFor, runWith } from './support/plane.ts'
import { clearScene, finalizers, made, world } from './support/scene.ts'

/** Who may fail over: the daemon is not there, and nothing is done with more rights than its role and a person's. */
describeLab('srouter failover, with the roles that install prints', () => {
  let installed: Installed
  beforeAll(async () => {
    installed = await installedPlane()
    const { plane } = installed
    await clearScene(plane)
    await put(plane, await world())
    expect(await runWith(plane.kubeconfig(), ['run', '--once'])).toMatchObject({ code: 0 })
    await plane.applyManifests([
      ...accountBoundTo('app', 'planner', ['srouter-platform'], 'cluster'),
      ...accountBoundTo('app', 'first-responder', ['srouter-platform', 'srouter'], 'cluster'),
    ])
  }, 120_000)
  afterAll(() => clearScene(installed.plane))

  const as = async (account: string, ...argv: readonly string[]) =>
    runWith(await kubeconfigFor(installed, `app/${account}`), ['failover', ...argv])
  // Nobody can read the zones, so the claim counts after two intervals.
  const now = ['--auto-approve', '--interval', '1s'] as const
  const refused = (account: string) =>
    installed.audit.uses(`app/${account}`).flatMap(({ code, permission }) => (code === 403 ? permission : []))

  test('srouter-platform may look and try, and cannot fail over', async () => {
    expect(await as('planner', 'status')).toMatchObject({ code: 0, err: '' })
    expect(await as('planner', 'start', 'aks01-neu', '--dry-run')).toMatchObject({ code: 0, err: '' })
    expect(refused('planner')).toEqual([])
    const { code, err } = await as('planner', 'start', 'aks01-neu', ...now, '--timeout', '3s')
    expect([code, err]).toEqual([6, expect.stringContaining('create dnsendpoints')])
    const ref = { apiVersion: 'cluster.router.io/v1alpha1', kind: 'RegionFailover', name: 'aks01-neu' }
    const { spec } = (await installed.plane.read(ref)) ?? {}
    expect(spec).not.toMatchObject({ engage: true })
  })

  test('with srouter beside it start and end do all they need', async () => {
    const { plane } = installed
    expect(await as('first-responder', 'start', 'aks01-neu', ...now)).toMatchObject({ code: 0 })
    expect(await plane.read(made.claim)).toBeDefined()
    expect(await finalizers(plane)).not.toEqual([])
    expect(await as('first-responder', 'end', 'aks01-neu', ...now)).toMatchObject({ code: 0 })
    expect(await plane.read(made.claim)).toMatchObject({
      spec: { endpoints: [{ targets: [expect.stringContaining('released-e1.')] }] },
    })
    expect(refused('first-responder')).toEqual([])
  })

  test('and so does reclaim', async () => {
    expect(await as('first-responder', 'reclaim', 'aks01-weu', ...now)).toMatchObject({ code: 0 })
    expect(refused('first-responder')).toEqual([])
  })
})
