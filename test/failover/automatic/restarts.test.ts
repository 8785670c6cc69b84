import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { leaseName } from '../../../src/api/leases.ts'
import type { KubeObject } from '../../../src/api/object.ts'
import { describeLab } from '../../lab/suite.ts'
import { between, type Expected, show, wrong } from '../../lab/timeline.ts'
import { waitFor } from '../../lab/wait.ts'
import { command } from '../command.ts'
import { armed, decisionOf, type Scene, startScene, until, yielded } from './stage.ts'

/**
 * The daemon of the cluster that stands in is killed in each state, and another one becomes the leader, by the Lease: it
 * goes on where that one was.
 */
describeLab(
  'automatic failover and another leader',
  () => {
    setDefaultTimeout(180_000)
    let scene: Scene
    beforeAll(async () => {
      scene = await startScene({
        spec: { failback: 'Automatic', holdDownSeconds: 40 },
        daemonFlags: ['--leader-elect', 'true', '--lease-namespace', 'srouter-system'],
      })
      await armed(scene.neu)
    }, 300_000)
    afterAll(async () => {
      await scene?.[Symbol.asyncDispose]()
    })

    const home = (zone: string, name: string) => scene.leadsTo('weu')(zone, name)
    const moved = (zone: string, name: string) => scene.leadsTo('neu')(zone, name)
    const leader = async () =>
      (
        await scene.neu.plane.read<KubeObject & { spec: { holderIdentity?: string } }>({
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          namespace: 'srouter-system',
          name: leaseName,
        })
      )?.spec.holderIdentity
    const another = async () => {
      const before = await leader()
      await scene.neu.kill('daemon')
      await scene.neu.start('daemon')
      await waitFor(async () => (await leader()) !== before, { what: 'another leader', timeoutMs: 60_000 })
    }
    const wrongSince = (from: number, expected: Expected) =>
      show(wrong(between(scene.sampler.samples, from), expected).slice(0, 20), from)

    test('Armed: it still is, and a gateway that has died meanwhile is stood in for', async () => {
      const { weu, neu, gateways, sampler } = scene
      await neu.kill('daemon')
      await gateways.weu.become('closed')
      await neu.start('daemon')
      await until(neu, 'to be engaged', ({ standIn }) => standIn === 'Engaged', 60_000)
      await yielded(weu)
      await weu.cycle()
      await sampler.shows(moved, 'the addresses of neu', 60_000)
    })

    test('Engaged: nothing changes in DNS', async () => {
      const { neu, sampler } = scene
      const from = sampler.mark()
      await another()
      await until(neu, 'not to know yet', ({ probe }) => probe === 'Unknown', 60_000)
      await until(neu, 'to find weu down', ({ probe }) => probe === 'Down', 60_000)
      await neu.cycle()
      expect(await decisionOf(neu)).toMatchObject({ engage: true, standIn: 'Engaged' })
      expect(wrongSince(from, moved)).toBe('')
    })

    test('Engaged, and the peer is back: it ends after as long as it would have', async () => {
      const { neu, gateways, sampler } = scene
      await gateways.weu.become('up')
      await until(neu, 'to see weu up', ({ automatic }) => automatic === 'Engaged HeldAtLeast')
      await another()
      await until(neu, 'to release', ({ engage }) => !engage, 90_000)
      await sampler.shows(home, 'the addresses of weu', 60_000)
    })

    test('HoldDown: a peer that dies is not stood in for before it is over, nor before it was up again', async () => {
      const { neu, gateways, sampler } = scene
      const from = sampler.mark()
      await until(neu, 'to hold down', ({ state }) => state === 'HoldDown')
      await gateways.weu.become('closed')
      await another()
      await until(
        neu,
        'to find weu down',
        ({ state, probe }) => state === 'HoldDown' && probe === 'Down',
        60_000,
      )
      await until(neu, 'to wait', ({ automatic }) => automatic === 'Waiting PeerNeverUp', 60_000)
      expect(await decisionOf(neu)).toMatchObject({ engage: false, standIn: 'Standby' })
      expect(wrongSince(from, home)).toBe('')
    })

    test('Waiting: it still does', async () => {
      const { neu, gateways } = scene
      await another()
      await until(neu, 'to find weu down', ({ probe }) => probe === 'Down', 60_000)
      expect(await decisionOf(neu)).toMatchObject({ engage: false, state: 'Waiting' })
      await gateways.weu.become('up')
      await armed(neu)
    })

    test('Claiming, and ended by hand meanwhile: it ends', async () => {
      const { neu, gateways, sampler } = scene
      await gateways.weu.become('closed')
      await until(neu, 'to engage', ({ engage }) => engage)
      await neu.kill('daemon')
      const { code } = await command(
        neu,
        'failover',
        'end',
        'aks01-weu',
        '--auto-approve',
        '--interval',
        '2s',
      )
      expect(code).toBe(0)
      await neu.start('daemon')
      // Whether the status said Engaged when it was killed or not yet.
      const { engage } = await until(
        neu,
        'to find weu down, and not to be armed',
        ({ state, probe }) => probe === 'Down' && (state === 'HoldDown' || state === 'Waiting'),
        60_000,
      )
      expect(engage).toBe(false)
      await until(neu, 'to be on standby', ({ standIn }) => standIn === 'Standby', 60_000)
      await sampler.shows(home, 'the addresses of weu', 60_000)
      await gateways.weu.become('up')
    })
  },
  'bind',
)
