import type { Evaluation } from '../engine/evaluate.ts'
import {
  type AutomaticMemory,
  type Decision,
  firstMemory,
  rememberEngaged,
  type SaidReason,
} from '../engine/failover/automatic/decision.ts'
import { type EngineFacts, ownAddresses, peerAddresses } from '../engine/failover/automatic/facts.ts'
import { memoryFrom } from '../engine/failover/automatic/report.ts'
import { failoverMemory } from '../engine/failover/memory.ts'
import type { StandIn } from '../engine/failover/stand-in.ts'
import type { Probed } from './probing.ts'

/** A decision, or that it could not be written. */
export type Conclusion = Omit<Decision, 'reason'> & { readonly reason: SaidReason }

/** What is known of a RegionFailover that has a probe. */
export interface Entry {
  readonly standIn: StandIn
  readonly facts: EngineFacts
  memory: AutomaticMemory
  decision: Conclusion | undefined
  /** The generation of the RegionFailover that it was decided on. */
  decidedOn: number
  text: string
  /** The version of the spec that was last written; before the engine has seen it nothing is decided. */
  writtenAs: number
}

export const generationOf = ({ resource: { object } }: StandIn): number => object.metadata.generation ?? 0

/**
 * What is known of a RegionFailover, with what the engine makes of it now. Its memory is
 *
 * | known                         | and now                                          | memory          |
 * | ----------------------------- | ------------------------------------------------ | --------------- |
 * | no                            |                                                  | from the status |
 * | of another uid, or of a later |                                                  | from the status |
 * | generation                    |                                                  |                 |
 * | HoldDown                      | mode Manual                                      | as it was       |
 * | anything else                 | mode Manual                                      | from the status |
 * | Armed                         | another probe: it may never succeed              | Waiting         |
 * | Armed                         | changed twice: it may have been engaged, and     | Waiting         |
 * |                               | ended                                            |                 |
 * | anything else                 |                                                  | as it was       |
 */
export const entryFor = (
  standIn: StandIn,
  facts: EngineFacts,
  known: Entry | undefined,
  now: number,
): Entry => {
  const before = known !== undefined && isSame(known, standIn) ? known : undefined
  const isManual = standIn.resource.spec?.mode === 'Manual'
  const silent = { decision: undefined, decidedOn: 0, text: '', writtenAs: 0 }
  const rest = before === undefined || isManual ? silent : before
  const memory = rememberEngaged(memoryOf(standIn, before, now), facts.engagement, now)
  return { ...rest, standIn, facts, memory }
}

const memoryOf = (standIn: StandIn, known: Entry | undefined, now: number): AutomaticMemory => {
  const { object, spec } = standIn.resource
  const isManual = spec?.mode === 'Manual'
  if (known === undefined || (isManual && known.memory.state !== 'HoldDown'))
    return memoryFrom(failoverMemory(object).automatic, now, {
      holdDownSeconds: spec?.holdDownSeconds ?? 1,
      generation: generationOf(standIn),
    })
  const isDisarmed = known.memory.state === 'Armed' && isNoLongerArmed(known.standIn, standIn)
  return isDisarmed ? firstMemory(now) : known.memory
}

/** Not one that has taken its name, nor what a backup knows of it. */
const isSame = ({ standIn: known }: Entry, standIn: StandIn): boolean =>
  known.resource.object.metadata.uid === standIn.resource.object.metadata.uid &&
  generationOf(known) <= generationOf(standIn)

const isNoLongerArmed = (known: StandIn, standIn: StandIn): boolean =>
  generationOf(standIn) > generationOf(known) + 1 ||
  !Bun.deepEquals(known.resource.spec?.probe, standIn.resource.spec?.probe)

export const probedFor = (standIn: StandIn, evaluation: Evaluation): Probed => {
  const { spec } = standIn.resource
  if (spec?.probe === undefined) throw new Error('it has no probe')
  const decides = spec.mode !== 'Manual'
  return {
    peer: standIn.peer,
    probe: spec.probe,
    peerAddresses: peerAddresses(standIn, evaluation),
    ownAddresses: decides ? ownAddresses(evaluation) : [],
    witnesses: decides ? (spec.witnesses ?? []) : [],
  }
}
