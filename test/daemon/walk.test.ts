import { afterAll, beforeAll, expect, test } from 'bun:test'
import { DNSEndpoint, IstioGateway } from '../../src/api/kinds.ts'
import { refOf, shortName } from '../../src/api/object.ts'
import { edit } from '../cluster/support/edit.ts'
import { listAll } from '../cluster/support/plane.ts'
import type { Srouter } from '../cluster/support/srouter.ts'
import { versions } from '../cluster/support/state.ts'
import { platform } from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { type DaemonPlane, daemonPlane } from './support/plane.ts'
import { type RunningDaemon, startDaemon } from './support/process.ts'
import { type Fault, type FaultyProxy, faultyProxy } from './support/proxy.ts'
import { type Random, random } from './support/random.ts'
import { nextStep, type Step, wholePlatform } from './support/walk.ts'
import { become, set } from './support/world.ts'

/**
 * SROUTER_WALK_SEED=7 repeats one walk, SROUTER_WALKS=20 takes so many. SROUTER_WALK_STEPS makes them longer.
 */
const steps = Number(process.env.SROUTER_WALK_STEPS ?? 300)
const walks = Number(process.env.SROUTER_WALKS ?? 20)
const given = process.env.SROUTER_WALK_SEED
const first = Math.floor(Math.random() * 1_000_000)
const seeds =
  given === undefined ? Array.from({ length: walks }, (_, index) => first + index) : [Number(given)]

/** Of all requests, this part goes wrong while such a fault is on. */
const faults: readonly ((share: () => boolean) => Fault)[] = [
  share => () => (share() ? { status: 500 } : undefined),
  share => () => (share() ? { status: 429, headers: { 'retry-after': '1' } } : undefined),
  share => () => (share() ? { lateMs: 300 } : undefined),
  () =>
    ({ isWatch }) =>
      isWatch ? { closeAfterMs: 200 } : undefined,
  () =>
    ({ isWatch, query }) =>
      isWatch && query.has('resourceVersion') ? { status: 410 } : undefined,
  () =>
    ({ resource, method }) =>
      resource === 'dnsendpoints' && method !== 'GET' ? { status: 503 } : undefined,
]

describeLab('a random walk', () => {
  let known: DaemonPlane
  let plane: ControlPlane
  let srouter: Srouter
  let proxy: FaultyProxy
  let daemon: RunningDaemon

  beforeAll(async () => {
    known = await daemonPlane()
    await known.mend()
    plane = known.plane
    srouter = known.srouter
    proxy = faultyProxy(plane)
  }, 120_000)
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
    await become(plane, platform())
    await clearOutputs()
  })

  const start = (): RunningDaemon =>
    startDaemon({ kubeconfig: known.kubeconfig(proxy.url), flags: ['--interval', '5s'] })

  const clearOutputs = async (): Promise<void> => {
    for (const kind of [DNSEndpoint, IstioGateway])
      for (const object of await listAll(plane, kind)) await plane.remove(refOf(object))
  }

  const carryOut = async (step: Step): Promise<void> => {
    try {
      if ('set' in step) await set(plane, step.set)
      else if ('remove' in step) await plane.remove(step.remove)
      else await edit(plane, step.of, step.patch, step.subresource)
    } catch (thrown) {
      // Refused by a schema, or of something that is not there.
      if (!/ (404|409|422|403) /.test(String(thrown))) throw thrown
    }
  }

  const disturb = async (chance: Random): Promise<string> => {
    const kind = chance.next()
    if (kind < 0.6) {
      // A generator of its own: how often it is asked is a matter of time.
      const own = random(chance.below(1_000_000))
      const share = 0.05 + chance.next() * 0.3
      const fault = chance.below(faults.length)
      proxy.fault = faults[fault]?.(() => own.chance(share))
      return `fault ${fault}`
    }
    proxy.fault = undefined
    if (kind < 0.8) {
      proxy.cutWatches()
      return 'watches cut'
    }
    if (kind < 0.9) {
      await daemon.stop('SIGKILL')
      daemon = start()
      return 'killed and started'
    }
    if (kind < 0.97) {
      // Before that a signal ends any process.
      await daemon.says('Starting')
      expect(await daemon.stop()).toBe(0)
      daemon = start()
      return 'stopped and started'
    }
    await plane.kill('apiserver')
    await plane.restart('apiserver')
    return 'API server restarted'
  }

  /** Nothing is left to do but what the brake holds back, and a cold start thinks the same. */
  const atRest = async (): Promise<void> => {
    let trouble: unknown
    await waitFor(
      async () => {
        const before = await versions(plane)
        const { plan } = await srouter.plan()
        trouble = plan.objects
          .filter(({ action }) => action !== 'unchanged')
          .map(change => [change.action, shortName(change), change.reason])
        if (Array.isArray(trouble) && trouble.length > 0) return false
        const { code, err } = await srouter.run(['run', '--once', '--log-level', 'error'])
        expect([err, plan.summary.held > 0 ? 3 : 0]).toEqual(['', code])
        const after = await versions(plane)
        trouble = Object.keys({ ...before, ...after }).filter(key => after[key] !== before[key])
        return Bun.deepEquals(after, before)
      },
      { what: 'the end', timeoutMs: 60_000, everyMs: 500 },
    ).catch((thrown: unknown) => {
      throw new Error(`the daemon and a cold start differ: ${JSON.stringify(trouble, null, 1)} (${thrown})`)
    })
  }

  for (const seed of seeds)
    test(
      `of ${steps} steps ends in what a cold start computes (SROUTER_WALK_SEED=${seed})`,
      async () => {
        const chance = random(seed)
        const taken: string[] = []
        proxy.fault = undefined
        await daemon?.[Symbol.asyncDispose]()
        await become(plane, [
          ...platform().filter(({ kind }) => !wholePlatform.some(object => object.kind === kind)),
          ...wholePlatform,
        ])
        await clearOutputs()
        daemon = start()
        await daemon.ready()
        for (let at = 0; at < steps; at++) {
          if (chance.chance(0.04)) taken.push(await disturb(chance))
          const step = nextStep(chance)
          taken.push(JSON.stringify(step))
          await carryOut(step)
          // Sometimes in a burst, sometimes one by one.
          if (chance.chance(0.1)) await Bun.sleep(chance.below(300))
        }
        proxy.fault = undefined
        for (const object of wholePlatform) await set(plane, object)
        try {
          await atRest()
          const wrong = daemon.log.filter(({ level }) => level === 'error' || level === 'crash')
          expect(wrong).toEqual([])
        } catch (thrown) {
          const path = `${plane.folder}-walk-${seed}.log`
          await Bun.write(path, [...taken, ...daemon.log.map(line => JSON.stringify(line))].join('\n'))
          throw new Error(`seed ${seed}, all of it in ${path}: ${thrown}`, { cause: thrown })
        }
      },
      60_000 + steps * 1_000,
    )
})
