import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { createAuthority } from '../../lab/certificates.ts'
import { describeLab } from '../../lab/suite.ts'
import { between, type Expected, hasAddress, secondsToLastWrong, show, wrong } from '../../lab/timeline.ts'
import { waitFor } from '../../lab/wait.ts'
import { command } from '../command.ts'
import { armed, decisionOf, domain, type Scene, startScene, timing, until, yielded } from './stage.ts'

/** What moves the traffic of a region by itself, and what does not. What counts is what the zones answer. */
describeLab(
  'automatic failover',
  () => {
    setDefaultTimeout(180_000)
    let scene: Scene
    beforeAll(async () => {
      scene = await startScene({ spec: { failback: 'Automatic' } })
    }, 300_000)
    afterAll(async () => {
      await scene?.[Symbol.asyncDispose]()
    })

    const home = (zone: string, name: string) => scene.leadsTo('weu')(zone, name)
    const moved = (zone: string, name: string) => scene.leadsTo('neu')(zone, name)
    /** Answers since, that were not as they should be. */
    const wrongSince = (from: number, expected: Expected = home) => {
      const bad = wrong(between(scene.sampler.samples, from), expected)
      return show(bad.slice(0, 20), from)
    }
    /** Until the gateway of weu has answered so many times more. */
    const asked = async (times: number) => {
      const { weu } = scene.gateways
      const before = await weu.answered()
      const what = `${times} probes`
      await waitFor(async () => (await weu.answered()) >= before + times, { what, timeoutMs: 60_000 })
    }
    const backHome = async () => {
      await scene.sampler.shows(home, 'the addresses of weu again', 60_000)
      await armed(scene.neu)
      await armed(scene.weu)
    }

    test('both are armed once each has seen the other one up', async () => {
      await armed(scene.weu)
      await armed(scene.neu)
      const { out } = await command(scene.neu, 'failover', 'status', 'aks01-weu')
      expect(out).toContain('mode Automatic: Armed since')
      expect(out).toContain(`${scene.gateways.weu.address}  answers`)
    })

    test('a probe that fails two times of three engages nothing', async () => {
      const from = scene.sampler.mark()
      // Otherwise weu, too, asks its own gateway, and the answers are dealt out to both.
      await scene.configure('weu', { mode: 'Manual' })
      await until(scene.weu, 'to decide nothing', ({ state }) => state === undefined)
      for (let round = 0; round < 4; round++) {
        await scene.gateways.weu.become('failing')
        await asked(2)
        await scene.gateways.weu.become('up')
        await asked(1)
      }
      expect(await decisionOf(scene.neu)).toMatchObject({ engage: false, state: 'Armed' })
      await scene.configure('weu', {})
      await backHome()
      expect(wrongSince(from)).toBe('')
    })

    test('answers that are slow, but in time, are answers; those that are too late are none', async () => {
      const from = scene.sampler.mark()
      await scene.configure('neu', { mode: 'Observe' })
      await scene.gateways.weu.become({ slowMs: 500 })
      await asked(5)
      expect(await decisionOf(scene.neu)).toMatchObject({ automatic: 'Armed PeerUp' })
      await scene.gateways.weu.become({ slowMs: 3000 })
      const { engage, message } = await until(scene.neu, 'to find weu down', ({ probe }) => probe === 'Down')
      expect([engage, message]).toEqual([false, expect.stringMatching(/time|late|within/)])
      await scene.gateways.weu.become('up')
      await until(scene.neu, 'to find weu up', ({ probe }) => probe === 'Up')
      expect(wrongSince(from)).toBe('')
    })

    test('a certificate of another host counts as down, and says so; mode Observe says what it would do', async () => {
      const from = scene.sampler.mark()
      await scene.configure('neu', { mode: 'Observe' })
      await until(scene.neu, 'to be armed', ({ state }) => state === 'Armed')
      const authority = await createAuthority('gateways')
      const certificate = await authority.issueServer([`other.${domain}`])
      await scene.gateways.weu.become({ certificate })
      const found = await until(
        scene.neu,
        'to find weu down',
        ({ automatic }) => automatic === 'Engaged PeerDown',
      )
      expect(found.engage).toBe(false)
      const { out } = await command(scene.neu, 'failover', 'status', 'aks01-weu')
      expect(out).toContain('in mode Automatic this cluster would stand in for it')
      expect(out).toContain('certificate')
      await scene.gateways.weu.become('up')
      await until(scene.neu, 'to find weu up', ({ probe }) => probe === 'Up')
      await scene.configure('neu', {})
      await armed(scene.neu)
      expect(wrongSince(from)).toBe('')
    })

    test('a gateway dies: engaged in time, redirected as by hand; it returns: back after the hold-down, never wrong', async () => {
      const { neu, gateways, sampler } = scene
      const killed = sampler.mark()
      await gateways.weu.become('closed')
      const { reason } = await until(neu, 'to engage', ({ engage }) => engage)
      const engagedAfter = (Date.now() - killed) / 1000
      expect(reason).toBe('automatic: aks01-weu does not answer, so this cluster stands in for it')
      // The rounds, and what it takes to see the object.
      expect(engagedAfter).toBeLessThan(timing.failureThreshold * timing.intervalSeconds + 2)
      await sampler.shows(moved, 'the addresses of neu', 60_000)
      const redirected = secondsToLastWrong(sampler.samples, killed, moved)
      await until(neu, 'to be engaged', ({ standIn }) => standIn === 'Engaged')
      await yielded(scene.weu)
      await scene.weu.cycle()
      const steady = sampler.mark()
      await neu.cycle()
      expect(wrongSince(steady, moved)).toBe('')

      await gateways.weu.become('up')
      const returned = sampler.mark()
      await until(neu, 'to release', ({ engage }) => !engage)
      await sampler.shows(home, 'the addresses of weu again', 60_000)
      const back = (Date.now() - returned) / 1000
      expect(between(sampler.samples, killed).filter(({ answer }) => !hasAddress(answer))).toEqual([])
      const after = sampler.mark()
      await backHome()
      expect(wrongSince(after)).toBe('')
      console.log(
        `killed: engaged after ${engagedAfter.toFixed(1)} s, redirected after ${redirected.toFixed(1)} s; back ${back.toFixed(1)} s after it returned`,
      )
    })

    test('a whole region dies and returns: redirected, then back, and never wrong once it has returned', async () => {
      const { weu, neu, gateways, sampler } = scene
      await gateways.weu.become('closed')
      await weu.kill()
      await until(neu, 'to be engaged', ({ standIn }) => standIn === 'Engaged')
      await sampler.shows(moved, 'the addresses of neu', 60_000)
      const returned = sampler.mark()
      await weu.start('etcd', 'apiserver', 'controllerManager', 'daemon')
      await yielded(weu)
      await weu.start('dns')
      await weu.cycle()
      expect(wrongSince(returned, moved)).toBe('')
      await gateways.weu.become('up')
      await until(neu, 'to release', ({ engage }) => !engage, 60_000)
      await sampler.shows(home, 'the addresses of weu again', 60_000)
      const back = sampler.mark()
      await backHome()
      expect(wrongSince(back)).toBe('')
      expect(between(sampler.samples, returned).filter(({ answer }) => !hasAddress(answer))).toEqual([])
    })

    test('without a witness nothing is engaged', async () => {
      const { neu, gateways, witness, sampler } = scene
      const from = sampler.mark()
      await witness.become('closed')
      await gateways.weu.become('closed')
      const { engage } = await until(neu, 'to refuse', ({ automatic }) => automatic === 'Armed NoWitness')
      expect(engage).toBe(false)
      const { out } = await command(neu, 'failover', 'status', 'aks01-weu')
      expect(out).toContain('no witness has answered since')
      await gateways.weu.become('up')
      await until(neu, 'to find weu up', ({ probe }) => probe === 'Up')
      await witness.become('up')
      await backHome()
      expect(wrongSince(from)).toBe('')
    })

    test('both gateways are down: nothing moves', async () => {
      const { neu, weu, gateways, sampler } = scene
      const from = sampler.mark()
      await Promise.all([gateways.weu.become('closed'), gateways.neu.become('closed')])
      for (const each of [neu, weu])
        expect(
          await until(each, 'to refuse', ({ automatic }) => automatic === 'Armed OwnGatewayDown'),
        ).toMatchObject({ engage: false })
      await gateways.weu.become('up')
      await gateways.neu.become('up')
      await backHome()
      expect(wrongSince(from)).toBe('')
    })

    test('what people end while the peer is down stays ended, until the peer was up again', async () => {
      const { neu, gateways, sampler } = scene
      await gateways.weu.become('closed')
      await until(neu, 'to be engaged', ({ standIn }) => standIn === 'Engaged')
      const ended = await command(neu, 'failover', 'end', 'aks01-weu', '--auto-approve', '--interval', '2s')
      expect(ended.code).toBe(0)
      await sampler.shows(home, 'the addresses of weu', 60_000)
      await until(neu, 'to wait', ({ automatic }) => automatic === 'Waiting PeerNeverUp')
      expect(await decisionOf(neu)).toMatchObject({ engage: false, probe: 'Down' })
      await gateways.weu.become('up')
      await backHome()
    })

    test('what is engaged automatically, and then by hand, does not end by itself', async () => {
      const { neu, gateways, sampler } = scene
      await gateways.weu.become('closed')
      await until(neu, 'to be engaged', ({ standIn }) => standIn === 'Engaged')
      const taken = await command(neu, 'failover', 'start', 'aks01-weu', '--auto-approve', '--interval', '2s')
      expect([taken.code, taken.err]).toEqual([0, expect.any(String)])
      await gateways.weu.become('up')
      await until(neu, 'to find weu up', ({ automatic }) => automatic === 'Engaged EngagedByHand')
      await until(neu, 'to find weu up', ({ probe }) => probe === 'Up')
      expect(await decisionOf(neu)).toMatchObject({ engage: true })
      const ended = await command(neu, 'failover', 'end', 'aks01-weu', '--auto-approve', '--wait')
      expect(ended.code).toBe(0)
      await sampler.shows(home, 'the addresses of weu', 60_000)
      await backHome()
    })
  },
  'bind',
)
