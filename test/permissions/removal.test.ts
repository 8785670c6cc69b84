import { beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import {
  DNSEndpoint,
  IstioGateway,
  Namespace,
  RegionFailover,
  routerKinds,
  Service,
} from '../../src/api/kinds.ts'
import type { ResourceRef } from '../../src/api/object.ts'
import type { Rule } from '../../src/install/rules.ts'
import { resourceName } from '../../src/kube/request.ts'
import { edit } from '../cluster/support/edit.ts'
import { put } from '../cluster/support/world.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { startDaemon } from './support/daemon.ts'
import { type Permission, permissionsOf, without } from './support/permission.ts'
import {
  accountWith,
  home,
  type Installed,
  installedPlane,
  kubeconfigFor,
  printed,
  runWith,
} from './support/plane.ts'
import { racerTo } from './support/racer.ts'
import {
  earlierOperator,
  finalizers,
  forgetFailover,
  isSpoilt,
  judged,
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

/** A cluster in which a daemon may do all but one thing. */
interface Stage extends Pick<Installed, 'plane'> {
  /** Its kubeconfig. */
  readonly kubeconfig: string
  /** Waits until it has been refused that one thing. */
  readonly refused: () => Promise<unknown>
}

interface Row {
  readonly missing: Permission
  /** What then does not happen. */
  readonly what: string
  /** Fails where it happens nevertheless. */
  readonly check: (stage: Stage) => Promise<void>
}

const read = [...routerKinds, Service, Namespace, DNSEndpoint, IstioGateway].map(resourceName)
const dnsEndpoints = resourceName(DNSEndpoint)
const istioGateways = resourceName(IstioGateway)
const regionFailovers = resourceName(RegionFailover)
const inLease = ['--leader-elect=true', `--lease-namespace=${home}`]
const alone = '--leader-elect=false'

/** Everything once: it does the rest, and says what it could not do. */
const once = async ({ kubeconfig }: Stage, saying: string, code = 5): Promise<void> => {
  const ended = await runWith(kubeconfig, ['run', '--once'])
  expect([ended.code, ended.out + ended.err]).toEqual([code, expect.stringContaining(saying)])
}

const isThere = async ({ plane }: Stage, ref: ResourceRef): Promise<boolean> =>
  (await plane.read(ref)) !== undefined

const neverWorks = async (stage: Stage): Promise<void> => {
  await using daemon = startDaemon(stage.kubeconfig, ...inLease)
  await stage.refused()
  expect(daemon.log.map(({ message }) => message)).not.toContain('Working')
}

const rows: readonly Row[] = [
  ...read.map(resource => ({
    missing: `list ${resource}`,
    what: 'nothing is done by half',
    check: (stage: Stage) => once(stage, `not allowed to list ${resource}`, 6),
  })),
  ...read.map(resource => ({
    missing: `watch ${resource}`,
    what: 'the daemon does not get ready',
    check: async (stage: Stage) => {
      await using daemon = startDaemon(stage.kubeconfig, alone)
      await stage.refused()
      expect(await daemon.ask('health', '/readyz')).toBe(503)
      expect(daemon.log.map(({ message }) => message)).not.toContain('Working')
    },
  })),
  ...Object.entries(judged).map(([plural, ref]) => ({
    missing: `patch ${plural}.${ref.apiVersion.split('/')[0]}/status`,
    what: 'its status is not written',
    check: async (stage: Stage) => {
      await edit(stage.plane, ref, { status: { phase: 'Spoilt' } }, '/status')
      await once(stage, `not allowed to patch ${plural}.`)
      expect(await stage.plane.read(ref)).toMatchObject({ status: { phase: 'Spoilt' } })
    },
  })),
  ...[
    { ref: made.cname, resource: dnsEndpoints, away: turnAway },
    { ref: made.istio, resource: istioGateways, away: moveAway },
  ].flatMap(({ ref, resource, away }): readonly Row[] => [
    {
      missing: `create ${resource}`,
      what: 'a new one is not written',
      check: async stage => {
        await stage.plane.remove(ref)
        await once(stage, `not allowed to create ${resource}`)
        expect(await isThere(stage, ref)).toBe(false)
      },
    },
    {
      missing: `patch ${resource}`,
      what: 'drift is not healed',
      check: async stage => {
        await spoil(stage.plane, ref)
        await once(stage, `not allowed to patch ${resource}`)
        expect(await isSpoilt(stage.plane, ref)).toBe(true)
      },
    },
    {
      missing: `delete ${resource}`,
      what: 'what is wanted no longer stays',
      check: async stage => {
        await away(stage.plane)
        await once(stage, `not allowed to delete ${resource}`)
        expect(await isThere(stage, ref)).toBe(true)
      },
    },
    {
      missing: `get ${resource}`,
      what: 'one that was changed a moment ago cannot be judged, and stays',
      check: async stage => {
        await away(stage.plane)
        await once(stage, `not allowed to get ${resource}`)
        expect(await isThere(stage, ref)).toBe(true)
      },
    },
  ]),
  ...['get', 'patch'].map(verb => ({
    missing: `${verb} ${regionFailovers}`,
    what: {
      get: 'one that was changed a moment ago gets no finalizer',
      patch: 'no finalizer keeps one that is engaged',
    }[verb] as string,
    check: async (stage: Stage) => {
      await standIn(stage.plane)
      await once(stage, `not allowed to ${verb} ${regionFailovers}`)
      expect(await finalizers(stage.plane)).toEqual([])
    },
  })),
  ...[
    { owner: 'serviceroutes.routing.router.io', ref: made.cname },
    { owner: 'services', ref: made.address },
    { owner: 'gateways.routing.router.io', ref: made.istio },
    { owner: regionFailovers, ref: made.claim, before: standIn },
    { owner: 'clusteridentities.cluster.router.io', ref: made.reclaim, before: reclaim },
  ].map(({ owner, ref, before }) => ({
    missing: `update ${owner}/finalizers`,
    what: 'where the admission plugin asks for it, what it would own is not written',
    check: async (stage: Stage) => {
      await before?.(stage.plane)
      await stage.plane.remove(ref)
      await once(stage, 'cannot set blockOwnerDeletion')
      expect(await isThere(stage, ref)).toBe(false)
    },
  })),
  {
    missing: 'create events.events.k8s.io',
    what: 'no event tells',
    check: async stage => {
      await using daemon = startDaemon(stage.kubeconfig, alone)
      await daemon.says('Working')
      await misdirect(stage.plane)
      await stage.refused()
      await daemon.says('Event not written')
    },
  },
  {
    missing: 'patch events.events.k8s.io',
    what: 'a series of events is not counted',
    check: async stage => {
      await using daemon = startDaemon(stage.kubeconfig, alone)
      await daemon.says('Working')
      for (const gatewayName of ['nowhere', 'internal', 'nowhere', 'internal']) {
        const reason = gatewayName === 'nowhere' ? 'GatewayNotFound' : 'ReconciliationSucceeded'
        await misdirect(stage.plane, gatewayName)
        await waitFor(async () => (await verdict(stage.plane)) === reason, { what: reason })
      }
      await stage.refused()
      await daemon.says('Event not written')
    },
  },
  {
    missing: 'list leases.coordination.k8s.io 3afd9a04.router.io',
    what: 'nobody is warned of the earlier operator',
    check: async stage => {
      await stage.plane.applyManifests([earlierOperator()])
      await using daemon = startDaemon(stage.kubeconfig, alone)
      await stage.refused()
      expect(daemon.log.map(({ message }) => message)).not.toContain('Earlier operator still runs')
    },
  },
  { missing: 'get leases.coordination.k8s.io srouter', what: 'the daemon never leads', check: neverWorks },
  {
    missing: 'create leases.coordination.k8s.io',
    what: 'the first daemon never leads',
    check: async stage => {
      await stage.plane.remove(lease)
      await neverWorks(stage)
      expect(await isThere(stage, lease)).toBe(false)
    },
  },
  {
    missing: 'update leases.coordination.k8s.io srouter',
    what: 'a second daemon never leads',
    check: async stage => {
      const { namespace, name, ...type } = lease
      await stage.plane.applyManifests([{ ...type, metadata: { namespace, name }, spec: {} }])
      await neverWorks(stage)
    },
  },
]

/** Each row takes one verb away from what `install` prints, and sees what is then missing. */
describeLab('the daemon, with one verb less', () => {
  let installed: Installed
  let admin: string
  const rules: { cluster: readonly Rule[]; home: readonly Rule[] } = { cluster: [], home: [] }
  const account = (missing: Permission): string => `without-${rows.findIndex(row => row.missing === missing)}`

  beforeAll(async () => {
    installed = await installedPlane()
    const { plane } = installed
    admin = plane.kubeconfig()
    const roles = (await printed()).filter(({ metadata }) => metadata.name === 'srouter')
    const rulesOf = (kind: string) => roles.find(role => role.kind === kind)?.rules as readonly Rule[]
    rules.cluster = rulesOf('ClusterRole')
    rules.home = rulesOf('Role')
    await plane.applyManifests(
      rows.flatMap(({ missing }) =>
        accountWith(account(missing), {
          cluster: without(rules.cluster, missing),
          home: without(rules.home, missing),
        }),
      ),
    )
  }, 120_000)

  test('each is taken away once', () => {
    const granted = permissionsOf([...rules.cluster, ...rules.home])
    expect(rows.map(({ missing }) => missing).sort()).toEqual([...granted])
  })

  describe('so', () => {
    // All is as it should be, until a row changes it.
    beforeEach(async () => {
      await forgetFailover(installed.plane)
      await put(installed.plane, await world())
      expect(await runWith(admin, ['run', '--once'])).toMatchObject({ code: 0 })
    })

    test.each(rows)('without "$missing": $what', async ({ missing, check }) => {
      const { plane, audit } = installed
      const name = `${home}/${account(missing)}`
      await using racer = racerTo(plane)
      if (missing.startsWith('get '))
        for (const plural of ['dnsendpoints', 'gateways', 'regionfailovers']) racer.on.add(plural)
      const refused = () =>
        waitFor(
          () => audit.uses(name).some(({ permission, code }) => permission === missing && code === 403),
          { what: `"${missing}" to be refused`, timeoutMs: 20_000 },
        )
      await check({ plane, refused, kubeconfig: await kubeconfigFor(installed, name, racer.url) })
      // And it was refused nothing else.
      const others = audit.uses(name).filter(({ code, permission }) => code === 403 && permission !== missing)
      expect(others.filter(() => !missing.endsWith('/finalizers'))).toEqual([])
    })
  })
})
