import { dnsNameProblem } from '../api/names.ts'
import { parseOwnership } from '../api/ownership-record.ts'
import { type Question, questionKey } from '../api/questions.ts'
import type { Answer, Answers } from '../engine/failover/answers.ts'
import { ownershipNames } from '../external-dns/ownership-names.ts'
import type { Settings } from '../external-dns/settings.ts'
import { answerFor, ownershipQuestion } from './ownership.ts'
import type { ZoneRecord } from './records.ts'
import { type Threat, threats } from './threats.ts'
import type { Zone } from './zone.ts'

/** What to ask a zone to know what would be lost. */
export const lossQuestions = (zone: Zone): readonly Question[] =>
  threats(zone).flatMap(({ settings, records }) =>
    records.flatMap(record => [
      { zone: zone.controller.region, name: record.name, type: record.type },
      ...ownerQuestions(zone, settings, record),
    ]),
  )

const ownerQuestions = (
  { controller: { region: zone } }: Zone,
  settings: Settings,
  { name, type }: ZoneRecord,
): readonly Question[] =>
  ownershipNames(settings, type, name)
    // Nothing can be there.
    .filter(each => dnsNameProblem(each) === undefined)
    .map(each => ({ zone, name: each, type: 'TXT' }))

/** Why it cannot be told what would be lost; none where it can. */
export const unreadLosses = (zone: Zone, answers: Answers): readonly string[] =>
  lossQuestions(zone).flatMap(question => {
    const answer = answers.get(questionKey(question))
    return answer?.state === 'silent' ? [answer.why] : []
  })

/** The records that are in the zone, and that the instance takes for its own. */
export const lossesTo = (
  zone: Zone,
  { settings, records }: Threat,
  answers: Answers,
): readonly ZoneRecord[] => {
  const { ownerId, previousOwner } = settings
  return records.filter(record => {
    if (answerFor(answers, zone, record).state !== 'found') return false
    const owners = ownersIn(zone, settings, record, answers)
    return owners.includes(ownerId) || (previousOwner !== '' && owners.includes(previousOwner))
  })
}

/** Of several texts under one name it is not said which an instance reads. */
const ownersIn = (
  zone: Zone,
  settings: Settings,
  record: ZoneRecord,
  answers: Answers,
): readonly string[] => {
  for (const question of ownerQuestions(zone, settings, record)) {
    const answer = answers.get(questionKey(question))
    const texts = answer?.state === 'found' ? answer.targets : []
    const owners = texts.flatMap(text => parseOwnership(text)?.owner ?? [])
    if (owners.length > 0) return owners
  }
  return []
}

/** What the zone will answer once it has the ownership records of these. */
export const withOwnership = (zone: Zone, answers: Answers, records: readonly ZoneRecord[]): Answers => {
  const after = new Map(answers)
  for (const record of records) {
    const { owner, prefix = '' } = zone.target[record.kind]
    const written: Answer = {
      state: 'found',
      targets: [`heritage=external-dns,external-dns/owner=${owner}`],
    }
    after.set(questionKey(ownershipQuestion(zone, record, prefix.toLowerCase())), written)
  }
  return after
}
