import { beforeAll, beforeEach, expect, test } from 'bun:test'
import { platform } from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { clear, clusterPlane } from './support/plane.ts'
import { relayTo } from './support/relay.ts'
import { type Srouter, srouterOn, srouterWith } from './support/srouter.ts'
import { derived, made } from './support/state.ts'
import { put, putRoutes } from './support/world.ts'

const count = 200
/** Two addresses, the routes' CNAMEs, the Istio Gateway. */
const total = 2 + count + 1

describeLab('an apply that is not alone, or does not come to its end', () => {
  let plane: ControlPlane
  let srouter: Srouter
  /** What an apply that nothing disturbed comes to. */
  let whole: Readonly<Record<string, unknown>>
  beforeAll(async () => {
    plane = await clusterPlane()
    srouter = srouterOn(plane)
    await clear(plane)
    await put(plane, platform())
    await putRoutes(plane, count)
    expect(await srouter.apply()).toMatchObject({ code: 0 })
    whole = await made(plane)
  }, 120_000)
  beforeEach(async () => {
    await clear(plane)
    await put(plane, platform())
    await putRoutes(plane, count)
  }, 60_000)

  const slowly = ['apply', '--auto-approve', '--concurrency', '1']
  const written = async () => (await derived(plane)).size
  const halfWay = () =>
    waitFor(async () => (await written()) >= 30, {
      what: 'some objects to be written',
      everyMs: 5,
      timeoutMs: 30_000,
    })
  /** Once more, and then all is as if nothing had happened. */
  const recovers = async () => {
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    expect(await made(plane)).toEqual(whole)
    expect((await srouter.plan()).code).toBe(0)
  }

  test('SIGKILL half-way, and once more: the same end', async () => {
    const running = srouter.start(slowly)
    await halfWay()
    running.kill('SIGKILL')
    await running.ended
    expect(await written()).toBeLessThan(total)
    await recovers()
  })

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    test(`${signal}: ends after the requests in flight, and tells what was done`, async () => {
      const running = srouter.start(slowly)
      await halfWay()
      running.kill(signal)
      const { code, out } = await running.ended
      expect(code).toBe(130)
      const [, done, left] = /^Interrupted: (\d+) objects written, (\d+) not begun$/m.exec(out) ?? []
      expect(Number(done)).toBe(await written())
      expect(Number(done) + Number(left)).toBe(total)
      expect(Number(left)).toBeGreaterThan(0)
      expect(out).toEndWith('Run it again to do the rest; what is done stays done.\n')
      await recovers()
    })

  test('SIGINT twice ends at once', async () => {
    const running = srouter.start(slowly)
    await halfWay()
    // Held, so that it gets both before it could end because of the first.
    running.kill('SIGSTOP')
    running.kill('SIGINT')
    running.kill('SIGTERM')
    running.kill('SIGCONT')
    expect((await running.ended).code).toBe(130)
    await recovers()
  })

  test('two at once: one state, and both are content', async () => {
    const both = await Promise.all([srouter.apply(), srouter.apply()])
    expect(both).toMatchObject([
      { code: 0, err: '' },
      { code: 0, err: '' },
    ])
    expect(await made(plane)).toEqual(whole)
    expect((await srouter.plan()).code).toBe(0)
  })

  test('one that begins while another is half-way', async () => {
    const running = srouter.start(slowly)
    await halfWay()
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    expect(await running.ended).toMatchObject({ code: 0, err: '' })
    expect(await made(plane)).toEqual(whole)
  })

  test('connections that break half-way: the requests are repeated, and it goes on', async () => {
    const relay = relayTo(plane.url)
    try {
      const through = srouterWith(plane.kubeconfig(plane.admin, { url: relay.url }))
      const running = through.start(['apply', '--auto-approve', '--concurrency', '4'])
      await halfWay()
      relay.cut()
      expect(await running.ended).toMatchObject({ code: 0, err: '' })
    } finally {
      relay.stop()
    }
    expect(await made(plane)).toEqual(whole)
  })
})
