import { dnsNameProblem, ownershipName } from '../api/names.ts'
import { parseOwnership } from '../api/ownership-record.ts'
import { type Question, questionKey } from '../api/questions.ts'
import { canonical } from '../engine/addresses.ts'
import type { Answer, Answers } from '../engine/failover/answers.ts'
import type { ZoneRecord } from './records.ts'
import type { Zone } from './zone.ts'

/** Asks for the TXT record in which ExternalDNS keeps who owns a record. */
export const ownershipQuestion = (
  { controller: { region } }: Zone,
  { name, type }: ZoneRecord,
  prefix: string,
): Question => ({ zone: region, name: ownershipName(prefix, type, name), type: 'TXT' })

/** What a zone says of who owns a record, under one prefix. */
export type Ownership =
  | { readonly state: 'owner'; readonly owner: string }
  | { readonly state: 'none' }
  /** A text that is no ownership record, or several. */
  | { readonly state: 'unclear'; readonly texts: readonly string[] }
  | { readonly state: 'silent'; readonly why: string }

export const ownershipIn = (answers: Answers, zone: Zone, record: ZoneRecord, prefix: string): Ownership => {
  const answer = answers.get(questionKey(ownershipQuestion(zone, record, prefix)))
  if (answer === undefined) return { state: 'silent', why: 'not asked' }
  if (answer.state === 'silent') return answer
  if (answer.state === 'absent') return { state: 'none' }
  const owners = new Set(answer.targets.map(text => parseOwnership(text)?.owner))
  const [owner] = owners
  return owners.size === 1 && owner !== undefined
    ? { state: 'owner', owner }
    : { state: 'unclear', texts: answer.targets }
}

/** What the zone has of this very type: where the name is a CNAME, its addresses are those of another name. */
export const answerFor = (answers: Answers, zone: Zone, { name, type }: ZoneRecord): Answer => {
  const { region } = zone.controller
  const alias = type === 'CNAME' ? undefined : answers.get(questionKey({ zone: region, name, type: 'CNAME' }))
  if (alias?.state === 'found') return { state: 'absent' }
  return answers.get(questionKey({ zone: region, name, type })) ?? { state: 'silent', why: 'not asked' }
}

/**
 * How far the ownership of a record has got. The first row that applies:
 *
 * | the zone has of the record    | and under the new prefix        | state    | meaning                               |
 * | ----------------------------- | ------------------------------- | -------- | ------------------------------------- |
 * | (no answer)                   |                                 | unread   |                                       |
 * | nothing                       |                                 | absent   | ExternalDNS will make both            |
 * | other than what is published  |                                 | differs  | another cluster's, or about to change |
 * | it                            | (no answer)                     | unread   |                                       |
 * | it                            | a name that DNS does not allow  | unownable| nobody can own it under that prefix   |
 * | it                            | nothing                         | open     | it is to be written                   |
 * | it                            | the owner that it is to have    | owned    |                                       |
 * | it                            | another one, or something else  | mistaken | ExternalDNS would never mend it       |
 */
export type RecordState =
  | { readonly state: 'absent' | 'differs' | 'unownable' | 'open' | 'owned' }
  | { readonly state: 'mistaken'; readonly found: string }
  | { readonly state: 'unread'; readonly why: string }

export const recordState = (
  answers: Answers,
  zone: Zone,
  record: ZoneRecord,
  prefix: string,
  owner: string,
): RecordState => {
  const there = answerFor(answers, zone, record)
  if (there.state === 'silent') return { state: 'unread', why: there.why }
  if (there.state === 'absent') return { state: 'absent' }
  if (record.standing === 'published' && !isSame(there.targets, record.targets)) return { state: 'differs' }
  if (dnsNameProblem(ownershipName(prefix, record.type, record.name)) !== undefined)
    return { state: 'unownable' }
  const ownership = ownershipIn(answers, zone, record, prefix)
  switch (ownership.state) {
    case 'silent':
      return { state: 'unread', why: ownership.why }
    case 'none':
      return { state: 'open' }
    case 'unclear':
      return { state: 'mistaken', found: ownership.texts.join(' and ') }
    case 'owner':
      return ownership.owner === owner
        ? { state: 'owned' }
        : { state: 'mistaken', found: `owner ${ownership.owner}` }
  }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => {
  const [there, wanted] = [a, b].map(targets => targets.map(canonical).sort().join(' '))
  return there === wanted
}
