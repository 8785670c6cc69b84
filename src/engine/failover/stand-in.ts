import { type Claim, clusterNameOf, compareClaims, maxEpoch } from '../../api/claims.ts'
import { label, overrideAnnotation } from '../../api/labels.ts'
import type { RegionFailoverSpec } from '../../api/region-failover.ts'
import type { Resource } from '../resource.ts'
import type { World } from '../world.ts'
import { failoverObjects, isClaim, type OwnClaim, ownClaim, type SeenClaim, seenClaim } from './claims.ts'
import { epochIn, type FailoverMemory, failoverMemory } from './memory.ts'
import { readableZones, zonesOf } from './readable.ts'

export type StandInState = 'Standby' | 'Claiming' | 'Engaged' | 'Releasing' | 'Blocked' | 'Withdrawn'

/** What a RegionFailover comes to. */
export interface StandIn {
  readonly resource: Resource<RegionFailoverSpec>
  /** `{cluster}-{region}` of the cluster that is stood in for. */
  readonly peer: string
  readonly state: StandInState
  /** Why, for people. */
  readonly why: string
  /** The code of what keeps it from engaging, where something does. */
  readonly code: 'Yielded' | 'ClaimHeld' | 'LoadBalancerIPPending' | undefined
  /** The greatest epoch that this cluster has claimed with. */
  readonly epoch: number
  /** What its claim should say, in every zone; undefined where it should make none. */
  readonly claim: (Claim & { readonly at: string }) | undefined
  readonly zones: readonly StandInZone[]
}

export interface StandInZone {
  readonly zone: string
  readonly seen: SeenClaim
  /** Whether stand-in records may be written there. */
  readonly isOpen: boolean
}

/**
 * What becomes of a RegionFailover. "Claimed" is whether this cluster's DNSEndpoints have the claim already. Of the claims
 * that zones say, only the one that counts most matters: a zone that was away may have an old one.
 *
 * | engage | claimed  | zones say                          | state      | claim          | stand-in records          |
 * | ------ | -------- | ---------------------------------- | ---------- | -------------- | ------------------------- |
 * | true   | no       | held by another                    | Withdrawn  | none           | none                      |
 * | true   | no       | nothing yet: they are being asked  | Standby    | none           | none                      |
 * | true   | no       | anything else, or held by another  | Claiming   | held, greatest | none                      |
 * |        |          | whose epoch is overridden          |            | epoch + 1      |                           |
 * | true   | held     | a claim that counts more           | Withdrawn  | none           | none                      |
 * | true   | held     | the other cluster claims this one, | Claiming   | held           | where they are            |
 * |        |          | and ours counts more               |            |                |                           |
 * | true   | held     | ours in some, or two intervals old | Claiming   | held           | in these                  |
 * | true   | held     | ours in all, or two intervals old  | Engaged    | held           | in all                    |
 * | false  | no       | held by this cluster               | Releasing  | released       | none                      |
 * | false  | held     | there are stand-in records         | Releasing  | held           | none                      |
 * | false  | held     | there are none                     | Releasing  | released       | none                      |
 * | false  | released | the release in all that can be     | Standby    | none           | none                      |
 * |        |          | read, and two intervals old where  |            |                |                           |
 * |        |          | others are; or another claim       |            |                |                           |
 *
 * Two clusters that claim each other, because they no longer see each other, cannot both go on, and must not both give
 * way: the one whose claim counts more waits for the other to withdraw.
 *
 * Withdrawn stays until somebody switches `engage` off: what is forgotten in Git must not engage years later. A cluster
 * that has yielded engages nothing, so that there are no chains. Who withdraws releases its claim as
 * without `engage`, unless another one holds it. Where a claim is withdrawn or done with, ExternalDNS
 * leaves its record, because the policy of that instance is upsert-only. A zone whose server is away gets its release
 * when it is back, or its home cluster would wait for it for ever.
 */
export const standInOf = (
  resource: Resource<RegionFailoverSpec>,
  world: World,
  hasAddresses: boolean,
): StandIn | undefined => {
  const position = positionOf(resource, world)
  if (position === undefined) return undefined
  const isDeleted = resource.object.metadata.deletionTimestamp !== undefined
  if (position.spec.engage !== true || isDeleted) return disengaged(position)
  const given = wayGiven(position)
  if (given !== undefined) return given
  return position.mine?.state === 'held'
    ? standing(position, position.mine)
    : claiming(position, hasAddresses)
}

/** All that the decision rests on. */
interface Position {
  readonly spec: RegionFailoverSpec
  readonly memory: FailoverMemory
  readonly me: string
  readonly mine: OwnClaim | undefined
  /** The claim that counts most, of those that zones say. */
  readonly best: Claim | undefined
  readonly world: World
  /** What every answer has in common. */
  readonly base: Omit<StandIn, 'state' | 'why' | 'claim'>
}

const positionOf = (resource: Resource<RegionFailoverSpec>, world: World): Position | undefined => {
  const { spec } = resource
  if (spec === undefined || world.identity.state !== 'one') return undefined
  const { domain } = world.identity.spec
  const me = clusterNameOf(world.identity.spec)
  const peer = clusterNameOf(spec)
  if (peer === me || resource.name !== peer) return undefined
  const memory = failoverMemory(resource.object)
  const mine = ownClaim(world.current, peer, domain) ?? lostClaim(memory, me)
  const zones = zonesOf(world).map(zone => ({ zone, seen: seenIn(world, zone, peer), isOpen: false }))
  const claims = zones.flatMap(({ seen }) => (seen.state === 'claim' ? [seen.claim] : []))
  const epoch = Math.max(0, mine?.epoch ?? 0, memory.epoch ?? 0)
  return {
    spec,
    memory,
    me,
    mine,
    best: claims.sort((a, b) => compareClaims(b, a))[0],
    world,
    base: { resource, peer, code: undefined, epoch, zones },
  }
}

/** A claim whose DNSEndpoints somebody has deleted is made again as it was. */
const lostClaim = ({ state = '', epoch }: FailoverMemory, me: string): OwnClaim | undefined => {
  const isClaimed = ['Claiming', 'Engaged', 'Releasing'].includes(state)
  return isClaimed && epoch !== undefined ? { state: 'held', epoch, holder: me, at: undefined } : undefined
}

const disengaged = ({ base, best, me, world, ...position }: Position): StandIn => {
  // What zones still say of a claim that this cluster has forgotten, its home cluster obeys.
  const forgotten = best?.holder === me && best.state === 'held' ? { ...best, at: undefined } : undefined
  const mine = position.mine ?? forgotten
  if (mine === undefined)
    return { ...base, state: 'Standby', why: `ready to stand in for ${base.peer}`, claim: undefined }
  // Who came later has the name, and must not be contradicted; who claimed at the same time and has released it, has not.
  const isSucceeded = best !== undefined && (best.state === 'held' || best.epoch > mine.epoch)
  if (isSucceeded && best.holder !== mine.holder && compareClaims(best, mine) > 0)
    return { ...base, state: 'Standby', why: `${best.holder} has the claim`, claim: undefined }
  if (mine.state === 'held') {
    const isPublishing = failoverObjects(world.current, base.peer).some(object => !isClaim(object))
    const claim = isPublishing
      ? held(mine, world)
      : { ...mine, state: 'released' as const, at: world.settings.now }
    return { ...base, state: 'Releasing', why: 'the claim is being released', claim }
  }
  const pending = base.zones.filter(({ seen }) => !isReleased(seen, mine))
  const isDone =
    pending.every(({ seen }) => seen.state === 'unread') && (pending.length === 0 || hasWaited(mine, world))
  if (isDone) return { ...base, state: 'Standby', why: 'released', claim: undefined }
  const zones = pending.map(({ zone }) => zone).join(', ')
  return {
    ...base,
    state: 'Releasing',
    why: `waiting for the release to be seen in zone ${zones}`,
    claim: held(mine, world),
  }
}

/** Why it engages nothing, or no longer, where somebody else comes first. */
const wayGiven = (position: Position): StandIn | undefined => {
  const { base, memory, mine, best, me, world } = position
  const withdrawn = (why: string, code?: StandIn['code']): StandIn => ({
    ...base,
    state: 'Withdrawn',
    code,
    why,
    claim: undefined,
  })
  // Not dropped but released: the home cluster would wait for that for ever, and nobody else could stand in for it.
  const releasing = (why: string): StandIn => ({ ...withdrawn(why), claim: disengaged(position).claim })
  const isClaimed = mine?.state === 'held'
  if (memory.state === 'Withdrawn')
    return releasing('it gave way, and engages anew only after engage was false')
  if (world.home.state === 'yielded') {
    const why = `this cluster is itself claimed, by ${world.home.holder}`
    if (mine?.state === 'held' && isOutranked(world.home, mine, base.peer)) return waiting(position, mine)
    return mine === undefined
      ? { ...base, state: 'Blocked', code: 'Yielded', why, claim: undefined }
      : releasing(why)
  }
  if (best === undefined || best.holder === me) return undefined
  // Somebody has decided that claims up to this one are over, because their holders are gone.
  if (!isClaimed && best.epoch <= epochIn(base.resource.object, overrideAnnotation)) return undefined
  if (isClaimed ? compareClaims(best, mine) < 0 : best.state === 'released') return undefined
  return best.state === 'held'
    ? withdrawn(
        `${best.holder} holds the claim, with epoch ${best.epoch}`,
        isClaimed ? undefined : 'ClaimHeld',
      )
    : releasing(`${best.holder} has ended the claim, with epoch ${best.epoch}`)
}

/** Whether the claim on this cluster is one by the very cluster that it claims, and counts less than its own. */
const isOutranked = (
  { holder, epoch }: { readonly holder: string; readonly epoch: number },
  mine: OwnClaim,
  peer: string,
): boolean => holder === peer && compareClaims({ state: 'held', holder, epoch }, mine) < 0

const waiting = ({ base, world }: Position, mine: OwnClaim): StandIn => {
  const published = publishedZones(world, base.peer)
  return {
    ...base,
    state: 'Claiming',
    why: `${base.peer} claims this cluster as well, with a claim that counts less, and has to give way`,
    claim: held(mine, world),
    zones: base.zones.map(zone => ({ ...zone, isOpen: published.has(zone.zone) })),
  }
}

const claiming = ({ base, best, me, world }: Position, hasAddresses: boolean): StandIn => {
  const readable = readableZones(world)
  // Who claims before having looked may contradict a claim that is there. Not Claiming: that would be remembered as a claim.
  const isUnasked = base.zones.some(({ zone, seen }) => seen.state === 'unread' && readable.has(zone))
  if (world.answers !== undefined && isUnasked)
    return { ...base, state: 'Standby', why: 'the zones are being asked', claim: undefined }
  if (!hasAddresses)
    return {
      ...base,
      state: 'Blocked',
      code: 'LoadBalancerIPPending',
      why: 'no Gateway of this cluster has an address',
      claim: undefined,
    }
  const epoch = Math.min(Math.max(base.epoch, best?.epoch ?? 0) + 1, maxEpoch)
  // Without zones to ask, as in a plan from files, all of it is shown at once.
  const isOpen = world.answers === undefined
  return {
    ...base,
    epoch,
    state: isOpen ? 'Engaged' : 'Claiming',
    why: 'the claim is being published',
    claim: { state: 'held', epoch, holder: me, at: world.settings.now },
    zones: base.zones.map(zone => ({ ...zone, isOpen })),
  }
}

const standing = ({ base, spec, world }: Position, mine: OwnClaim): StandIn => {
  const published = publishedZones(world, base.peer)
  const isHeld = (seen: SeenClaim): boolean => seen.state === 'claim' && compareClaims(seen.claim, mine) === 0
  const homeZone = base.zones.find(({ zone }) => zone === spec.region)
  // A cluster that lives looks into its own zone; where nobody answers there, it cannot either.
  const homeKnows = homeZone === undefined || isHeld(homeZone.seen) || homeZone.seen.state === 'silent'
  const isAnyway = world.answers === undefined || hasWaited(mine, world)
  const zones = base.zones.map(({ zone, seen }) => ({
    zone,
    seen,
    isOpen: isAnyway || published.has(zone) || (homeKnows && isHeld(seen)),
  }))
  const isComplete = zones.every(({ isOpen }) => isOpen)
  return {
    ...base,
    state: isComplete ? 'Engaged' : 'Claiming',
    why: isComplete
      ? `standing in for ${base.peer} with epoch ${mine.epoch}`
      : 'waiting for the claim to be seen',
    claim: held(mine, world),
    zones,
  }
}

const seenIn = ({ answers, identity }: World, zone: string, peer: string): SeenClaim =>
  answers === undefined || identity.state !== 'one'
    ? { state: 'unread' }
    : seenClaim(answers, { zone, peer, domain: identity.spec.domain })

/** A claim as it is, with the time at which it was made; what is no such time begins anew. */
const held = (claim: OwnClaim, { settings }: World) => ({
  ...claim,
  at: ageOf(claim, settings.now) === undefined || claim.at === undefined ? settings.now : claim.at,
})

/** Whether the claim was written two intervals ago. */
const hasWaited = (claim: OwnClaim, { settings }: World): boolean =>
  (ageOf(claim, settings.now) ?? 0) >= 2_000 * settings.intervalSeconds

/** In milliseconds. Undefined where nobody knows when it was made, or it is said to be in the future. */
const ageOf = ({ at = '' }: OwnClaim, now: string): number | undefined => {
  const age = Date.parse(now) - Date.parse(at)
  return age >= 0 ? age : undefined
}

const isReleased = (seen: SeenClaim, mine: OwnClaim): boolean =>
  seen.state === 'claim' && compareClaims(seen.claim, mine) >= 0

/** Regions in whose zones stand-in records are published. */
const publishedZones = ({ current }: World, peer: string): ReadonlySet<string> =>
  new Set(
    failoverObjects(current, peer)
      .filter(object => !isClaim(object))
      .flatMap(({ metadata }) => metadata.labels?.[label.region] ?? []),
  )
