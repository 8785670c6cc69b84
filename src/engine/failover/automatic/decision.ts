import type { RegionFailoverSpec } from '../../../api/region-failover.ts'
import type { StandInState } from '../stand-in.ts'
import type { Health } from './health.ts'

/** Everything that an automatic failover is decided by. */
export interface Situation {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly spec: Pick<RegionFailoverSpec, 'mode' | 'failback' | 'holdDownSeconds'>
  /** Whether `engage` is true, and who has set it. */
  readonly engagement: 'none' | 'byHand' | 'automatic'
  /** What the engine makes of the RegionFailover. */
  readonly standIn: StandInState
  readonly peer: Health
  /** Whether a witness answers while the peer does not. */
  readonly witnessAnswers: boolean
  /** The same of a gateway of this cluster, asked as the peer's are. */
  readonly gatewayAnswers: boolean
  /** Whether somebody stands in for this cluster. */
  readonly home: 'free' | 'claimed' | 'unread'
  /** Who has the claim on the peer. */
  readonly claim: 'nobody' | 'ours' | 'another' | 'unread'
  /** Another RegionFailover of this cluster that is engaged automatically. */
  readonly other: string | undefined
}

/** What is said: the reason of a decision, or that it could not be written. */
export type SaidReason = AutomaticReason | 'NotWritten'

/** What is kept, also over a restart. */
export interface AutomaticMemory {
  readonly state: 'Waiting' | 'Armed' | 'Engaged' | 'HoldDown'
  /** Milliseconds since 1970. */
  readonly since: number
  /** End of the hold-down. */
  readonly until: number | undefined
}

export type AutomaticReason =
  | 'PeerNeverUp'
  | 'PeerUp'
  | 'PeerFailing'
  | 'PeerUnknown'
  | 'PeerDown'
  | 'OwnClaimUnread'
  | 'ItselfClaimed'
  | 'ClaimUnread'
  | 'ClaimHeld'
  | 'NotReady'
  | 'AnotherEngaged'
  | 'NoWitness'
  | 'OwnGatewayDown'
  | 'EngagedByHand'
  | 'FailbackByHand'
  | 'HeldAtLeast'
  | 'PeerReturned'
  | 'GaveWay'
  | 'Ended'
  | 'HoldDown'

export interface Decision {
  readonly memory: AutomaticMemory
  /** What to do with `engage`; in mode Observe what would be done. */
  readonly action: 'Engage' | 'Release' | undefined
  readonly reason: AutomaticReason
}

export const firstMemory = (now: number): AutomaticMemory => ({
  state: 'Waiting',
  since: now,
  until: undefined,
})

/** What is engaged was engaged, also where it ends again before anything is decided: else it would be begun anew. */
export const rememberEngaged = (
  memory: AutomaticMemory,
  engagement: Situation['engagement'],
  now: number,
): AutomaticMemory =>
  memory.state === 'Engaged' || engagement === 'none'
    ? memory
    : { state: 'Engaged', since: now, until: undefined }

/** A time that a wrong clock has told must not hold it for longer than it may. */
export const inTime = (
  { state, since, until }: AutomaticMemory,
  now: number,
  holdDownSeconds: number,
): AutomaticMemory => ({
  state,
  since: Math.min(since, now),
  until: until === undefined ? undefined : Math.min(until, now + holdDownSeconds * 1000),
})

/**
 * | state    | situation                             | state    | action  | reason                     |
 * | -------- | ------------------------------------- | -------- | ------- | -------------------------- |
 * | any but  | it is engaged                         | Engaged  |         | PeerDown, EngagedByHand    |
 * | Engaged  |                                       |          |         |                            |
 * | Waiting  | the peer is up                        | Armed    |         | PeerUp                     |
 * | Waiting  | it is not                             | Waiting  |         | PeerNeverUp                |
 * | Armed    | the peer is not down                  | Armed    |         | PeerUp, PeerFailing, …     |
 * | Armed    | down, and something speaks against it | Armed    |         | what does (`against`)      |
 * | Armed    | down, and nothing does                | Engaged  | Engage  | PeerDown                   |
 * | Engaged  | somebody has ended it                 | HoldDown |         | Ended                      |
 * | Engaged  | by hand                               | Engaged  |         | EngagedByHand              |
 * | Engaged  | it gave way to another claim          | HoldDown | Release | GaveWay                    |
 * | Engaged  | the peer is up, failback by hand      | Engaged  |         | FailbackByHand             |
 * | Engaged  | up, automatic, but held too shortly   | Engaged  |         | HeldAtLeast                |
 * | Engaged  | up, automatic, and held long enough   | HoldDown | Release | PeerReturned               |
 * | Engaged  | the peer is not up                    | Engaged  |         | PeerDown                   |
 * | HoldDown | it is not over                        | HoldDown |         | HoldDown                   |
 * | HoldDown | it is over                            | Waiting  |         | PeerNeverUp                |
 *
 * Armed is only what has seen the peer up since it last ended: a probe that never succeeded, of a wrong port perhaps, moves
 * nothing; and what people have ended while the peer is down stays ended. What people have engaged, people end.
 * In mode Observe `engagement` stays `none`, and Engaged is what it would be; it ends when the peer is up. What was engaged
 * before the mode was Observe, people end.
 */
export const decide = (remembered: AutomaticMemory, situation: Situation): Decision => {
  const { engagement, peer, now, spec } = situation
  const memory = inTime(remembered, now, spec.holdDownSeconds)
  if (memory.state !== 'Engaged' && engagement !== 'none')
    return go('Engaged', situation, isTheirs(situation) ? 'EngagedByHand' : 'PeerDown')
  switch (memory.state) {
    case 'Waiting':
      return peer.state === 'Up'
        ? go('Armed', situation, 'PeerUp')
        : { memory, action: undefined, reason: 'PeerNeverUp' }
    case 'Armed': {
      const reason = armed(situation)
      return reason === 'PeerDown'
        ? go('Engaged', situation, reason, 'Engage')
        : { memory, action: undefined, reason }
    }
    case 'Engaged':
      return engaged(memory, situation)
    default:
      return now < (memory.until ?? memory.since)
        ? { memory, action: undefined, reason: 'HoldDown' }
        : go('Waiting', situation, 'PeerNeverUp')
  }
}

/** Whether people are to end it: they have engaged it, or switched to a mode in which nothing is done. */
const isTheirs = ({ engagement, spec }: Situation): boolean =>
  engagement === 'byHand' || (engagement === 'automatic' && spec.mode === 'Observe')

const armed = (situation: Situation): AutomaticReason => {
  const { peer } = situation
  if (peer.failures === 0) return peer.state === 'Up' ? 'PeerUp' : 'PeerUnknown'
  if (peer.state !== 'Down') return 'PeerFailing'
  return against.find(([holds]) => holds(situation))?.[1] ?? 'PeerDown'
}

/** What speaks against standing in; the first that holds is said. */
const against: readonly (readonly [(situation: Situation) => boolean, AutomaticReason])[] = [
  [({ home }) => home === 'claimed', 'ItselfClaimed'],
  [({ witnessAnswers }) => !witnessAnswers, 'NoWitness'],
  [({ gatewayAnswers }) => !gatewayAnswers, 'OwnGatewayDown'],
  [({ home }) => home === 'unread', 'OwnClaimUnread'],
  [({ claim }) => claim === 'another', 'ClaimHeld'],
  [({ claim }) => claim === 'unread', 'ClaimUnread'],
  [({ standIn, claim }) => standIn !== 'Standby' || claim === 'ours', 'NotReady'],
  [({ other }) => other !== undefined, 'AnotherEngaged'],
]

const engaged = (memory: AutomaticMemory, situation: Situation): Decision => {
  const { engagement, standIn, peer, spec, now } = situation
  const stay = (reason: AutomaticReason): Decision => ({ memory, action: undefined, reason })
  if (spec.mode === 'Observe' && engagement === 'none')
    return peer.state === 'Up' ? go('HoldDown', situation, 'PeerReturned', 'Release') : stay('PeerDown')
  if (engagement === 'none') return go('HoldDown', situation, 'Ended')
  if (isTheirs(situation)) return stay('EngagedByHand')
  if (standIn === 'Withdrawn' || standIn === 'Blocked') return go('HoldDown', situation, 'GaveWay', 'Release')
  if (peer.state !== 'Up') return stay('PeerDown')
  if (spec.failback !== 'Automatic') return stay('FailbackByHand')
  if (now < memory.since + spec.holdDownSeconds * 1000) return stay('HeldAtLeast')
  return go('HoldDown', situation, 'PeerReturned', 'Release')
}

const go = (
  state: AutomaticMemory['state'],
  { now, spec }: Situation,
  reason: AutomaticReason,
  action?: Decision['action'],
): Decision => ({
  memory: {
    state,
    since: now,
    until: state === 'HoldDown' ? now + spec.holdDownSeconds * 1000 : undefined,
  },
  action,
  reason,
})
