import type { Answers } from '../engine/failover/answers.ts'
import { type Danger, dangersIn } from './dangers.ts'
import { unreadLosses } from './losses.ts'
import { areApplied } from './objects.ts'
import { type RecordState, recordState } from './ownership.ts'
import { prefixTroubles } from './prefixes.ts'
import type { ZoneRecord } from './records.ts'
import { isSplit } from './split.ts'
import { isRunning, managesTxt, type Writer, type Zone } from './zone.ts'

export const steps = [
  'prepare',
  'unread',
  'mistaken',
  'open',
  'write',
  'wait',
  'clear',
  'switch',
  'close',
  'done',
] as const
export type Step = (typeof steps)[number]

/** A record that this cluster publishes or may take over, and how far its ownership has got. */
export interface Adoption {
  readonly record: ZoneRecord
  readonly ownership: RecordState
}

/** How far a zone is on its way to the split set-up, as this cluster sees it. */
export interface Progress {
  readonly zone: Zone
  readonly step: Step
  /** What is wrong, where the step is one that somebody has to mend. */
  readonly troubles: readonly string[]
  readonly adoptions: readonly Adoption[]
  /** The instance that can write ownership records: it runs, has the DNSEndpoints of gateways, and manages TXT. */
  readonly scribe: Writer | undefined
  readonly dangers: readonly Danger[]
}

/**
 * The first row that applies:
 *
 * | step     | when                                                        | what is next                          |
 * | -------- | ----------------------------------------------------------- | ------------------------------------- |
 * | prepare  | DNSConfiguration lacks name servers or prefixes, or one     | edit it                               |
 * |          | that is named is in use by the old instance                 |                                       |
 * | unread   | the zone does not answer                                    | look at its name server               |
 * | mistaken | an ownership record has another owner than it should        | delete it, or take another prefix     |
 * | open     | ownership is missing, and no instance manages TXT           | one argument more for one that runs   |
 * | write    | …, and the cluster has no DNSEndpoints for all of it        | srouter adopt \| kubectl apply -f -   |
 * | wait     | …, and ExternalDNS has not published them                   | wait for a cycle                      |
 * | clear    | DNSEndpoints of "srouter adopt" are left                    | kubectl delete                        |
 * | switch   | the new instances are not the ones that run                 | stop the old, start the new           |
 * | close    | an instance manages TXT                                     | one argument less                     |
 * | done     |                                                             |                                       |
 */
export const progressOf = (zone: Zone, answers: Answers): Progress => {
  const adoptions = adoptionsIn(zone, answers)
  const having = (state: RecordState['state']) =>
    adoptions.filter(({ ownership }) => ownership.state === state).map(({ record }) => record)
  const open = having('open')
  const scribe = zone.writers.find(
    writer => isRunning(writer) && writer.role !== 'routes' && managesTxt(writer),
  )
  const rows: readonly (readonly [Step, boolean | readonly string[]])[] = [
    ['prepare', prefixTroubles(zone)],
    ['unread', [...silence(adoptions), ...unreadLosses(zone, answers)].slice(0, 1)],
    ['mistaken', having('mistaken').length > 0],
    ['open', open.length > 0 && scribe === undefined],
    ['write', open.length > 0 && !areApplied(zone, open)],
    ['wait', open.length > 0],
    ['clear', zone.adopting.length > 0],
    ['switch', !isSplit(zone)],
    ['close', scribe !== undefined],
  ]
  const [step, troubles] = rows.find(([, applies]) =>
    typeof applies === 'boolean' ? applies : applies.length > 0,
  ) ?? ['done', []]
  return {
    zone,
    step,
    troubles: typeof troubles === 'boolean' ? [] : troubles,
    adoptions,
    scribe,
    dangers: dangersIn(zone, answers, open),
  }
}

const adoptionsIn = (zone: Zone, answers: Answers): readonly Adoption[] =>
  zone.records.flatMap(record => {
    const { owner, prefix } = zone.target[record.kind]
    return record.standing === 'foreign' || prefix === undefined
      ? []
      : [{ record, ownership: recordState(answers, zone, record, prefix, owner) }]
  })

/** Of the reasons one stands for all: a name server that is away is away for every record. */
const silence = (adoptions: readonly Adoption[]): readonly string[] =>
  adoptions.flatMap(({ ownership }) => (ownership.state === 'unread' ? [ownership.why] : []))
