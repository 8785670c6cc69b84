import type { Question } from '../api/questions.ts'
import { lossQuestions } from './losses.ts'
import { ownershipQuestion } from './ownership.ts'
import type { ZoneRecord } from './records.ts'
import type { Zone } from './zone.ts'

/**
 * What to ask a zone.
 *
 * | of                                       | asked is                                               |
 * | ---------------------------------------- | ------------------------------------------------------ |
 * | what this cluster publishes, or may have | the record; its ownership under the prefix it is to    |
 * | to take over                             | have                                                   |
 * | what an instance with `sync` does not,   | the record; its ownership under the instance's prefix  |
 * | or would not, find                       |                                                        |
 */
export const questionsOf = (zone: Zone): readonly Question[] => [
  ...zone.records
    .filter(({ standing }) => standing !== 'foreign')
    .flatMap(record => {
      const { prefix } = zone.target[record.kind]
      return prefix === undefined ? [] : pairFor(zone, record, prefix)
    }),
  ...lossQuestions(zone),
]

const pairFor = (zone: Zone, record: ZoneRecord, prefix: string): readonly Question[] => [
  { zone: zone.controller.region, name: record.name, type: record.type },
  ownershipQuestion(zone, record, prefix),
]
