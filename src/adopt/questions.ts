import type { Question } from '../api/questions.ts'
import { ownershipQuestion } from './ownership.ts'
import type { ZoneRecord } from './records.ts'
import { threats } from './threats.ts'
import type { Zone } from './zone.ts'

/**
 * What to ask a zone.
 *
 * | of                                       | asked is                                               |
 * | ---------------------------------------- | ------------------------------------------------------ |
 * | what this cluster publishes, or may have | the record; its ownership under the prefix it is to    |
 * | to take over                             | have                                                   |
 * | what an instance with `sync` would not   | the record; its ownership under the instance's prefix  |
 * | find among its DNSEndpoints              |                                                        |
 */
export const questionsOf = (zone: Zone): readonly Question[] => [
  ...zone.records
    .filter(({ standing }) => standing !== 'foreign')
    .flatMap(record => {
      const { prefix } = zone.target[record.kind]
      return prefix === undefined ? [] : pairFor(zone, record, prefix)
    }),
  ...threats(zone).flatMap(({ instance, records }) =>
    records.flatMap(record => pairFor(zone, record, instance.settings.txtPrefix)),
  ),
]

const pairFor = (zone: Zone, record: ZoneRecord, prefix: string): readonly Question[] => [
  { zone: zone.controller.region, name: record.name, type: record.type },
  ownershipQuestion(zone, record, prefix),
]
