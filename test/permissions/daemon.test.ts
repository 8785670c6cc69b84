import { beforeAll, expect, test } from 'bun:test'
import type { Rule } from '../../src/install/rules.ts'
import { put } from '../cluster/support/world.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { startDaemon } from './support/daemon.ts'
import { type Permission, permissionsOf } from './support/permission.ts'
import { home, type Installed, installedPlane, kubeconfigFor, printed, runWith } from './support/plane.ts'
import { racerTo } from './support/racer.ts'
import {
  clearScene,
  earlierOperator,
  finalizers,
  isSpoilt,
  lease,
  made,
  misdirect,
  moveAway,
  reclaim,
  spoil,
  standIn,
  turnAway,
  verdict,
  world,
} from './support/scene.ts'

const account = `${home}/srouter`

/**
 * Asked for by the admission plugin OwnerReferencesPermissionEnforcement, within the API server, so that no audit has
 * it. removal.test.ts shows that each is needed.
 */
const askedWithin = [
  'update clusteridentities.cluster.router.io/finalizers',
  'update gateways.routing.router.io/finalizers',
  'update regionfailovers.cluster.router.io/finalizers',
  'update services/finalizers',
  'update serviceroutes.routing.router.io/finalizers',
]

/** The daemon's days in short, as the service account that `install` prints. */
describeLab('the daemon, with the role that install prints', () => {
  let installed: Installed
  let granted: readonly Permission[]
  beforeAll(async () => {
    installed = await installedPlane()
    await clearScene(installed.plane)
    const roles = (await printed()).filter(
      ({ kind, metadata }) => ['ClusterRole', 'Role'].includes(kind) && metadata.name === 'srouter',
    )
    granted = permissionsOf(roles.flatMap(({ rules }) => rules as readonly Rule[]))
  }, 120_000)

  test('does all its work', async () => {
    const { plane } = installed
    await using racer = racerTo(plane)
    const kubeconfig = await kubeconfigFor(installed, account, racer.url)
    const until = (what: string, condition: () => Promise<boolean>) =>
      waitFor(condition, { what, timeoutMs: 20_000 })
    const isThere = async (ref: Parameters<typeof plane.read>[0]) => (await plane.read(ref)) !== undefined

    await put(plane, [...(await world()), earlierOperator()])
    const once = await runWith(kubeconfig, ['run', '--once'])
    expect([once.code, once.err]).toEqual([0, expect.stringContaining('EarlierOperatorRunning')])
    expect(await verdict(plane)).toBe('ReconciliationSucceeded')

    await using daemon = startDaemon(kubeconfig, '--leader-elect=true', `--lease-namespace=${home}`)
    await daemon.says('Working')
    await daemon.says('Earlier operator still runs')
    expect(await daemon.ask('health', '/readyz')).toBe(200)
    expect(await daemon.ask('metrics', '/metrics')).toBe(200)

    for (const ref of [made.cname, made.istio]) {
      await spoil(plane, ref)
      await until(`${ref.kind} to be healed`, async () => !(await isSpoilt(plane, ref)))
    }
    // From here on somebody is always a moment earlier.
    for (const plural of ['dnsendpoints', 'gateways']) racer.on.add(plural)
    await turnAway(plane)
    await until('the CNAME to go', async () => !(await isThere(made.cname)))
    await moveAway(plane)
    await until('the Istio Gateway to go', async () => !(await isThere(made.istio)))
    await put(plane, await world())
    for (const ref of [made.cname, made.istio])
      await until(`${ref.kind} to be back`, async () => {
        const object = await plane.read<{ metadata: { managedFields?: { manager: string }[] } }>(ref)
        return object?.metadata.managedFields?.some(({ manager }) => manager === 'srouter') ?? false
      })
    racer.on.add('regionfailovers')
    await standIn(plane)
    await until('its claim', () => isThere(made.claim))
    await until('its finalizer', async () => (await finalizers(plane)).length > 0)
    racer.on.clear()
    await put(plane, await world())
    await reclaim(plane)
    await until('its own release', () => isThere(made.reclaim))

    // Twice the same is a series.
    for (const gatewayName of ['nowhere', 'internal', 'nowhere', 'internal']) {
      await misdirect(plane, gatewayName)
      const reason = gatewayName === 'nowhere' ? 'GatewayNotFound' : 'ReconciliationSucceeded'
      await until(reason, async () => (await verdict(plane)) === reason)
    }
    expect(await daemon.stop()).toBe(0)
    const left = await plane.read<{ spec: { holderIdentity?: string } }>(lease)
    expect([left === undefined, left?.spec.holderIdentity]).toEqual([false, undefined])
  })

  test('is refused nothing', () => {
    const refused = installed.audit.uses(account).filter(({ code }) => code === 401 || code === 403)
    expect(refused).toEqual([])
  })

  test('uses exactly what it is granted', () => {
    const used = installed.audit.uses(account).flatMap(({ permission }) => permission ?? [])
    expect([...new Set([...used, ...askedWithin])].sort()).toEqual([...granted])
  })

  test('asks for nothing else but what there is', () => {
    const paths = installed.audit
      .uses(account)
      .filter(({ permission }) => permission === undefined)
      .map(({ path }) => path)
    // Which every account of a cluster may ask for.
    expect(paths.filter(path => !/^\/apis?(\/[a-z0-9.]+){0,2}$/.test(path))).toEqual([])
  })
})
