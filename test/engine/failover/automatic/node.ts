import { claimName, parseClaim } from '../../../../src/api/claims.ts'
import { claimedAtAnnotation, engagedByAnnotation } from '../../../../src/api/labels.ts'
import type { KubeObject } from '../../../../src/api/object.ts'
import { endpointsOf } from '../../../../src/engine/current.ts'
import {
  type AutomaticMemory,
  type AutomaticReason,
  type decide,
  firstMemory,
  rememberEngaged,
} from '../../../../src/engine/failover/automatic/decision.ts'
import { type EngineFacts, engineFacts } from '../../../../src/engine/failover/automatic/facts.ts'
import { type Health, unknownHealth } from '../../../../src/engine/failover/automatic/health.ts'
import { memoryAsStatus, memoryFrom } from '../../../../src/engine/failover/automatic/report.ts'
import { failoverMemory } from '../../../../src/engine/failover/memory.ts'
import { timestamp } from '../../../../src/lib/timestamp.ts'
import * as play from '../model.ts'
import { asRead, essential, generationOf, seenGeneration, withoutStaleAnnotation } from './essential.ts'

/**
 * One cluster, with what its daemon has in mind. Time stands still, and everything gets older instead: an age is either
 * none or `ageMs`, after which a claim counts unseen and a hold-down is over. So states that differ in their time alone are
 * the same.
 */
export interface Node {
  readonly region: string
  readonly inputs: readonly KubeObject[]
  readonly current: readonly KubeObject[]
  /** By the region of the peer; none before the first pass of a process. */
  readonly watches: Readonly<Record<string, Watch>>
  /** Peers whose stand-in has ended less than a hold-down ago. Nobody but the explorer knows that. */
  readonly ended: readonly string[]
  /** What its own zone said of it when it last looked. The same. */
  readonly saw: 'claimed' | 'free' | 'silent'
}

/** What src/daemon/automatic.ts and src/daemon/probing.ts keep for one RegionFailover. */
export interface Watch {
  readonly facts: EngineFacts
  /** Who has changed its spec since the engine has last seen it. */
  readonly changedBy: 'nobody' | 'daemon' | 'people'
  readonly memory: AutomaticMemory
  /** The generation of the spec that was last decided on. */
  readonly decidedOn: number
  readonly reason: AutomaticReason | undefined
  readonly peer: Health
  readonly own: Health
  readonly witness: Health
  /** As the explorer knows it: whether a witness was reached after the peer was first found failing. */
  readonly failing: boolean
  readonly wasReached: boolean
}

/** What of the code may be broken, to see that it is found. */
export interface Rules {
  readonly decide: typeof decide
  /** What cluster `me` hears when it asks for a record. */
  readonly hears: (me: string, name: string, targets: readonly string[]) => readonly string[] | undefined
}

export const ageMs = 60_000
export const now = 1_700_000_000_000
export const domain = 'aks.example.com'
export const nameOf = (region: string): string => `aks01-${region}`
export const regionOf = (name: string): string => name.slice('aks01-'.length)

/** By name and type. */
export type Records = Readonly<Record<string, readonly string[]>>
/** What one cluster gets of each zone; undefined where it gets no answer. */
export type Views = ReadonlyMap<string, Records | undefined>

const modelOf = (
  views: Views,
  hears?: (name: string, targets: readonly string[]) => readonly string[] | undefined,
) => {
  const zones = new Map<string, play.Zone>()
  for (const [region, records] of views) {
    const zone: play.Zone = new Map()
    for (const [key, targets] of Object.entries(records ?? {})) {
      const heard = hears === undefined ? targets : hears(key.slice(0, key.indexOf(' ')), targets)
      if (heard !== undefined) zone.set(key, heard)
    }
    zones.set(region, zone)
  }
  const silent = new Set([...views].flatMap(([region, records]) => (records === undefined ? [region] : [])))
  return { zones, silent, now }
}

/** One pass of srouter, and what its loop of decisions makes of it. */
export const passed = (node: Node, views: Views, rules: Rules): Node => {
  const { region } = node
  const target: play.Cluster = { name: nameOf(region), inputs: node.inputs, current: node.current }
  const reports = new Map(
    Object.entries(node.watches).flatMap(([peer, { memory, reason, decidedOn }]) =>
      reason === undefined
        ? []
        : [
            [
              nameOf(peer),
              { automatic: { ...memoryAsStatus(memory), observedGeneration: decidedOn } },
            ] as const,
          ],
    ),
  )
  const seen = modelOf(views, (name, targets) => rules.hears(region, name, targets))
  const { evaluation } = play.pass(seen, target, () => true, reports)
  const watches = evaluation.standIns.map((standIn): [string, Watch] => {
    const peer = regionOf(standIn.peer)
    const { object } = standIn.resource
    const known = node.watches[peer]
    const { memory: before, ...rest } = known ?? begun(object)
    const facts = engineFacts(standIn, evaluation)
    // What was changed twice in between may have been engaged and ended.
    const isUnseen = known?.memory.state === 'Armed' && generationOf(object) > seenGeneration + 1
    const memory = rememberEngaged(isUnseen ? firstMemory(now) : before, facts.engagement, now)
    const decidedOn = generationOf(object) === seenGeneration ? rest.decidedOn : 0
    return [peer, { ...rest, memory, facts, decidedOn, changedBy: 'nobody' }]
  })
  return {
    ...node,
    inputs: target.inputs.map(object => withoutStaleAnnotation(essential(object))),
    current: target.current.map(asRead).sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
    watches: Object.fromEntries(watches),
    saw: claimSeen(views.get(region), region),
  }
}

const begun = (object: KubeObject): Omit<Watch, 'facts' | 'changedBy'> => ({
  memory: memoryFrom(failoverMemory(object).automatic, now, {
    holdDownSeconds: ageMs / 1000,
    generation: generationOf(object),
  }),
  decidedOn: 0,
  reason: undefined,
  peer: unknownHealth,
  own: unknownHealth,
  witness: unknownHealth,
  failing: false,
  wasReached: false,
})

/** One cycle of ExternalDNS in one zone: what is there after it. */
export const published = ({ region, inputs, current }: Node, zone: string, records: Records): Records => {
  const model = modelOf(new Map([[zone, records]]))
  play.externalDNS(model, { name: nameOf(region), inputs, current })
  return Object.fromEntries(model.zones.get(zone) ?? [])
}

/** What its process has in mind is lost. */
export const restarted = (node: Node): Node => ({ ...node, watches: {} })

/** As src/execute/engage.ts does it. */
export const switched = (
  node: Node,
  peer: string,
  { engage, by }: { readonly engage: boolean; readonly by: 'daemon' | 'people' },
): Node => {
  const was = isEngaged(node, peer)
  const watch = node.watches[peer]
  return {
    ...node,
    inputs: node.inputs.map(object => {
      if (object.kind !== 'RegionFailover' || object.metadata.name !== nameOf(peer)) return object
      const annotations = engage && by === 'daemon' ? { [engagedByAnnotation]: 'automatic' } : {}
      return {
        ...object,
        metadata: { ...object.metadata, annotations, generation: generationOf(object) + 1 },
        spec: { ...(object.spec as object), engage },
      }
    }),
    watches:
      watch === undefined
        ? node.watches
        : { ...node.watches, [peer]: { ...watch, changedBy: watch.changedBy === 'daemon' ? 'daemon' : by } },
    ended: was && !engage ? [...new Set([...node.ended, peer])].sort() : node.ended,
  }
}

/** Everything is `ageMs` older. */
export const aged = (node: Node): Node => ({
  ...node,
  inputs: node.inputs.map(object => {
    const { automatic } = failoverMemory(object)
    if (automatic === undefined) return object
    const { observedGeneration: generation = 0 } = automatic
    const memory = older(memoryFrom(automatic, now, { holdDownSeconds: ageMs / 1000, generation }))
    return {
      ...object,
      status: { ...(object.status as object), automatic: { ...automatic, ...memoryAsStatus(memory) } },
    }
  }),
  current: node.current.map(object =>
    object.metadata.annotations?.[claimedAtAnnotation] === undefined
      ? object
      : {
          ...object,
          metadata: {
            ...object.metadata,
            annotations: { ...object.metadata.annotations, [claimedAtAnnotation]: timestamp(now - ageMs) },
          },
        },
  ),
  watches: Object.fromEntries(
    Object.entries(node.watches).map(([peer, watch]) => [peer, { ...watch, memory: older(watch.memory) }]),
  ),
  ended: [],
})

const older = (memory: AutomaticMemory): AutomaticMemory => ({
  ...memory,
  since: memory.state === 'Engaged' ? now - ageMs : memory.since,
  until: memory.until === undefined ? undefined : now,
})

const failoversOf = ({ inputs }: Node) => inputs.filter(({ kind }) => kind === 'RegionFailover')
const failoverOf = (node: Node, peer: string) =>
  failoversOf(node).find(({ metadata }) => metadata.name === nameOf(peer))

export const isEngaged = (node: Node, peer: string): boolean =>
  (failoverOf(node, peer)?.spec as { readonly engage?: boolean } | undefined)?.engage === true

export const engagedAutomatically = (node: Node): readonly string[] =>
  failoversOf(node)
    .map(({ metadata }) => regionOf(metadata.name))
    .filter(
      peer =>
        isEngaged(node, peer) &&
        failoverOf(node, peer)?.metadata.annotations?.[engagedByAnnotation] === 'automatic',
    )

/** Whose claims its DNSEndpoints hold. */
export const claimsHeld = (node: Node): readonly string[] => [
  ...new Set(
    node.current.flatMap(object =>
      endpointsOf(object).flatMap(({ dnsName, targets }) => {
        const claim = parseClaim(targets[0] ?? '', domain)
        return claim?.state === 'held'
          ? [regionOf(dnsName.slice('srouter-claim-'.length, dnsName.indexOf('.')))]
          : []
      }),
    ),
  ),
]

/** For whom it publishes stand-in records. */
export const standsInFor = (node: Node): readonly string[] => [
  ...new Set(
    node.current.flatMap(({ metadata }) => /^stand-in-aks01-([a-z]+)-/.exec(metadata.name)?.[1] ?? []),
  ),
]

/** Who holds the claim on a region, as a zone says. */
export const holderIn = (records: Records, region: string): string | undefined => {
  const [target = ''] = records[`${claimName(nameOf(region), domain)} CNAME`] ?? []
  const claim = parseClaim(target, domain)
  return claim?.state === 'held' ? regionOf(claim.holder) : undefined
}

const claimSeen = (own: Records | undefined, region: string): Node['saw'] =>
  own === undefined ? 'silent' : holderIn(own, region) === undefined ? 'free' : 'claimed'
