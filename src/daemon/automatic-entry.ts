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

const generationOf = ({ resource: { object } }: StandIn): number => object.metadata.generation ?? 0

/**
 * What is known of a RegionFailover, with what the engine makes of it now. Its memory is
 *
 * | known                    | what has changed                                      | memory             |
 * | ------------------------ | ----------------------------------------------------- | ------------------ |
 * | no, or in mode Manual    |                                                       | from the status    |
 * | of another uid, or a     |                                                       | from the status    |
 * | later generation         |                                                       |                    |
 * | Armed                    | the probe: it may never succeed                       | Waiting            |
 * | Armed                    | twice since: it may have been engaged, and ended      | Waiting            |
 * | otherwise                |                                                       | as it was          |
 */
export const entryFor = (
  standIn: StandIn,
  facts: EngineFacts,
  known: Entry | undefined,
  now: number,
): Entry => {
  const { object, spec } = standIn.resource
  const before = known !== undefined && spec?.mode !== 'Manual' && isSame(known, standIn) ? known : undefined
  const memory =
    before === undefined
      ? memoryFrom(failoverMemory(object).automatic, now, {
          holdDownSeconds: spec?.holdDownSeconds ?? 1,
          generation: generationOf(standIn),
        })
      : before.memory.state === 'Armed' && isNoLongerArmed(before.standIn, standIn)
        ? firstMemory(now)
        : before.memory
  const rest = before ?? { decision: undefined, decidedOn: 0, text: '', writtenAs: 0 }
  return { ...rest, standIn, facts, memory: rememberEngaged(memory, facts.engagement, now) }
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
