import { type Claim, clusterNameOf, parseClaim } from '../../api/claims.ts'
import { label, reclaimAnnotation, yieldedAnnotation } from '../../api/labels.ts'
import { questionKey } from '../../api/questions.ts'
import { endpointsOf, gatewayOwner, isRead } from '../current.ts'
import type { World } from '../world.ts'
import { seenClaim } from './claims.ts'
import { epochIn, identityMemory } from './memory.ts'

/** Whether another cluster stands in for this one, as far as this one can tell. */
export type Home =
  /** Nobody may. */
  | { readonly state: 'alone' }
  | {
      readonly state: 'free'
      /** A claim by a cluster that is not listed. */
      readonly ignored: Claim | undefined
      /** Whether a claim that has ended explains that others' addresses stand under this cluster's names. */
      readonly explained: boolean
    }
  /** The claim could not be read: what the gateways have stays as it is. */
  | { readonly state: 'unsure'; readonly why: string }
  | {
      readonly state: 'yielded'
      readonly holder: string
      readonly epoch: number
      /** Why the claim was not read this time, where it is from memory. */
      readonly remembered: string | undefined
    }

/**
 * Only a cluster that lists `standIns` looks; M is the epoch that it remembers to have yielded to, N the one that the
 * claim in its own zone has.
 *
 * | remembers | its zone says                 | so it is                  |
 * | --------- | ----------------------------- | ------------------------- |
 * | nothing   | held, by a listed cluster     | yielded                   |
 * | nothing   | held, by another one          | free, and says so         |
 * | nothing   | released, or NXDOMAIN         | free                      |
 * | nothing   | NXDOMAIN, and so for names    | unsure: it was not the    |
 * |           | that this cluster publishes   | zone that was asked       |
 * | nothing   | no answer                     | unsure                    |
 * | yielded   | held, by a listed one, N ≥ M  | yielded to that           |
 * | yielded   | released, N ≥ M               | free                      |
 * | yielded   | anything else                 | yielded as before         |
 *
 * What it has itself ended with "failover reclaim" counts no more.
 */
export const homeOf = (world: Omit<World, 'home'>): Home => {
  const { identity, answers } = world
  if (identity.state !== 'one') return { state: 'alone' }
  const { region, domain, standIns = [] } = identity.spec
  if (standIns.length === 0) return { state: 'alone' }
  const ended = reclaimedEpoch(world)
  const memory = remembered(world, standIns, ended)
  const peer = clusterNameOf(identity.spec)
  const free = { state: 'free', ignored: undefined, explained: false } as const
  const asBefore = (why: string): Home | undefined =>
    memory === undefined ? undefined : { state: 'yielded', ...memory, remembered: why }
  // Without a zone to ask, as in a plan from files, only what is remembered counts.
  if (answers === undefined) return asBefore('no zone was asked') ?? free
  const seen = seenClaim(answers, { zone: region, peer, domain })
  switch (seen.state) {
    case 'claim': {
      const { claim } = seen
      if (memory !== undefined && claim.epoch < memory.epoch)
        return { state: 'yielded', ...memory, remembered: 'its zone has an old claim' }
      if (claim.state === 'released' || claim.epoch <= ended) return { ...free, explained: true }
      if (!standIns.includes(claim.holder))
        return asBefore(`its zone has a claim by ${claim.holder}`) ?? { ...free, ignored: claim }
      return { state: 'yielded', holder: claim.holder, epoch: claim.epoch, remembered: undefined }
    }
    case 'absent':
      return (
        asBefore('its zone has no claim any more') ??
        (isElsewhere(world)
          ? {
              state: 'unsure',
              why: `who was asked knows none of the records that this cluster has in zone ${region}`,
            }
          : free)
      )
    case 'strange':
      return asBefore(`its zone has ${seen.target}`) ?? { state: 'unsure', why: `it is ${seen.target}` }
    case 'silent':
      return asBefore(seen.why) ?? { state: 'unsure', why: seen.why }
    default: {
      const why = `no name server of zone ${region} is known`
      return asBefore(why) ?? { state: 'unsure', why }
    }
  }
}

/**
 * Whether the answers come from somewhere else than this cluster's zone, such as a forwarder that does not know it: what
 * ExternalDNS has read long ago is not there.
 */
const isElsewhere = ({ answers, identity, current }: Omit<World, 'home'>): boolean => {
  if (identity.state !== 'one' || answers === undefined) return false
  const { region } = identity.spec
  let isKnown: boolean | undefined
  for (const object of current.dnsEndpoints.ours.values()) {
    if (object.metadata.labels?.[label.region] !== region || gatewayOwner(object) === undefined) continue
    if (!isRead(object)) continue
    for (const { dnsName: name, recordType } of endpointsOf(object)) {
      if (!name.startsWith('own-') || (recordType !== 'A' && recordType !== 'AAAA')) continue
      const answer = answers.get(questionKey({ zone: region, name, type: recordType }))
      if (answer !== undefined) isKnown = isKnown === true || answer.state !== 'absent'
    }
  }
  return isKnown === false
}

/** The epoch with which this cluster has itself ended a claim on it; 0 where it has ended none. */
export const reclaimedEpoch = ({ identity }: Pick<World, 'identity'>): number =>
  identity.state === 'one' ? epochIn(identity.resource.object, reclaimAnnotation) : 0

interface Memory {
  readonly holder: string
  readonly epoch: number
}

/** From the status; and from the records themselves, which are written before it. */
const remembered = (
  world: Omit<World, 'home'>,
  standIns: readonly string[],
  ended: number,
): Memory | undefined => {
  const { identity, current } = world
  if (identity.state !== 'one') return undefined
  const { yielded } = identityMemory(identity.resource.object)
  const found: Memory[] = yielded === undefined ? [] : [yielded]
  for (const { metadata } of current.dnsEndpoints.ours.values()) {
    if (metadata.labels?.[label.targetPostfix] === undefined) continue
    const text = metadata.annotations?.[yieldedAnnotation]
    const claim = text === undefined ? undefined : parseClaim(text, identity.spec.domain)
    if (claim !== undefined) found.push({ holder: claim.holder, epoch: claim.epoch })
  }
  const counting = found.filter(memory => memory.epoch > ended && standIns.includes(memory.holder))
  return counting.sort((a, b) => b.epoch - a.epoch)[0]
}
