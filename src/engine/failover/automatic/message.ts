import { timestamp } from '../../../lib/timestamp.ts'
import type { AutomaticReason, Decision, Situation } from './decision.ts'

/** What would happen now, and why, for people. */
export const decisionText = (
  { reason, memory }: Pick<Decision, 'reason' | 'memory'>,
  situation: Situation,
  peer: string,
): string => texts[reason]({ ...situation, name: peer, until: memory.until ?? memory.since })

export const notWrittenText = (action: 'Engage' | 'Release', peer: string, why: string): string =>
  `${action === 'Engage' ? `${down(peer)}` : `${peer} is still stood in for`}: engage could not be written: ${printable(why)}`

const longestWhy = 300

const printable = (text: string): string => text.slice(0, longestWhy).replace(/[^\x20-\x7e]/g, '?')

type Text = (situation: Situation & { readonly name: string; readonly until: number }) => string

const down = (name: string): string => `${name} does not answer, and nothing is engaged`

const texts: Readonly<Record<AutomaticReason, Text>> = {
  PeerNeverUp: ({ name }) =>
    `nothing is engaged before the probe has found ${name} up: a probe that never succeeds may be wrong`,
  PeerUp: ({ name }) => `${name} answers; it would be stood in for if it no longer did`,
  PeerFailing: ({ name }) => `${name} has begun not to answer, but not often enough in a row`,
  PeerUnknown: ({ name }) => `${name} has not been probed often enough to know`,
  PeerDown: ({ name, spec }) =>
    spec.mode === 'Observe'
      ? `${name} does not answer; in mode Automatic this cluster would stand in for it`
      : `${name} does not answer, so this cluster stands in for it`,
  OwnClaimUnread: ({ name }) => `${down(name)}: whether this cluster is itself claimed cannot be read`,
  ItselfClaimed: ({ name }) => `${down(name)}: another cluster stands in for this one`,
  ClaimUnread: ({ name }) => `${down(name)}: no zone says who has the claim on it`,
  ClaimHeld: ({ name }) => `${down(name)}: another cluster has the claim on it`,
  NotReady: ({ name, standIn }) => `${down(name)}: the RegionFailover is ${standIn}`,
  AnotherEngaged: ({ name, other }) =>
    `${down(name)}: this cluster stands in for ${other ?? 'another'} already`,
  NoWitness: ({ name }) =>
    `${down(name)}: no witness has answered since, so it may be the network of this cluster that has failed`,
  OwnGatewayDown: ({ name }) =>
    `${down(name)}: no gateway of this cluster answers the same probe, so it could not serve what it took over`,
  EngagedByHand: () => 'people have engaged it, and people end it: srouter failover end',
  FailbackByHand: ({ name }) => `${name} answers again; failback is Manual: srouter failover end ${name}`,
  HeldAtLeast: ({ name, spec }) =>
    `${name} answers again; it stays engaged for at least ${spec.holdDownSeconds} s`,
  PeerReturned: ({ name }) => `${name} answers again, so it gets its traffic back`,
  GaveWay: ({ name }) => `this cluster gave way to another claim and does not stand in for ${name}`,
  Ended: ({ until }) => `it was ended; nothing is engaged anew before ${timestamp(until)}`,
  HoldDown: ({ until }) =>
    `it has ended a short while ago; nothing is engaged anew before ${timestamp(until)}`,
}
