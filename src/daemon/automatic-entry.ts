import type { Evaluation } from '../engine/evaluate.ts'
import {
  type AutomaticMemory,
  type Decision,
  firstMemory,
  rememberEngaged,
} from '../engine/failover/automatic/decision.ts'
import { type EngineFacts, ownAddresses, peerAddresses } from '../engine/failover/automatic/facts.ts'
import { memoryFrom } from '../engine/failover/automatic/report.ts'
import { failoverMemory } from '../engine/failover/memory.ts'
import type { StandIn } from '../engine/failover/stand-in.ts'
import type { Probed } from './probing.ts'

/** What is known of a RegionFailover that has a probe. */
export interface Entry {
  readonly standIn: StandIn
  readonly facts: EngineFacts
  memory: AutomaticMemory
  decision: Decision | undefined
  /** The generation of the RegionFailover that it was decided on. */
  decidedOn: number
  text: string
  /** The version of the spec that was last written; before the engine has seen it nothing is decided. */
  writtenAs: number
}

const generationOf = ({ resource: { object } }: StandIn): number => object.metadata.generation ?? 0

/** What is known of a RegionFailover, with what the engine makes of it now; at first from its status. */
export const entryFor = (
  standIn: StandIn,
  facts: EngineFacts,
  known: Entry | undefined,
  now: number,
): Entry => {
  const { object, spec } = standIn.resource
  const isKnown = known !== undefined && spec?.mode !== 'Manual'
  // What was changed twice in between may have been engaged and ended.
  const isUnseen =
    isKnown && known.memory.state === 'Armed' && generationOf(standIn) > generationOf(known.standIn) + 1
  const memory = !isKnown
    ? memoryFrom(failoverMemory(object).automatic, now, {
        holdDownSeconds: spec?.holdDownSeconds ?? 1,
        generation: generationOf(standIn),
      })
    : isUnseen
      ? firstMemory(now)
      : known.memory
  const rest = isKnown ? known : { decision: undefined, decidedOn: 0, text: '', writtenAs: 0 }
  return { ...rest, standIn, facts, memory: rememberEngaged(memory, facts.engagement, now) }
}

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
