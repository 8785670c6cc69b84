import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { type Network, startNetwork } from '../../lab/namespaces.ts'
import { describeLab } from '../../lab/suite.ts'
import { between, changes, hasAddress, show, wrong } from '../../lab/timeline.ts'
import { waitFor } from '../../lab/wait.ts'
import {
  armed,
  type Decided,
  decisionOf,
  gatewayOf,
  type Scene,
  type Side,
  startScene,
  timing,
  until,
  yielded,
} from './stage.ts'

/** Clusters that no longer see each other, or nothing at all, each in a network namespace of its own. */
describeLab(
  'automatic failover and a network that fails',
  () => {
    setDefaultTimeout(240_000)
    let network: Network
    let scene: Scene
    beforeAll(async () => {
      network = await startNetwork('weu', 'neu', 'dns', 'witness')
      scene = await startScene({ network, spec: { failback: 'Automatic' } })
      await armed(scene.weu)
      await armed(scene.neu)
    }, 300_000)
    afterAll(async () => {
      await scene?.[Symbol.asyncDispose]()
      await network?.[Symbol.asyncDispose]()
    })

    const sides = ['weu', 'neu'] as const
    const home = (zone: string, name: string) => scene.leadsTo('weu')(zone, name)
    const decisions = async (): Promise<Readonly<Record<Side, Decided>>> => ({
      weu: await decisionOf(scene.weu),
      neu: await decisionOf(scene.neu),
    })
    const isSettled = (decided: Decided): boolean =>
      decided.standIn === 'Standby' && !decided.engage && decided.state !== 'Engaged'
    const backHome = async () => {
      await scene.sampler.shows(home, 'each its own address again', 90_000)
      await armed(scene.weu)
      await armed(scene.neu)
    }
    /** How often the answers for a name changed, in the zone where they did most. */
    const turns = (from: number, name: string): number => {
      const samples = between(scene.sampler.samples, from).filter(sample => sample.name === name)
      const first = changes(samples)
      return Math.max(...['weu', 'neu'].map(zone => first.filter(sample => sample.zone === zone).length - 1))
    }

    test('the link between two clusters is cut, both reach DNS: one of them holds, without ping-pong, until it is whole', async () => {
      const { sampler, weu, neu } = scene
      const from = sampler.mark()
      network.cut('weu', 'neu')
      const holder = await waitFor(
        async () => {
          const now = await decisions()
          return sides.find(
            side => now[side].standIn === 'Engaged' && isSettled(now[side === 'weu' ? 'neu' : 'weu']),
          )
        },
        { what: 'one to be engaged, and the other not', timeoutMs: 90_000 },
      )
      const [held, other] = holder === 'weu' ? [weu, neu] : [neu, weu]
      await yielded(other)
      await other.cycle()
      const settled = sampler.mark()
      const lead = scene.leadsTo(holder, holder)
      await sampler.shows(lead, `the addresses of ${holder} for both`, 60_000)
      // Longer than a hold-down: whoever would begin anew after that has.
      await waitFor(() => Date.now() - settled > 2000 * timing.holdDownSeconds, {
        what: 'two hold-downs to pass',
        timeoutMs: 60_000,
      })
      expect(await decisionOf(held)).toMatchObject({ engage: true, standIn: 'Engaged' })
      expect(isSettled(await decisionOf(other))).toBe(true)
      expect(show(wrong(between(sampler.samples, settled), lead).slice(0, 20), settled)).toBe('')

      network.heal('weu', 'neu')
      await until(held, 'to release', ({ engage }) => !engage, 60_000)
      await backHome()
      const back = sampler.mark()
      await waitFor(() => Date.now() - back > 1000 * timing.holdDownSeconds, {
        what: 'a hold-down to pass',
        timeoutMs: 60_000,
      })
      expect(show(wrong(between(sampler.samples, back), home).slice(0, 20), back)).toBe('')
      expect(between(sampler.samples, from).filter(({ answer }) => !hasAddress(answer))).toEqual([])
      console.log(
        `cut: ${holder} held; answers turned ${turns(from, gatewayOf(holder === 'weu' ? 'neu' : 'weu'))} times for the other one, ${turns(from, gatewayOf(holder))} for its own`,
      )
      // The holder may have yielded to the other one's claim for the moment in which both were there.
      expect(turns(from, gatewayOf(holder))).toBeLessThanOrEqual(2)
    })

    test('a cluster that is cut off from everything engages nothing; it is stood in for, and yields when it is back', async () => {
      const { sampler, weu, neu } = scene
      const from = sampler.mark()
      network.isolate('weu')
      const refused = await until(
        weu,
        'to refuse',
        ({ automatic }) => automatic === 'Armed NoWitness',
        60_000,
      )
      expect(refused.engage).toBe(false)
      await until(neu, 'to be engaged', ({ standIn }) => standIn === 'Engaged', 60_000)
      const moved = scene.leadsTo('neu')
      await sampler.shows(moved, 'the addresses of neu', 60_000)
      const steady = sampler.mark()
      expect((await decisionOf(weu)).engage).toBe(false)

      network.rejoin('weu')
      await until(neu, 'to release', ({ engage }) => !engage, 60_000)
      await backHome()
      expect((await decisionOf(weu)).engage).toBe(false)
      expect(between(sampler.samples, from).filter(({ answer }) => !hasAddress(answer))).toEqual([])
      // From neu to weu, once, and for no other reason than the release.
      expect(turns(steady, gatewayOf('neu'))).toBe(0)
    })
  },
  'external-dns',
  'bind',
  'namespaces',
)
