import { afterAll, beforeAll, expect, test } from 'bun:test'
import { platform } from '../engine/build.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { allCrds } from '../lab/crds.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { clear, withNamespaces } from './support/plane.ts'
import { type Relay, relayTo } from './support/relay.ts'
import { type Srouter, srouterOn, srouterWith } from './support/srouter.ts'
import { derived } from './support/state.ts'
import { put, putRoutes } from './support/world.ts'

const count = 400

/** How the API server goes away, how long it may take to be sure, and what is said then. */
const rows = [
  ['SIGSTOP', 45, 'gave no answer within 30 s', /gave no answer within 30 s/],
  ['SIGKILL', 25, 'nothing listens there', /closed the connection|nothing listens there/],
] as const

describeLab('an API server that goes away', () => {
  let plane: ControlPlane
  let relay: Relay
  let srouter: Srouter
  let through: Srouter
  beforeAll(async () => {
    plane = await startControlPlane({ manifests: await allCrds() })
    await plane.kill('controllerManager')
    await withNamespaces(plane)
    relay = relayTo(plane.url)
    srouter = srouterOn(plane)
    through = srouterWith(plane.kubeconfig(plane.admin, { url: relay.url }))
  }, 120_000)
  afterAll(async () => {
    relay?.stop()
    await plane?.stop()
  })

  test('SIGINT while a plan waits for the answer', async () => {
    await plane.kill('apiserver', 'SIGSTOP')
    const before = relay.accepted()
    const waiting = through.start(['plan'])
    await waitFor(() => relay.accepted() > before, { what: 'its connection' })
    waiting.kill('SIGINT')
    const { code, out, err, seconds } = await waiting.ended
    expect([code, out, err, seconds < 5]).toEqual([130, '', 'interrupted\n', true])
    await plane.kill('apiserver', 'SIGCONT')
  })

  for (const [signal, seconds, said, inTheMiddle] of rows)
    test(`${signal}: in a list, in an apply, before a plan`, async () => {
      await clear(plane)
      await put(plane, platform())
      await putRoutes(plane, count)

      const inApply = srouter.start(['apply', '--auto-approve', '--concurrency', '4'])
      await waitFor(async () => (await derived(plane)).size >= 30, {
        what: 'some objects',
        everyMs: 5,
        timeoutMs: 30_000,
      })
      // One list after the other: there are more to come when this much has been answered.
      const middle = relay.holdAfter(10_000)
      const inList = through.start(['plan', '--concurrency', '1'])
      await middle
      await plane.kill('apiserver', signal)
      relay.go()
      const before = srouter.start(['plan'])

      const [apply, list, plan] = await Promise.all([inApply.ended, inList.ended, before.ended])
      expect(list).toMatchObject({ code: 6, out: '', err: expect.stringMatching(inTheMiddle) })
      expect(plan).toMatchObject({ code: 6, out: '', err: expect.stringContaining(said) })
      expect([list, plan].map(({ seconds: took }) => took < seconds)).toEqual([true, true])
      expect([apply.code, apply.err, apply.seconds < seconds]).toEqual([5, '', true])
      expect(apply.out).toContain(said)
      expect(apply.out).toMatch(/^Applied: \d+ objects written, \d+ failed, \d+ not begun$/m)
      expect(apply.out).toEndWith('Run it again to do the rest; what is done stays done.\n')

      if (signal === 'SIGSTOP') await plane.kill('apiserver', 'SIGCONT')
      else await plane.restart('apiserver')
      await waitFor(async () => (await plane.request('GET', '/readyz')).status === 200, {
        what: 'the API server to be back',
        timeoutMs: 60_000,
      })
      expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
      expect((await derived(plane)).size).toBe(2 + count + 1)
      expect((await srouter.plan()).code).toBe(0)
    }, 180_000)
})
