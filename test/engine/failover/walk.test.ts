import { expect, test } from 'bun:test'
import { label } from '../../../src/api/labels.ts'
import { gatewayOwner } from '../../../src/engine/current.ts'
import * as play from './model.ts'
import { type Cluster, claims, failover, type Model, type Zone } from './model.ts'

/** Random walks: whatever people, zones and clusters do, and in whatever order, what is promised of a failover holds. */

const runs = Number(process.env.SROUTER_TEST_RUNS ?? 40)
const first = Number(process.env.SROUTER_TEST_SEED ?? 1)
const steps = 40
const regions = ['weu', 'neu', 'frc']

/** mulberry32 */
const chance = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Play {
  readonly dns: Model
  readonly clusters: readonly Cluster[]
  /** By cluster, every address that it ever had. */
  readonly addresses: Map<Cluster, Set<string>>
  /** By name of a cluster, who ever was to stand in for it. */
  readonly wanted: Map<string, Set<Cluster>>
  readonly log: string[]
  readonly pick: <T>(items: readonly T[]) => T
  readonly style: Style
  readonly standIns: Map<Cluster, readonly string[]>
  readonly controllers: Map<Cluster, readonly { name: string; region: string }[]>
  /** Whether clusters can read the zones of others. */
  readonly isOpen: boolean
  /** Zones that were lost, or that somebody could not write for a while: what was released there nobody may know. */
  readonly cleared: Set<string>
  /** Those whose gateways' records were deleted by hand. */
  readonly lost: Set<Cluster>
  counter: number
}
type Style = 'A' | 'AAAA' | 'CNAME' | 'both'

const ingress = (style: Style, region: number, n: number): readonly { ip?: string; hostname?: string }[] => {
  if (style === 'CNAME') return [{ hostname: `lb-${region}-${n}.cloud.example` }]
  const v4 = { ip: `10.${region + 1}.0.${n}` }
  const v6 = { ip: `fd0${region + 1}::${n}` }
  return style === 'A' ? [v4] : style === 'AAAA' ? [v6] : [v4, v6]
}

const begin = (seed: number): Play => {
  const random = chance(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const used = pick([['weu', 'neu'], regions])
  const style = pick<Style>(['A', 'A', 'A', 'AAAA', 'CNAME', 'both'])
  const dns = play.model(...used)
  const isOpen = pick([true, true, true, false])
  // Whoever stands in for a cluster that lets nobody is contended, for as long as it does.
  const homes = new Set(['weu', ...used.slice(1).filter(() => pick([true, false]))])
  const clusters = used.map((region, index) => {
    const peers = used.filter(each => each !== region).map(each => `aks01-${each}`)
    const isHome = homes.has(region)
    const standsInFor = used
      .filter(each => each !== region && homes.has(each) && (index > 0 || pick([true, false])))
      .map(each => `aks01-${each}`)
    const made = play.cluster(dns, region, '10.0.0.1', { standIns: isHome ? peers : [], standsInFor })
    play.edit(made, 'Service', each => ({
      ...each,
      status: { loadBalancer: { ingress: ingress(style, index, 1) } },
    }))
    // Only the own zone can be read, by the resolver of the system.
    if (!isOpen)
      play.edit(made, 'DNSConfiguration', each => ({
        ...each,
        spec: { externalDNSControllers: used.map(name => ({ name: `external-dns-${name}`, region: name })) },
      }))
    return made
  })
  const state: Play = {
    dns,
    clusters,
    addresses: new Map(clusters.map(each => [each, new Set()])),
    wanted: new Map(),
    log: [],
    pick,
    style,
    isOpen,
    cleared: new Set(),
    lost: new Set(),
    standIns: new Map(),
    controllers: new Map(),
    counter: 1,
  }
  for (const each of clusters) {
    noteAddresses(state, each)
    const { standIns = [] } = specOf<{ standIns?: string[] }>(each, 'ClusterIdentity')
    state.standIns.set(each, standIns)
    state.controllers.set(each, controllersOf(each))
  }
  return state
}

const addressesNow = (cluster: Cluster): readonly string[] => {
  const status = cluster.inputs.find(({ kind }) => kind === 'Service')?.status as
    | { loadBalancer: { ingress: { ip?: string; hostname?: string }[] } }
    | undefined
  return (status?.loadBalancer.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? '')
}
const noteAddresses = ({ addresses }: Play, cluster: Cluster): void => {
  for (const each of addressesNow(cluster)) addresses.get(cluster)?.add(each)
}

const failoversOf = (cluster: Cluster) => cluster.inputs.filter(({ kind }) => kind === 'RegionFailover')
const isClaimObject = (name: string): boolean => name.startsWith('srouter-claim-')

const passed = (state: Play, cluster: Cluster): void => {
  const { plan } = play.pass(state.dns, cluster)
  const configured = new Set(controllersOf(cluster).map(({ name }) => name))
  for (const { action, before } of plan.objects) {
    if (action !== 'delete' || before === undefined || gatewayOwner(before) === undefined) continue
    if (before.metadata.name.startsWith('own-')) continue
    if (!configured.has(before.metadata.labels?.[label.controller] ?? '')) continue
    throw new Error(`it deletes ${before.metadata.name} in ${cluster.name}`)
  }
}

const list = (cluster: Cluster, standIns: readonly string[]): void =>
  play.edit(cluster, 'ClusterIdentity', each => ({ ...each, spec: { ...(each.spec as object), standIns } }))
const configure = (cluster: Cluster, externalDNSControllers: readonly object[]): void =>
  play.edit(cluster, 'DNSConfiguration', each => ({ ...each, spec: { externalDNSControllers } }))

const specOf = <Spec>(cluster: Cluster, wanted: string): Spec =>
  (cluster.inputs.find(({ kind }) => kind === wanted)?.spec ?? {}) as Spec
const controllersOf = (cluster: Cluster): readonly { name: string; region: string }[] =>
  specOf<{ externalDNSControllers: { name: string; region: string }[] }>(cluster, 'DNSConfiguration')
    .externalDNSControllers

/** Nobody's addresses stand under a name but those of its cluster, and of who was asked to stand in for it. */
const checkRecords = ({ dns, clusters, addresses, wanted }: Play): void => {
  for (const [region, zone] of dns.zones)
    for (const [key, targets] of zone) {
      const name = key.slice(0, key.indexOf('.'))
      const owner = clusters.find(
        each => name === `${each.name}-internal` || name === `own-${each.name}-internal`,
      )
      if (owner === undefined) continue
      const may = [owner, ...(name.startsWith('own-') ? [] : (wanted.get(owner.name) ?? []))]
      const allowed = new Set(may.flatMap(each => [...(addresses.get(each) ?? [])]))
      for (const target of targets)
        if (!allowed.has(target)) throw new Error(`zone ${region} has ${target} for ${name}`)
    }
}

type Op = (state: Play) => string | undefined

const editOne = (
  cluster: Cluster,
  kind: string,
  name: string,
  change: Parameters<typeof play.edit>[2],
): void => play.edit(cluster, kind, each => (each.metadata.name === name ? change(each) : each))

const anyFailover = (state: Play) => {
  const all = state.clusters.flatMap(cluster =>
    failoversOf(cluster).map(({ metadata: { name } }) => ({ cluster, name })),
  )
  return all.length === 0 ? undefined : state.pick(all)
}

const ops: Readonly<Record<string, Op>> = {
  pass: state => {
    const cluster = state.pick(state.clusters)
    passed(state, cluster)
    return cluster.name
  },
  externalDNS: state => {
    const cluster = state.pick(state.clusters)
    play.externalDNS(state.dns, cluster)
    return cluster.name
  },
  round: state => {
    for (const cluster of state.clusters) {
      passed(state, cluster)
      play.externalDNS(state.dns, cluster)
    }
    return ''
  },
  time: state => {
    const ms = state.pick([1_000, 31_000, 61_000, 3_600_000])
    state.dns.now += ms
    return `${ms}`
  },
  silence: state => {
    const zone = state.pick([...state.dns.zones.keys()])
    if (!state.dns.silent.delete(zone)) state.dns.silent.add(zone)
    return zone
  },
  clear: state => {
    const zone = state.pick([...state.dns.zones.keys()])
    state.dns.zones.get(zone)?.clear()
    state.cleared.add(zone)
    return zone
  },
  engage: state => {
    const found = anyFailover(state)
    if (found === undefined) return undefined
    const value = state.pick([true, true, false])
    const { cluster, name } = found
    editOne(cluster, 'RegionFailover', name, each => ({
      ...each,
      spec: { ...(each.spec as object), engage: value },
    }))
    if (value) state.wanted.set(name, (state.wanted.get(name) ?? new Set()).add(cluster))
    return `${cluster.name} for ${name} ${value}`
  },
  remove: state => {
    const found = anyFailover(state)
    if (found === undefined) return undefined
    editOne(found.cluster, 'RegionFailover', found.name, each => ({
      ...each,
      metadata: { ...each.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    }))
    return `${found.cluster.name} ${found.name}`
  },
  recreate: state => {
    const cluster = state.pick(state.clusters.slice(1))
    if (failoversOf(cluster).some(({ metadata }) => metadata.name === 'aks01-weu')) return undefined
    cluster.inputs = [...cluster.inputs, failover('aks01-weu')]
    return cluster.name
  },
  forget: state => {
    const cluster = state.pick(state.clusters)
    const kind = state.pick(['RegionFailover', 'ClusterIdentity', 'Gateway'])
    play.edit(cluster, kind, ({ status: _, ...each }) => each)
    return `${cluster.name} ${kind}`
  },
  lose: state => {
    const cluster = state.pick(state.clusters)
    const what = state.pick(['srouter-claim-', 'stand-in-', 'own-', 'gateway-'])
    cluster.current = cluster.current.filter(({ metadata }) => !metadata.name.startsWith(what))
    if (what === 'gateway-') state.lost.add(cluster)
    return `${cluster.name} ${what}`
  },
  unclaim: state => {
    const cluster = state.pick(state.clusters)
    cluster.current = cluster.current.map(each =>
      isClaimObject(each.metadata.name) ? { ...each, metadata: { ...each.metadata, annotations: {} } } : each,
    )
    return cluster.name
  },
  address: state => {
    const index = state.pick([...state.clusters.keys()])
    const cluster = state.clusters[index] as Cluster
    state.counter++
    play.edit(cluster, 'Service', each => ({
      ...each,
      status: { loadBalancer: { ingress: ingress(state.style, index, state.counter) } },
    }))
    noteAddresses(state, cluster)
    return `${cluster.name} ${addressesNow(cluster)}`
  },
  /** "srouter failover start --force": the claim that another cluster holds is over. */
  override: state => {
    const found = anyFailover(state)
    if (found === undefined) return undefined
    const { cluster, name } = found
    const seen = claims(state.dns, name).flatMap(each => /held-e(\d+)/.exec(each)?.[1] ?? [])
    if (seen.length === 0) return undefined
    const epoch = String(Math.max(...seen.map(Number)))
    editOne(cluster, 'RegionFailover', name, each => ({
      ...each,
      metadata: { ...each.metadata, annotations: { 'router.io/override-epoch': epoch } },
      spec: { ...(each.spec as object), engage: true },
    }))
    state.wanted.set(name, (state.wanted.get(name) ?? new Set()).add(cluster))
    return `${cluster.name} for ${name} up to ${epoch}`
  },
  /** The process dies among its writes: some are done, and no status is. */
  crash: state => {
    const cluster = state.pick(state.clusters)
    const { inputs, current } = cluster
    passed(state, cluster)
    const key = ({ metadata }: (typeof current)[number]): string => `${metadata.namespace}/${metadata.name}`
    const before = new Map(current.map(each => [key(each), each]))
    const after = new Map(cluster.current.map(each => [key(each), each]))
    cluster.current = [...new Set([...before.keys(), ...after.keys()])].flatMap(
      name => state.pick([before, after]).get(name) ?? [],
    )
    cluster.inputs = inputs.map(({ status, ...each }) => {
      const written = cluster.inputs.find(
        ({ kind, metadata }) => kind === each.kind && metadata.name === each.metadata.name,
      )
      const { finalizers = each.metadata.finalizers ?? [] } = written?.metadata ?? {}
      return {
        ...each,
        metadata: { ...each.metadata, finalizers },
        ...(status === undefined ? {} : { status }),
      }
    })
    return cluster.name
  },
  standIns: state => {
    const cluster = state.pick(state.clusters)
    const known = state.standIns.get(cluster) ?? []
    const listed = known.filter(() => state.pick([true, false]))
    list(cluster, listed)
    return `${cluster.name} ${listed}`
  },
  controllers: state => {
    const cluster = state.pick(state.clusters)
    const known = state.controllers.get(cluster) ?? []
    const some = known.filter(() => state.pick([true, false]))
    if (some.length === 0) return undefined
    configure(cluster, some)
    for (const { region } of known) state.cleared.add(region)
    return `${cluster.name} ${some.map(({ name }) => name)}`
  },
  pending: state => {
    const cluster = state.pick(state.clusters)
    play.edit(cluster, 'Service', each => ({ ...each, status: { loadBalancer: { ingress: [] } } }))
    return cluster.name
  },
  reclaim: state => {
    const cluster = state.pick(state.clusters)
    const seen = claims(state.dns, cluster.name).flatMap(each => /held-e(\d+)/.exec(each)?.[1] ?? [])
    if (seen.length === 0) return undefined
    const epoch = String(Math.max(...seen.map(Number)) + 1)
    play.edit(cluster, 'ClusterIdentity', each => ({
      ...each,
      metadata: { ...each.metadata, annotations: { 'router.io/reclaim-epoch': epoch } },
    }))
    return `${cluster.name} ${epoch}`
  },
}

/** What happens often is written often. */
const table: readonly (keyof typeof ops)[] = [
  ...Array(8).fill('pass'),
  ...Array(8).fill('externalDNS'),
  ...Array(6).fill('round'),
  ...Array(3).fill('time'),
  ...Array(4).fill('engage'),
  'silence',
  'silence',
  'clear',
  'remove',
  'recreate',
  'recreate',
  'forget',
  'lose',
  'unclaim',
  'address',
  'pending',
  'reclaim',
  'crash',
  'override',
  'crash',
  'standIns',
  'controllers',
]

const picture = ({ dns, clusters }: Play): string =>
  JSON.stringify([[...dns.zones].map(([name, zone]: [string, Zone]) => [name, [...zone]]), clusters])

const settle = (state: Play, ms: number): void => {
  let same = 0
  for (let round = 0; round < 60; round++) {
    const before = picture(state)
    ops.round?.(state)
    checkRecords(state)
    same = picture(state) === before ? same + 1 : 0
    if (same === 12) return
    state.dns.now += ms
  }
  throw new Error('it does not settle')
}

const heal = (state: Play): void => {
  state.dns.silent.clear()
  state.clusters.forEach((cluster, index) => {
    list(cluster, state.standIns.get(cluster) ?? [])
    configure(cluster, state.controllers.get(cluster) ?? [])
    if (addressesNow(cluster).length > 0) return
    play.edit(cluster, 'Service', each => ({
      ...each,
      status: { loadBalancer: { ingress: ingress(state.style, index, 1) } },
    }))
  })
}

/** Who was told of its release in a zone that has lost it, or could not be read by who told it, waits until it is helped. */
const reclaimed = (state: Play): boolean => {
  const waiting = state.clusters.filter(({ name, inputs }) => {
    const { yielded } = (inputs.find(({ kind }) => kind === 'ClusterIdentity')?.status ?? {}) as {
      yielded?: { holder: string }
    }
    const holder = state.clusters.find(each => each.name === yielded?.holder)
    const held = holder?.inputs.find(
      ({ kind, metadata }) => kind === 'RegionFailover' && metadata.name === name,
    )
    const isHeld = (held?.status as { state?: string } | undefined)?.state === 'Engaged'
    return yielded !== undefined && !isHeld && (!state.isOpen || state.cleared.has(name.slice(-3)))
  })
  for (const cluster of waiting) {
    const status = cluster.inputs.find(({ kind }) => kind === 'ClusterIdentity')?.status as {
      yielded: { epoch: number }
    }
    play.edit(cluster, 'ClusterIdentity', each => ({
      ...each,
      metadata: {
        ...each.metadata,
        annotations: { 'router.io/reclaim-epoch': `${status.yielded.epoch + 1}` },
      },
    }))
    state.log.push(`reclaimed ${cluster.name}`)
  }
  return waiting.length > 0
}

const checkEnd = (state: Play): void => {
  const { dns, clusters } = state
  for (const home of clusters) {
    const states = clusters.flatMap(cluster =>
      failoversOf(cluster)
        .filter(({ metadata }) => metadata.name === home.name)
        .map(({ spec, status }) => ({
          cluster,
          engage: (spec as { engage?: boolean }).engage === true,
          state: (status as { state?: string }).state ?? '',
        })),
    )
    const holders = states.filter(each => each.state === 'Engaged')
    const told = states.map(each => `${each.cluster.name} ${each.engage} ${each.state}`).join(', ')
    for (const each of states) {
      const may = each.engage ? ['Engaged', 'Withdrawn', 'Blocked'] : ['Standby']
      if (!may.includes(each.state)) throw new Error(`${home.name}: ${told}`)
    }
    if (holders.length > 1) throw new Error(`${home.name} has several holders: ${told}`)
    const expected = addressesNow(holders[0]?.cluster ?? home).join(' ')
    for (const [region, zone] of dns.zones) {
      const there = ['A', 'AAAA', 'CNAME'].flatMap(
        type => zone.get(`${home.name}-internal.aks.example.com ${type}`) ?? [],
      )
      if (there.join(' ') !== expected)
        throw new Error(
          `${home.name} in zone ${region} is ${there.join(' ')}, not ${expected} (${told}; ${claims(dns, home.name)})`,
        )
    }
  }
}

/** Whose records were deleted by hand before its address became another has to be told that it is itself. */
const isStranger = ({ lost }: Play): boolean =>
  [...lost].some(cluster => play.conditionOf(cluster, 'Gateway', 'DNSReady') === 'False IdentityConflict')

const walk = (seed: number): string | undefined => {
  const state = begin(seed)
  try {
    settle(state, 1_000)
    for (let step = 0; step < steps; step++) {
      const op = state.pick(table)
      const what = ops[op]?.(state)
      if (what !== undefined) state.log.push(`${op} ${what}`)
      checkRecords(state)
    }
    heal(state)
    state.log.push('heal')
    settle(state, 31_000)
    if (reclaimed(state)) settle(state, 31_000)
    checkEnd(state)
    return undefined
  } catch (thrown) {
    if (isStranger(state)) return undefined
    return `seed ${seed}, ${state.clusters.length} clusters, ${state.style}: ${(thrown as Error).message}\n  ${state.log.join('\n  ')}`
  }
}

test('random walks', () => {
  const failures: string[] = []
  for (let seed = first; seed < first + runs; seed++) {
    const failure = walk(seed)
    if (failure !== undefined) failures.push(failure)
  }
  expect(failures.sort((a, b) => a.length - b.length)[0]).toBeUndefined()
}, 600_000)
