import { ownName } from '../../../api/claims.ts'
import { engagedByAnnotation } from '../../../api/labels.ts'
import type { KubeObject } from '../../../api/object.ts'
import type { Evaluation } from '../../evaluate.ts'
import type { Resource } from '../../resource.ts'
import { addressesIn } from '../answers.ts'
import { failoverMemory } from '../memory.ts'
import { zonesOf } from '../readable.ts'
import type { StandIn } from '../stand-in.ts'
import type { Situation } from './decision.ts'

/** More are not probed, so that nobody who may write a zone can make this cluster knock at hundreds of doors. */
export const mostAddresses = 16

/** What the engine knows that a decision needs. */
export type EngineFacts = Pick<Situation, 'standIn' | 'home' | 'claim' | 'engagement' | 'other'>

export const automaticValue = 'automatic'

export const engagementOf = ({ object }: Pick<Resource<unknown>, 'object'>): Situation['engagement'] =>
  (object.spec as { readonly engage?: unknown } | undefined)?.engage !== true
    ? 'none'
    : object.metadata.annotations?.[engagedByAnnotation] === automaticValue
      ? 'automatic'
      : 'byHand'

export const engineFacts = (
  standIn: StandIn,
  { failovers, standIns, world }: Pick<Evaluation, 'failovers' | 'standIns' | 'world'>,
): EngineFacts => ({
  standIn: standIn.state,
  engagement: engagementOf(standIn.resource),
  home: homes[world.home.state],
  claim: claimOn(standIn),
  // Also one in whose spec something is wrong by now: what it has moved is where it was moved.
  other: failovers.find(
    ({ resource }) =>
      resource.object !== standIn.resource.object &&
      engagementOf(resource) === 'automatic' &&
      !isOver(resource.object, standIns),
  )?.resource.name,
})

/** It is deleted, and nothing is left that it would have to release. */
const isOver = (failover: KubeObject, standIns: readonly StandIn[]): boolean =>
  isDeleted(failover) &&
  standIns.some(({ resource, claim }) => resource.object === failover && claim === undefined)

export const isDeleted = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined

const homes = { alone: 'free', free: 'free', unsure: 'unread', yielded: 'claimed' } as const

/** Of what several zones say, what speaks most against standing in. */
const claimOn = ({ zones, claim }: StandIn): Situation['claim'] => {
  if (claim !== undefined) return 'ours'
  const seen = zones.map(zone => zone.seen)
  if (seen.some(each => each.state === 'strange' || (each.state === 'claim' && each.claim.state === 'held')))
    return 'another'
  return seen.some(({ state }) => state === 'claim' || state === 'absent') ? 'nobody' : 'unread'
}

/**
 * Where to find the gateways of a peer: what the zones have under its `own-` names, and where none has any, or none can be
 * read, what they last had.
 */
export const peerAddresses = (
  { peer, resource }: Pick<StandIn, 'peer' | 'resource'>,
  { world }: Pick<Evaluation, 'world'>,
): readonly string[] => {
  const { answers, identity, postfixHolders } = world
  const found = new Set<string>()
  if (answers !== undefined && identity.state === 'one')
    for (const zone of zonesOf(world))
      for (const postfix of postfixHolders.keys())
        for (const { targets } of addressesIn(answers, zone, ownName(peer, postfix, identity.spec.domain)) ??
          [])
          for (const target of targets) found.add(target)
  const remembered = failoverMemory(resource.object).probe?.addresses ?? []
  const addresses = found.size > 0 ? [...found] : remembered.map(({ address }) => address)
  return addresses.sort().slice(0, mostAddresses)
}

/** Where the gateways of this cluster are. */
export const ownAddresses = ({ pairs }: Pick<Evaluation, 'pairs'>): readonly string[] =>
  [...new Set(pairs.flatMap(({ sets }) => sets.flatMap(({ targets }) => targets)))]
    .sort()
    .slice(0, mostAddresses)
