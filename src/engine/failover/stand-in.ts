import { type Claim, clusterNameOf, compareClaims } from '../../api/claims.ts'
import { label } from '../../api/labels.ts'
import type { RegionFailoverSpec, RegionFailoverStatus } from '../../api/region-failover.ts'
import type { Resource } from '../resource.ts'
import type { World } from '../world.ts'
import { failoverObjects, isClaim, type OwnClaim, ownClaim, type SeenClaim, seenClaim } from './claims.ts'
import { readableZones } from './readable.ts'

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
 * What becomes of a RegionFailover. "Claimed" is whether this cluster's DNSEndpoints have the claim already.
 *
 * | engage | claimed  | zones say                          | state      | claim          | stand-in records          |
 * | ------ | -------- | ---------------------------------- | ---------- | -------------- | ------------------------- |
 * | true   | no       | held by another                    | Withdrawn  | none           | none                      |
 * | true   | no       | anything else                      | Claiming   | held, greatest | none                      |
 * |        |          |                                    |            | epoch + 1      |                           |
 * | true   | held     | a claim that counts more           | Withdrawn  | none           | none                      |
 * | true   | held     | ours in some, or two intervals old | Claiming   | held           | in these                  |
 * | true   | held     | ours in all, or two intervals old  | Engaged    | held           | in all                    |
 * | false  | held     | there are stand-in records         | Releasing  | held           | none                      |
 * | false  | held     | there are none                     | Releasing  | released       | none                      |
 * | false  | released | the release, or two intervals old  | Standby    | none           | none                      |
 *
 * Withdrawn stays until somebody switches `engage` off: what is forgotten in Git must not engage years later. A cluster
 * that has yielded engages nothing, so that there are no chains. Where a claim is withdrawn or done with, ExternalDNS
 * leaves its record, because the policy of that instance is upsert-only.
 */
export const standInOf = (
  resource: Resource<RegionFailoverSpec>,
  world: World,
  hasAddresses: boolean,
): StandIn | undefined => {
  const { spec } = resource
  const { home } = world
  if (spec === undefined || world.identity.state !== 'one') return undefined
  const { domain } = world.identity.spec
  const me = clusterNameOf(world.identity.spec)
  const peer = clusterNameOf(spec)
  if (peer === me || resource.name !== peer) return undefined
  const status = resource.object.status as RegionFailoverStatus | undefined
  const mine = ownClaim(world.current, peer, domain)
  const regions = [...new Set(world.controllers.map(({ region }) => region))]
  const zones = regions.map(zone => ({ zone, seen: seenIn(world, zone, peer) }))
  const claims = zones.flatMap(({ seen }) => (seen.state === 'claim' ? [seen.claim] : []))
  const epoch = Math.max(0, mine?.epoch ?? 0, status?.epoch ?? 0)
  const isOverdue = mine !== undefined && hasWaited(mine, world)
  const base = { resource, peer, code: undefined, epoch, zones: zones.map(closed) }
  const isWanted = spec.engage === true && resource.object.metadata.deletionTimestamp === undefined

  if (!isWanted) {
    if (mine?.state === 'held') {
      const isPublishing = failoverObjects(world.current, peer).some(object => !isClaim(object))
      const claim = isPublishing
        ? held(mine, world)
        : { ...mine, state: 'released' as const, at: world.settings.now }
      return { ...base, state: 'Releasing', why: 'the claim is being released', claim }
    }
    if (mine === undefined)
      return { ...base, state: 'Standby', why: `ready to stand in for ${peer}`, claim: undefined }
    const isDone = zones.every(({ seen }) => isReleased(seen, mine)) || isOverdue
    return isDone
      ? { ...base, state: 'Standby', why: 'released', claim: undefined }
      : { ...base, state: 'Releasing', why: 'the release is being published', claim: held(mine, world) }
  }

  if (status?.state === 'Withdrawn')
    return {
      ...base,
      state: 'Withdrawn',
      why: 'it gave way, and engages anew only after engage was false',
      claim: undefined,
    }
  if (home.state === 'yielded') {
    const why = `this cluster is itself claimed, by ${home.holder}`
    return mine?.state === 'held'
      ? { ...base, state: 'Withdrawn', why, claim: undefined }
      : { ...base, state: 'Blocked', code: 'Yielded', why, claim: undefined }
  }
  const isClaimed = mine?.state === 'held'
  const rival = claims.find(claim =>
    isClaimed
      ? claim.holder !== me && compareClaims(claim, mine) > 0
      : claim.state === 'held' && claim.holder !== me,
  )
  if (rival !== undefined) {
    const why =
      rival.state === 'held'
        ? `${rival.holder} holds the claim, with epoch ${rival.epoch}`
        : `${rival.holder} has ended the claim, with epoch ${rival.epoch}`
    return { ...base, state: 'Withdrawn', code: isClaimed ? undefined : 'ClaimHeld', why, claim: undefined }
  }
  if (!isClaimed) {
    const readable = readableZones(world)
    // Who claims before having looked may contradict a claim that is there.
    if (
      world.answers !== undefined &&
      zones.some(({ zone, seen }) => seen.state === 'unread' && readable.has(zone))
    )
      return { ...base, state: 'Claiming', why: 'the zones are being asked', claim: undefined }
    if (!hasAddresses)
      return {
        ...base,
        state: 'Blocked',
        code: 'LoadBalancerIPPending',
        why: 'no Gateway of this cluster has an address',
        claim: undefined,
      }
    const next = Math.max(epoch, ...claims.map(claim => claim.epoch)) + 1
    const claim = { state: 'held', epoch: next, holder: me, at: world.settings.now } as const
    // Without zones to ask, as in a plan from files, all of it is shown at once.
    const isOpen = world.answers === undefined
    return {
      ...base,
      epoch: next,
      state: isOpen ? 'Engaged' : 'Claiming',
      why: 'the claim is being published',
      claim,
      zones: zones.map(zone => ({ ...zone, isOpen })),
    }
  }
  const published = new Set(publishedZones(world, peer))
  const isHeld = (seen: SeenClaim): boolean => seen.state === 'claim' && compareClaims(seen.claim, mine) === 0
  const homeZone = zones.find(({ zone }) => zone === spec.region)
  // A cluster that lives looks into its own zone; where nobody answers there, it cannot either.
  const homeKnows = homeZone === undefined || isHeld(homeZone.seen) || homeZone.seen.state === 'silent'
  const opened = zones.map(({ zone, seen }) => ({
    zone,
    seen,
    isOpen: world.answers === undefined || isOverdue || published.has(zone) || (homeKnows && isHeld(seen)),
  }))
  const isComplete = opened.every(({ isOpen }) => isOpen)
  return {
    ...base,
    state: isComplete ? 'Engaged' : 'Claiming',
    why: isComplete ? `standing in for ${peer} with epoch ${mine.epoch}` : 'waiting for the claim to be seen',
    claim: held(mine, world),
    zones: opened,
  }
}

const seenIn = ({ answers, identity }: World, zone: string, peer: string): SeenClaim =>
  answers === undefined || identity.state !== 'one'
    ? { state: 'unread' }
    : seenClaim(answers, { zone, peer, domain: identity.spec.domain })

const closed = ({ zone, seen }: Omit<StandInZone, 'isOpen'>): StandInZone => ({ zone, seen, isOpen: false })

/** A claim as it is, with the time at which it was made. */
const held = ({ state, epoch, holder, at }: OwnClaim, { settings }: World) => ({
  state,
  epoch,
  holder,
  at: at ?? settings.now,
})

/** Whether the claim was written two intervals ago. */
const hasWaited = ({ at }: OwnClaim, { settings }: World): boolean => {
  const since = at === undefined ? Number.NaN : Date.parse(settings.now) - Date.parse(at)
  return since >= 2_000 * settings.intervalSeconds
}

const isReleased = (seen: SeenClaim, mine: OwnClaim): boolean =>
  seen.state === 'claim' && compareClaims(seen.claim, mine) >= 0

const publishedZones = ({ current, controllers }: World, peer: string): readonly string[] => {
  const labels = failoverObjects(current, peer)
    .filter(object => !isClaim(object))
    .map(({ metadata }) => metadata.labels?.[label.region])
  return controllers.flatMap(({ region }) => (labels.includes(region) ? region : []))
}
