import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { type KubeObject, keyOf, objectKey } from '../../src/api/object.ts'
import { type Controller, createController } from '../../src/daemon/controller.ts'
import { createRoutesIndex } from '../../src/daemon/routes-index.ts'
import { createStore, inputKinds, storedKindOf } from '../../src/daemon/store.ts'
import { createTaker, type News } from '../../src/daemon/taker.ts'
import { endpointsOf } from '../../src/engine/current.ts'
import { reconcile } from '../../src/engine/engine.ts'
import { defaultSettings } from '../../src/engine/snapshot.ts'
import { statuses } from '../../src/engine/statuses/index.ts'
import { configuration, controllers, gateway, identity, policy, route, service } from '../engine/build.ts'
import { failover } from '../engine/failover/model.ts'
import { type Random, random } from './support/random.ts'
import { simulate, type Told } from './support/simulation.ts'
import { virtualTime } from './support/virtual-time.ts'
import { nextStep, type Step } from './support/walk.ts'

const runs = Number(process.env.SROUTER_TEST_RUNS ?? 25)
setDefaultTimeout(60_000 + runs * 2_000)

const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }
const base: readonly KubeObject[] = [
  identity(),
  configuration({
    externalDNSControllers: [
      ...controllers('weu', 'neu', 'frc'),
      { name: 'b-c', region: 'weu' },
      { name: 'c', region: 'neu' },
    ],
  }),
  gateway('internal'),
  service('internal'),
  policy('app'),
  policy('b'),
]

/** The controller over a simulated API server, with whatever interleaving the seed gives. */
const start = (chance: Random, slowest: { readonly requestMs: number; readonly watchMs: number }) => {
  const time = virtualTime()
  const store = createStore()
  const index = createRoutesIndex()
  const taker = createTaker(store, index)
  const tell = (event: Told): void => {
    const news: News | undefined = event.type === 'put' ? taker.put(event.object) : taker.remove(event.object)
    if (news !== undefined) controller.note(news.kind, news.before, news.after)
  }
  const server = simulate(time, chance, tell, slowest)
  const settings = () => ({ ...defaultSettings, now: new Date(time.timing.now()).toISOString() })
  const errors: string[] = []
  const behind = { is: false }
  const seen = { full: 0, succeeded: 0 }
  const controller: Controller = createController({
    client: server.client,
    store,
    index,
    taker,
    settings,
    isBehind: () => behind.is,
    log: { ...silent, error: (message, fields) => errors.push(`${message} ${JSON.stringify(fields)}`) },
    intervalMs: 30_000,
    observer: {
      passed: scope => {
        if (scope === 'full') seen.full++
      },
      reconciled: () => {},
      changed: () => {},
      statusChanged: () => {},
      succeeded: () => {
        seen.succeeded++
      },
    },
  })
  const carryOut = (step: Step): void => {
    if ('set' in step) server.set(step.set)
    else if ('remove' in step) server.remove(objectKey(step.remove))
    else {
      const present = server.objects.get(objectKey(step.of))
      if (present !== undefined) server.set(patched(present, step.patch))
    }
  }
  /** What a cold start would do to what there is. */
  const left = () => {
    const all = [...server.objects.values()]
    const isInput = (object: KubeObject): boolean => inputKinds.some(kind => kind === storedKindOf(object))
    const reconciliation = reconcile({
      inputs: all.filter(isInput),
      fromFiles: new Set(),
      current: all.filter(object => !isInput(object)),
      settings: settings(),
    })
    return [
      ...reconciliation.plan.objects
        .filter(({ action }) => action !== 'unchanged')
        .map(change => `${change.action} ${objectKey(change.ref)} ${change.reason}`),
      ...statuses(reconciliation)
        .filter(({ changed }) => changed)
        .map(({ ref }) => `status ${objectKey(ref)}`),
    ]
  }
  return { time, server, store, controller, carryOut, left, errors, behind, seen }
}

const patched = (present: KubeObject, patch: object): KubeObject => {
  const { metadata, spec, status } = patch as Partial<KubeObject>
  const without = (values: Readonly<Record<string, string | null>>) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Record<string, string>
  return {
    ...present,
    ...(spec === undefined ? {} : { spec: { ...(present.spec as object), ...(spec as object) } }),
    ...(status === undefined ? {} : { status }),
    metadata: {
      ...present.metadata,
      ...(metadata?.ownerReferences === null ? { ownerReferences: [] } : {}),
      labels: metadata?.labels === null ? {} : without({ ...present.metadata.labels, ...metadata?.labels }),
    },
  }
}

/** Nobody touches it, so its record must be there without a break. */
const steady = route('b', 'steady', { serviceName: 'steady' })
const isSteady = (object: KubeObject): boolean =>
  endpointsOf(object).some(({ dnsName }) => dnsName.startsWith('steady-ns-p-'))

const touchesSteady = (step: Step): boolean => {
  const ref =
    'set' in step
      ? { kind: step.set.kind, namespace: step.set.metadata.namespace }
      : 'remove' in step
        ? step.remove
        : step.of
  // Its policy, the Gateway that it names, and everything that is the platform's.
  return (
    ['ClusterIdentity', 'DNSConfiguration', 'Gateway', 'Service'].includes(ref.kind) ||
    (ref.kind === 'DNSPolicy' && ref.namespace === 'b')
  )
}

describe('with whatever comes between what', () => {
  const speeds = [
    { what: 'a quick server', slowest: { requestMs: 10, watchMs: 10 } },
    { what: 'watches that lag', slowest: { requestMs: 10, watchMs: 1_000 } },
    { what: 'answers that lag', slowest: { requestMs: 1_000, watchMs: 10 } },
    { what: 'everything slow', slowest: { requestMs: 3_000, watchMs: 3_000 } },
  ]
  for (const { what, slowest } of speeds)
    test(`${what}: it ends in what a cold start computes, and nothing else is touched`, async () => {
      const first = Number(process.env.SROUTER_WALK_SEED ?? Math.floor(Math.random() * 1_000_000))
      for (let seed = first; seed < first + runs; seed++) {
        const chance = random(seed)
        const { time, server, controller, carryOut, left, errors } = start(chance, slowest)
        for (const object of [...base, steady]) server.set(object)
        const stop = new AbortController()
        await time.pass(10 + slowest.watchMs)
        const running = controller.run(stop.signal, () => true)
        await time.pass(10_000)
        const seen = server.writes.length
        server.failing = chance.pick([0, 0.1, 0.4])
        const steps: Step[] = []
        let platformTouched = false
        for (let at = 0; at < 60; at++) {
          const step = nextStep(chance)
          if (touchesSteady(step)) {
            // In half of the walks the platform stands still, and then so must this record.
            if (seed % 2 === 0) continue
            platformTouched = true
          }
          steps.push(step)
          carryOut(step)
          if (chance.chance(0.6)) await time.pass(chance.below(500))
        }
        server.failing = 0
        for (const object of [identity(), ...base.filter(({ kind }) => kind === 'DNSConfiguration')])
          server.set(object)
        await time.pass(200_000)
        stop.abort()
        await time.pass(60_000)
        await running
        const held = left()
        const context = `seed ${seed}`
        expect([context, held, errors]).toEqual([context, [], []])
        if (platformTouched) continue
        const harm = server.writes
          .slice(seen)
          .filter(({ action, object }) => action === 'delete' && isSteady(object))
        expect([context, harm.map(({ key }) => key)]).toEqual([context, []])
      }
    })

  test('nothing is written while nothing happens', async () => {
    const { time, server, controller } = start(random(1), { requestMs: 10, watchMs: 10 })
    for (const object of [...base, steady]) server.set(object)
    const stop = new AbortController()
    await time.pass(100)
    const running = controller.run(stop.signal, () => true)
    await time.pass(10_000)
    const before = server.writes.length
    await time.pass(3_600_000)
    expect(server.writes.slice(before).map(({ key }) => key)).toEqual([])
    stop.abort()
    await time.pass(10_000)
    await running
  })
})

test('a zone counts as contended for five minutes, also where nothing else happens then', async () => {
  const { time, server, controller } = start(random(1), { requestMs: 10, watchMs: 10 })
  const contendedAt = new Date(time.timing.now()).toISOString()
  const claimed = failover('aks01-neu', { engage: true })
  const status = { zones: [{ region: 'weu', redirected: true, contendedAt }] }
  for (const object of [...base, { ...claimed, status }]) server.set(object)
  const contended = () => {
    const present = [...server.objects.values()].find(({ kind }) => kind === 'RegionFailover')
    return JSON.stringify(present?.status).includes('contendedAt')
  }
  const stop = new AbortController()
  await time.pass(100)
  const running = controller.run(stop.signal, () => true)
  await time.pass(200_000)
  expect(contended()).toBe(true)
  await time.pass(200_000)
  expect(contended()).toBe(false)
  stop.abort()
  await time.pass(10_000)
  await running
})

describe('one at a time', () => {
  const endpoint = 'externaldns.k8s.io/DNSEndpoint/b/steady-external-dns-weu'
  const begun = async (slowest = { requestMs: 2, watchMs: 2 }, seed = 3) => {
    const world = start(random(seed), slowest)
    for (const object of [...base, steady]) world.server.set(object)
    const stop = new AbortController()
    await world.time.pass(100)
    const held = { is: true }
    const running = world.controller.run(stop.signal, () => held.is)
    await world.time.pass(5_000)
    return {
      ...world,
      held,
      running,
      end: async () => {
        stop.abort()
        await world.time.pass(60_000)
        await running
      },
      stop,
    }
  }

  test('whoever does not hold the lease any more writes nothing; whoever gets it again does what is left', async () => {
    const { server, time, controller, held, end } = await begun()
    held.is = false
    const before = server.writes.length
    server.set(route('app', 'new'))
    server.remove(endpoint)
    await time.pass(60_000)
    expect(server.writes.length).toBe(before)
    await end()
    held.is = true
    const stop = new AbortController()
    const again = controller.run(stop.signal, () => true)
    await time.pass(5_000)
    expect(server.objects.has(endpoint)).toBe(true)
    expect(server.objects.has('externaldns.k8s.io/DNSEndpoint/app/new-external-dns-weu')).toBe(true)
    stop.abort()
    await time.pass(10_000)
    await again
  })

  test('what failed is tried again, later each time', async () => {
    const { server, time, end } = await begun()
    server.failing = 1
    server.set(route('app', 'new'))
    await time.pass(300_000)
    server.failing = 0
    await time.pass(40_000)
    expect(server.objects.has('externaldns.k8s.io/DNSEndpoint/app/new-external-dns-weu')).toBe(true)
    await end()
  })

  test('and so is what only a full pass does', async () => {
    const { server, time, left, end } = await begun()
    server.failing = Number.POSITIVE_INFINITY
    server.set(gateway('internal', { ttl: 5 }))
    await time.pass(120_000)
    server.failing = 0
    await time.pass(40_000)
    expect(left()).toEqual([])
    await end()
  })

  test('news for a status, however many, neither stop what is under way nor are each worth a full pass', async () => {
    const { server, time, controller, seen, left, end } = await begun({ requestMs: 3_000, watchMs: 2 })
    server.set(gateway('internal', { ttl: 5 }))
    await time.pass(10)
    const before = { ...seen }
    for (let news = 0; news < 200; news++) {
      controller.restate()
      await time.pass(100)
    }
    expect(seen.succeeded).toBeGreaterThan(before.succeeded)
    expect(seen.full - before.full).toBeLessThanOrEqual(20)
    expect(left()).toEqual([])
    await end()
  })

  test('news that come while a pass is under way, after which nothing is left, are told by the next one', async () => {
    const { store, time, controller, seen, end } = await begun({ requestMs: 3_000, watchMs: 2 })
    await time.pass(60_000)
    // Its status takes a request, and changes nothing, because it is gone.
    store.put('DNSPolicy', policy('gone'))
    controller.refresh()
    await time.pass(10)
    const { full, succeeded } = seen
    controller.restate()
    expect(seen.succeeded).toBe(succeeded)
    await time.pass(20_000)
    expect(seen.full).toBe(full + 1)
    await end()
  })

  test('the clock jumps forward and back: nothing stops, nothing is written for it', async () => {
    const { server, time, left, end } = await begun()
    const day = 24 * 3_600_000
    for (const [count, jump] of [day, -2 * day, day, -3_000].entries()) {
      const before = server.writes.length
      time.jump(jump)
      await time.pass(120_000)
      expect(server.writes.length).toBe(before)
      server.set(route('app', `after-${count}`))
      await time.pass(5_000)
      expect(server.writes.length).toBeGreaterThan(before)
      expect(left()).toEqual([])
    }
    await end()
  })

  test('an answer that comes after the object has gone brings nothing back', async () => {
    const { server, time, left, end } = await begun({ requestMs: 2_000, watchMs: 2 })
    for (let round = 0; round < 20; round++) {
      server.set(route('app', 'new', { serviceName: `x${round}` }))
      await time.pass(1_500)
      server.remove('externaldns.k8s.io/DNSEndpoint/app/new-external-dns-weu')
      server.remove('routing.router.io/ServiceRoute/app/new')
      await time.pass(1_500)
    }
    await time.pass(60_000)
    expect(left()).toEqual([])
    expect([...server.objects.keys()].filter(key => key.includes('/new'))).toEqual([])
    await end()
  })

  test('a platform that changes while thousands are written: what is out of date is not written any more', async () => {
    const { server, time, left, end } = await begun({ requestMs: 200, watchMs: 2 })
    for (let count = 0; count < 500; count++) server.set(route('app', `r${count}`))
    await time.pass(20_000)
    const from = server.writes.length
    server.set(gateway('internal', { targetPostfix: 'wrong' }))
    await time.pass(300)
    server.set(gateway('internal'))
    await time.pass(60_000)
    const wrong = server.writes
      .slice(from)
      .filter(
        ({ action, object }) =>
          action === 'change' && JSON.stringify(object.spec).includes('aks01-weu-wrong'),
      )
    // Some were on their way; most were not begun.
    expect(wrong.length).toBeLessThan(250)
    expect(left()).toEqual([])
    await end()
  })

  test('what is put right, is put right at once, and once more where that failed', async () => {
    const { server, time, end } = await begun()
    server.remove(endpoint)
    await time.pass(100)
    expect(server.objects.has(endpoint)).toBe(true)
    await time.pass(10_000)
    server.failing = Number.POSITIVE_INFINITY
    server.remove(endpoint)
    await time.pass(100)
    server.failing = 0
    await time.pass(3_000)
    expect(server.objects.has(endpoint)).toBe(true)
    const orphan = { ...(server.objects.get(endpoint) as KubeObject) }
    const metadata = {
      name: 'orphan',
      namespace: 'b',
      labels: { ...orphan.metadata.labels, 'router.io/serviceroute': 'gone' },
    }
    server.set({ ...orphan, metadata })
    await time.pass(3_000)
    expect(server.objects.has('externaldns.k8s.io/DNSEndpoint/b/orphan')).toBe(false)
    await end()
  })

  test('what a full pass has found out before a route changed, is not written after it has', async () => {
    for (let seed = 0; seed < 12; seed++) {
      const { server, time, left, end } = await begun({ requestMs: 400, watchMs: 20 }, seed)
      const names = Array.from({ length: 150 }, (_, count) => `r${count}`)
      for (const name of names) server.set(route('app', name))
      // A change of the platform: a full pass writes all of them.
      await time.pass(10_000)
      server.set(gateway('internal', { targetPostfix: 'second' }))
      await time.pass(20 + seed * 130)
      const changed = ['r3', 'r40', 'r70', 'r100', 'r149']
      const from = server.writes.length
      for (const name of changed) server.set(route('app', name, { serviceName: `new-${name}` }))
      await time.pass(20_000)
      for (const name of changed) {
        const written = server.writes
          .slice(from)
          .filter(({ key, action }) => key.endsWith(`/app/${name}-external-dns-weu`) && action !== 'status')
          .map(({ object }) => JSON.stringify(object.spec).includes(`new-${name}-ns-`))
        // Perhaps once more the old one, which was on its way; then the new one to the end.
        expect([seed, name, written, written.lastIndexOf(false)]).toEqual([
          seed,
          name,
          written,
          written.indexOf(true) - 1,
        ])
      }
      const lists = server.writes
        .slice(from)
        .filter(({ key }) => key === 'networking.istio.io/Gateway/istio-system/internal')
        .map(({ object }) => changed.every(name => JSON.stringify(object.spec).includes(`new-${name}-ns-`)))
      expect([seed, lists, lists.lastIndexOf(false)]).toEqual([seed, lists, lists.indexOf(true) - 1])
      expect(left()).toEqual([])
      await end()
    }
  })

  test('while an input is behind, what is there is neither deleted nor changed; new records are made', async () => {
    const { server, time, controller, behind, left, end } = await begun()
    server.set(route('app', 'gone'))
    server.set(route('app', 'edited'))
    await time.pass(5_000)
    behind.is = true
    const from = server.writes.length
    server.remove('routing.router.io/ServiceRoute/app/gone')
    server.set(route('app', 'edited', { serviceName: 'other' }))
    server.set(route('app', 'new'))
    await time.pass(120_000)
    const written = server.writes.slice(from).filter(({ key }) => key.includes('/app/'))
    expect(written.map(({ action, key }) => `${action} ${key.split('/').at(-1)}`).sort()).toEqual([
      'create new-b-c',
      'create new-external-dns-weu',
      'status new',
    ])
    behind.is = false
    controller.refresh()
    await time.pass(1_000)
    expect(server.objects.has('externaldns.k8s.io/DNSEndpoint/app/gone-external-dns-weu')).toBe(false)
    await time.pass(10_000)
    expect(left()).toEqual([])
    await end()
  })

  test('its ends wait for what is in flight, and not for ever', async () => {
    const { server, time, running, stop } = await begun({ requestMs: 1_000, watchMs: 2 })
    server.set(route('app', 'new'))
    await time.pass(100)
    stop.abort()
    let isOver = false
    void running.then(() => {
      isOver = true
    })
    await time.pass(10_000)
    expect(isOver).toBe(true)
    const writes = server.writes.length
    await time.pass(60_000)
    expect(server.writes.length).toBe(writes)
    expect(keyOf(steady)).toBe('routing.router.io/ServiceRoute/b/steady')
  })
})
