import { expect, setDefaultTimeout, test } from 'bun:test'
import fc from 'fast-check'
import { type KubeObject, keyOf, shortName } from '../../src/api/object.ts'
import { isOurs } from '../../src/api/ownership.ts'
import { questionKey } from '../../src/api/questions.ts'
import { createPasses } from '../../src/daemon/passes.ts'
import { createRoutesIndex, ownerKeyOf } from '../../src/daemon/routes-index.ts'
import { createStore, storedKindOf } from '../../src/daemon/store.ts'
import { createTaker } from '../../src/daemon/taker.ts'
import { workFor } from '../../src/daemon/work.ts'
import type { ObjectChange } from '../../src/engine/change.ts'
import { routeOwner } from '../../src/engine/current.ts'
import type { Answer } from '../../src/engine/failover/answers.ts'
import { defaultSettings, type Settings } from '../../src/engine/snapshot.ts'
import { sliceStatuses, statuses } from '../../src/engine/statuses/index.ts'
import { at, configuration, controllers, gateway, identity, policy, route, service } from '../engine/build.ts'
import { failover } from '../engine/failover/model.ts'
import { worlds } from '../engine/worlds.ts'

const runs = Number(process.env.SROUTER_TEST_RUNS ?? 300)
/** On a busy machine. */
setDefaultTimeout(60_000 + runs * 50)

/** A cluster in memory: what is written is there at once, with a version and a uid, as a server would have it. */
const cluster = (inputs: readonly KubeObject[]) => {
  const store = createStore()
  const index = createRoutesIndex()
  const taker = createTaker(store, index)
  const passes = createPasses(store, index)
  let version = 0
  const find = (object: KubeObject): KubeObject | undefined => {
    const kind = storedKindOf(object)
    return kind === undefined
      ? undefined
      : store.objects(kind).get(`${object.metadata.namespace ?? ''}/${object.metadata.name}`)
  }
  const put = (object: KubeObject) => {
    version++
    const uid = find(object)?.metadata.uid ?? `uid-${version}`
    const metadata = { ...object.metadata, resourceVersion: `${version}`, uid, generation: version }
    return taker.put({ ...object, metadata })
  }
  const remove = (object: KubeObject) => {
    const known = find(object)
    return known === undefined ? undefined : taker.remove(known)
  }
  const carryOut = (changes: readonly ObjectChange[]): void => {
    for (const { action, before, after } of changes) {
      const known = after === undefined ? undefined : find(after)
      if (action === 'delete' && before !== undefined) remove(before)
      else if (action !== 'unchanged' && after !== undefined) put({ ...known, ...after })
    }
  }
  for (const object of inputs) put(object)
  return { store, index, passes, put, remove, carryOut, find }
}

const settings = defaultSettings

/** `create app/a-external-dns-weu {…}`; who owns an object after it, counts too. */
const shown = (changes: readonly ObjectChange[]): readonly string[] =>
  changes
    .filter(({ action }) => action !== 'unchanged')
    .map(({ action, ref, before, after }) =>
      [
        action === 'delete' ? 'delete' : 'write',
        shortName(ref),
        routeOwner(after ?? before ?? { ...ref, metadata: ref }),
        JSON.stringify(after?.spec),
      ].join(' '),
    )
    .sort()

type Step = { readonly put: KubeObject } | { readonly remove: KubeObject }

/** Routes, policies, DNSEndpoints of ours, of others, and of nobody: whatever slices are made for. */
const sliceable = new Set(['ServiceRoute', 'DNSPolicy', 'Namespace', 'DNSEndpoint'])

const names = ['a', 'a-b', 'a-b-c', 'r'] as const

/** Names that meet (`a`+`b-c`, `a-b`+`c`), and hosts that do. */
const rivalRoute = fc
  .record({
    name: fc.constantFrom(...names),
    serviceName: fc.constantFrom('x', 'y'),
    gatewayName: fc.constantFrom('internal', 'external', 'nope'),
    application: fc.constantFrom('one', '-'),
    created: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ name, created, ...spec }) => route('app', name, { environment: 'prod', ...spec }, at(created)))

const platform: readonly KubeObject[] = [
  identity(),
  configuration({
    externalDNSControllers: [
      ...controllers('weu', 'neu'),
      { name: 'b-c', region: 'weu' },
      { name: 'c', region: 'neu' },
    ],
  }),
  gateway('internal'),
  gateway('external'),
  service('internal'),
  service('external'),
]

/** The same where another cluster stands in for this one, this one for a third, and a fourth claims what it may not. */
const inFailover: readonly KubeObject[] = [
  identity({ standIns: ['aks01-neu'] }, {}, { yielded: { holder: 'aks01-neu', epoch: 1 } }),
  ...platform.filter(({ kind }) => kind !== 'ClusterIdentity'),
  failover('aks01-frc', { engage: true }),
  failover('aks01-sdc'),
]
const domain = 'aks.example.com'
const whileInFailover: Settings = {
  ...defaultSettings,
  answers: new Map<string, Answer>([
    [
      questionKey({ zone: 'weu', name: `srouter-claim-aks01-weu.${domain}`, type: 'CNAME' }),
      { state: 'found', targets: [`held-e1.aks01-neu.srouter-claim.${domain}`] },
    ],
    [
      questionKey({ zone: 'weu', name: `own-aks01-neu-internal.${domain}`, type: 'CNAME' }),
      { state: 'absent' },
    ],
    [
      questionKey({ zone: 'weu', name: `own-aks01-neu-internal.${domain}`, type: 'A' }),
      { state: 'found', targets: ['10.2.0.1'] },
    ],
    [
      questionKey({ zone: 'weu', name: `own-aks01-neu-internal.${domain}`, type: 'AAAA' }),
      { state: 'absent' },
    ],
  ]),
}

const endpointNamed = (name: string, labels: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: 'externaldns.k8s.io/v1alpha1',
  kind: 'DNSEndpoint',
  metadata: { name, namespace: 'app', labels },
  spec: {
    endpoints: [
      { dnsName: 'x-ns-p-prod-one.aks.example.com', recordType: 'CNAME', targets: ['t.example.com'] },
    ],
  },
})
const managed = { 'app.kubernetes.io/managed-by': 'service-router-operator' }

const endpoint = fc
  .record({
    name: fc.constantFrom('a-b-c', 'a-c', 'r-external-dns-weu', 'a-external-dns-weu', 'other'),
    labels: fc.constantFrom<Record<string, string>>(
      {},
      { 'router.io/serviceroute': 'a' },
      { 'router.io/serviceroute': 'a', 'router.io/region': 'weu', 'router.io/controller': 'c', ...managed },
      {
        'router.io/serviceroute': 'gone',
        'router.io/region': 'neu',
        'router.io/controller': 'c',
        ...managed,
      },
    ),
  })
  .map(({ name, labels }) => endpointNamed(name, labels))

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: rivalRoute.map(put => ({ put })) },
    { weight: 2, arbitrary: fc.constantFrom(...names).map(name => ({ remove: route('app', name) })) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom<object>({}, { mode: 'RegionBound' }, { mode: 'RegionBound', sourceRegion: 'neu' })
        .map(spec => ({ put: policy('app', spec) })),
    },
    { weight: 1, arbitrary: fc.constant({ remove: policy('app') }) },
    { weight: 2, arbitrary: endpoint.map(put => ({ put })) },
    { weight: 1, arbitrary: endpoint.map(remove => ({ remove })) },
  ),
  { minLength: 1, maxLength: 25 },
)

const routeStatuses = (changes: ReturnType<typeof statuses>): [string, unknown][] =>
  changes.filter(({ ref }) => ref.kind === 'ServiceRoute').map(({ ref, status }) => [shortName(ref), status])

/** What one slice does to the routes that it is for, beside what a full pass would do to the same ones. */
const compare = (
  world: ReturnType<typeof cluster>,
  routes: readonly string[],
  settings: Settings = defaultSettings,
): void => {
  const owners = new Set([...world.passes.contenders(routes)].map(ownerKeyOf))
  const whole = world.passes.full(settings)
  const slice = world.passes.slice(routes, settings)
  for (const owner of owners) expect(slice.owners).toContain(owner)
  const isTheirs = ({ before, after }: ObjectChange): boolean =>
    [before, after].some(object => object !== undefined && slice.owners.has(routeOwner(object) ?? ''))
  const theirs = whole.plan.objects.filter(change => change.ref.kind === 'DNSEndpoint' && isTheirs(change))
  expect(shown(slice.objects)).toEqual(shown(theirs))
  const status = (changes: ReturnType<typeof statuses>) =>
    Object.fromEntries(routeStatuses(changes).filter(([key]) => slice.owners.has(ownerKeyOf(key))))
  expect(status(sliceStatuses(slice, settings))).toEqual(status(statuses(whole)))
}

/** Found once, each by chance. */
const found: [readonly Step[], boolean, boolean][] = [
  // `a` is made anew and is the younger of two whose names meet.
  [
    [
      { put: route('app', 'a-b', { serviceName: 'y' }, at(0)) },
      { put: policy('app', { mode: 'RegionBound' }) },
      { put: route('app', 'a', { serviceName: 'x' }, at(0)) },
      { put: route('app', 'a', { serviceName: 'x' }, at(1)) },
    ],
    true,
    false,
  ],
  // The name is somebody else's when the younger one comes, and free again.
  [
    [
      { put: route('app', 'a-b', { serviceName: 'y' }, at(0)) },
      { put: policy('app', { mode: 'RegionBound' }) },
      { put: endpointNamed('a-b-c', {}) },
      { put: route('app', 'a', { serviceName: 'x' }, at(1)) },
      { remove: route('app', 'a') },
    ],
    true,
    false,
  ],
  // Who held the host becomes invalid, before either has a record.
  [
    [
      { put: route('app', 'r', { serviceName: 'x', application: 'one' }, at(0)) },
      { put: route('app', 'a', { serviceName: 'x', application: 'one' }, at(0)) },
      { put: route('app', 'a', { serviceName: 'x', application: '-' }, at(0)) },
    ],
    true,
    false,
  ],
]

test('slices do what a full pass does, with names that meet, conflicts and objects of others', () => {
  fc.assert(
    fc.property(steps, fc.boolean(), fc.boolean(), (all, often, failing) => {
      const settings = failing ? whileInFailover : defaultSettings
      const world = cluster(failing ? inFailover : platform)
      world.carryOut(world.passes.full(settings).plan.objects)
      const pending = new Set<string>()
      const told = new Map<string, unknown>()
      const work = () => {
        compare(world, [...pending], settings)
        const slice = world.passes.slice(pending, settings)
        world.carryOut(slice.objects)
        for (const [key, status] of routeStatuses(sliceStatuses(slice, settings))) told.set(key, status)
        pending.clear()
      }
      for (const step of all) {
        const news = 'put' in step ? world.put(step.put) : world.remove(step.remove)
        if (news === undefined) continue
        for (const key of workFor(news.kind, news.before, news.after, world.index).routes ?? [])
          pending.add(key)
        // Bursts are one slice.
        if (often) work()
      }
      work()
      // What is left belongs to no route that there is, and is for the full pass that follows.
      const rest = world.passes.full(settings).plan.objects.filter(({ action }) => action !== 'unchanged')
      const left = rest.filter(({ before, after }) =>
        [before, after].some(
          object =>
            object?.kind === 'DNSEndpoint' && [...world.index.routesOf(routeOwner(object) ?? '')].length > 0,
        ),
      )
      // An object of others that has gone makes room for ours at the next full pass.
      const isOthers = (object: KubeObject) => object.kind === 'DNSEndpoint' && !isOurs(object)
      if (!all.some(step => isOthers('put' in step ? step.put : step.remove))) {
        expect(shown(left)).toEqual([])
        const whole = routeStatuses(statuses(world.passes.full(settings)))
        expect(whole.map(([key]) => [key, told.get(key)])).toEqual(whole)
      }
    }),
    { numRuns: runs, examples: found },
  )
})

test('from any world to any other that differs in routes and policies', () => {
  fc.assert(
    fc.property(worlds, worlds, (before, now) => {
      const world = cluster(before)
      world.carryOut(world.passes.full(settings).plan.objects)
      const changing = now.filter(({ kind }) => sliceable.has(kind))
      const kept = new Set(changing.map(keyOf))
      const pending = new Set<string>()
      const note = (news: ReturnType<typeof world.put>) => {
        if (news === undefined) return
        for (const key of workFor(news.kind, news.before, news.after, world.index).routes ?? [])
          pending.add(key)
      }
      for (const object of before)
        if (sliceable.has(object.kind) && !kept.has(keyOf(object))) note(world.remove(object))
      for (const object of changing) note(world.put(object))
      compare(world, [...pending])
    }),
    { numRuns: runs },
  )
})

test("Istio's hosts are those of a full pass, those of routes in error included", () => {
  fc.assert(
    fc.property(steps, all => {
      const world = cluster(platform)
      world.carryOut(world.passes.full(settings).plan.objects)
      const istio = (changes: readonly ObjectChange[]) =>
        shown(changes.filter(({ ref }) => ref.apiVersion.startsWith('networking.istio.io/')))
      for (const step of all) {
        if (!['ServiceRoute', 'DNSPolicy'].includes(('put' in step ? step.put : step.remove).kind)) continue
        const news = 'put' in step ? world.put(step.put) : world.remove(step.remove)
        if (news === undefined) continue
        const slice = world.passes.slice(
          workFor(news.kind, news.before, news.after, world.index).routes ?? [],
          settings,
        )
        world.carryOut(slice.objects)
        const changes = world.passes.istio(slice.touched, settings)
        // Asked on a copy: a full pass would teach the other what it has to find out itself.
        const other = createPasses(world.store, world.index)
        expect(istio(changes)).toEqual(istio(other.full(settings).plan.objects))
        world.carryOut(changes)
      }
    }),
    { numRuns: runs },
  )
})
