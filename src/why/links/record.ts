import type { AddressSet } from '../../engine/addresses.ts'
import { sameSets } from '../../engine/addresses.ts'
import type { Known, Link } from '../link.ts'
import { isFor, type Ownership, ownerText } from '../ownership.ts'
import { wildcardFor } from '../questions.ts'
import { answered, anyOwnership, type InZone, inZone } from '../zone.ts'
import type { Endpoint } from './endpoint.ts'

/** What a zone answers, compared with what it should. The first diagnosis that applies counts. */
export const recordInZone = (endpoint: Endpoint, known: Known): Link => {
  const record = inZone(endpoint, known)
  for (const diagnose of diagnoses) {
    const found = diagnose(record, known)
    if (found !== undefined) return { link: 'record', zone: record.zone, ...found }
  }
  return { link: 'record', zone: record.zone, ...differs(record, '', seeLog(record)) }
}

type Found = Omit<Link, 'link' | 'zone'>
type Diagnosis = (record: InZone, known: Known) => Found | undefined

/** Nobody can be asked. */
const notAsked: Diagnosis = ({ zone, servers }) =>
  servers === undefined
    ? {
        state: 'unknown',
        reason: 'NotRead',
        message: `nobody is known who answers for zone ${zone}`,
        hint: 'name its servers in the DNSConfiguration: nameservers of the controller',
      }
    : undefined

const silent: Diagnosis = ({ zone, servers, silence, there }) =>
  there !== undefined
    ? undefined
    : {
        // The system's resolver was not chosen by anybody for this.
        state: servers?.length === 0 ? 'unknown' : 'broken',
        reason: 'NotRead',
        message: `zone ${zone} cannot be read: ${silence ?? 'it was not asked'}`,
        hint: 'see whether the server runs and may be reached from here, and whether nameservers in the DNSConfiguration is right',
      }

/** The system's resolver may never have heard of a private zone. */
const elsewhere: Diagnosis = ({ zone, servers, there }, known) =>
  servers?.length === 0 && there?.length === 0 && knowsNothing(zone, known)
    ? {
        state: 'unknown',
        reason: 'NotRead',
        message: `the system's resolver knows no name of this cluster, so it is hardly zone ${zone} that answers`,
        hint: 'name its servers in the DNSConfiguration: nameservers of the controller; or ask from where the zone can be seen',
      }
    : undefined

const knowsNothing = (zone: string, { answers }: Known): boolean =>
  ![...answers].some(([key, { state }]) => key.startsWith(`${zone} `) && state === 'found')

const asItShould: Diagnosis = record => {
  const { wanted, there = [], ownership } = record
  if (!sameSets(wanted, there)) return undefined
  const found = {
    state: 'ok',
    reason: 'Published',
    message: `${answerText(record)}${owned(record)}`,
  } as const
  if (ownership.state === 'nobody')
    return {
      ...found,
      state: 'note',
      message: `${answerText(record)}, but ExternalDNS does not own the record: it has no TXT record with the prefix ${ownership.prefix}`,
      hint: 'it will not follow when the name changes; delete it at the DNS provider, and ExternalDNS makes it anew',
    }
  return isOthers(record)
    ? {
        ...found,
        state: 'note',
        message: `${answerText(record)}, but for another object: it is owned by ${ownerOf(ownership)}`,
        hint: `ExternalDNS changes it for this one only where its owner id is ${ownership.state === 'owned' ? ownership.by.owner : 'the same'}`,
      }
    : found
}

/** Somebody else's addresses are what clients should get while one cluster stands in for another. */
const excused: Diagnosis = record => {
  const { there = [] } = record
  const excuse = record.excused.find(({ sets }) => sets.length > 0 && sameSets(sets, there))
  return excuse === undefined
    ? undefined
    : {
        state: 'note',
        ...(excuse.reason === undefined ? {} : { reason: excuse.reason }),
        message: `${answerText(record)}: ${excuse.why}`,
      }
}

const missing: Diagnosis = record => {
  const { name, there, ownership, zone } = record
  if (there?.length !== 0) return undefined
  const nothing = { state: 'broken', reason: 'DiffersInZone' } as const
  return ownership.state === 'owned'
    ? {
        ...nothing,
        message: `zone ${zone} has no ${name}, but its TXT record: owned by ${ownerText(ownership.by)}`,
        hint: 'somebody has deleted it; where the owner is this instance, it makes it anew in its next cycle, else delete the TXT record as well',
      }
    : {
        ...nothing,
        message: `zone ${zone} has no ${name}, though ExternalDNS has read its DNSEndpoint`,
        hint: `wait for its next cycle, a minute by default; then see the log of ${record.controller} for what the provider refuses, and its --domain-filter, --managed-record-types and --txt-prefix`,
      }
}

/** To ExternalDNS, which reads whole records, the name is free. */
const wildcard: Diagnosis = (record, known) => {
  const { name, zone, there = [], ownership } = record
  const theirs = answered(known, zone, wildcardFor(name)).there ?? []
  return ownership.state !== 'owned' && theirs.length > 0 && sameSets(theirs, there)
    ? differs(
        record,
        `, which is what ${wildcardFor(name)} answers: there may be no record of this name, though ExternalDNS has read its DNSEndpoint`,
        `wait for its next cycle, a minute by default; then see the log of ${record.controller}`,
      )
    : undefined
}

/** A record that ExternalDNS does not own it leaves alone, and says so only in debug messages. */
const byHand: Diagnosis = record =>
  record.ownership.state === 'nobody'
    ? differs(
        record,
        `, which ExternalDNS leaves alone because it does not own it: there is no TXT record with the prefix ${record.ownership.prefix}`,
        'it was made by hand, or by an ExternalDNS with another --txt-prefix; delete it at the DNS provider, and ExternalDNS makes it anew',
      )
    : undefined

const othersRecord: Diagnosis = record =>
  isOthers(record)
    ? differs(
        record,
        `, which is owned by ${ownerOf(record.ownership)}`,
        'take the name from that object, or delete the record and its TXT record at the DNS provider',
      )
    : undefined

/** One type beside or instead of another. */
const otherType: Diagnosis = record => {
  const types = (sets: readonly AddressSet[]) => sets.map(({ type }) => type)
  const stale = types(record.there ?? []).filter(type => !types(record.wanted).includes(type))
  return stale.length === 0
    ? undefined
    : differs(
        record,
        '; ExternalDNS with upsert-only never changes or removes a type',
        `delete the ${stale.join(' and ')} record of ${record.name} at the DNS provider`,
      )
}

const behind: Diagnosis = record =>
  record.ownership.state === 'owned'
    ? differs(
        record,
        `; it is owned by ${ownerText(record.ownership.by)}`,
        `wait for the next cycle, a minute by default; then see whether the --txt-owner-id of ${record.controller} is ${record.ownership.by.owner}, because of another owner it changes nothing, and whether somebody else writes the name`,
      )
    : undefined

const diagnoses: readonly Diagnosis[] = [
  notAsked,
  silent,
  elsewhere,
  asItShould,
  excused,
  missing,
  wildcard,
  byHand,
  othersRecord,
  otherType,
  behind,
]

const differs = (record: InZone, because: string, hint: string): Found => ({
  state: 'broken',
  reason: 'DiffersInZone',
  message: `${answerText(record)} and not ${setsText(record.wanted)}${because}`,
  hint,
})

const seeLog = ({ controller }: InZone): string =>
  `see the log of ${controller}; with txtPrefix in the DNSConfiguration srouter can say who owns the record`

/** Which object a record is for is told apart only where clusters share no names of gateways. */
const isOthers = ({ ownership, key, written, excused }: InZone): boolean =>
  ownership.state === 'owned' && !isFor(ownership.by, key) && (written === 'route' || excused.length === 0)

const ownerOf = (ownership: Ownership): string =>
  ownership.state === 'owned' ? ownerText(ownership.by) : 'nobody'

const owned = ({ ownership }: InZone): string =>
  ownership.state === 'owned' ? `, owned by ${ownership.by.owner}` : ''

const answerText = ({ zone, name, there = [] }: Pick<InZone, 'zone' | 'name' | 'there'>): string =>
  `zone ${zone} answers ${setsText(there)} for ${name}`

const setsText = (sets: readonly AddressSet[]): string =>
  sets.length === 0
    ? 'nothing'
    : sets.map(({ type, targets }) => `${type} ${targets.join(', ')}`).join(' and ')

/** What a zone has under a name for which this cluster wants no record: nothing that could be wrong. */
export const answerOf = (zone: string, name: string, known: Known): Link => {
  const { there, silence } = answered(known, zone, name)
  const link = { link: 'record', zone } as const
  if (there === undefined)
    return {
      ...link,
      state: 'unknown',
      reason: 'NotRead',
      message: `zone ${zone} cannot be read: ${silence ?? 'it was not asked'}`,
    }
  if (there.length === 0)
    return { ...link, state: 'ok', message: 'this cluster asks for no record here, and there is none' }
  const ownership = anyOwnership(known, zone, name)
  const by = ownership.state === 'owned' ? `, owned by ${ownerText(ownership.by)}` : ''
  return {
    ...link,
    state: 'note',
    message: `this cluster asks for no record here, and ${answerText({ zone, name, there })}${by}`,
  }
}

/** A name of this cluster that it does not dare to publish: what is there stays, and nothing is made anew. */
export const unpublished = (zone: string, name: string, known: Known): Link => {
  const { there } = answered(known, zone, name)
  if (there !== undefined && there.length > 0) return answerOf(zone, name, known)
  const { home } = known.evaluation.world
  return {
    link: 'endpoint',
    zone,
    state: 'broken',
    reason: home.state === 'unsure' ? 'ClaimUnknown' : 'DNSNotReady',
    message: `this cluster publishes no ${name} now${home.state === 'unsure' ? `, because it cannot be read whether another one stands in for it: ${home.why}` : ''}`,
    hint: 'see which name servers the DNSConfiguration has for the zone of this cluster, and whether they answer',
  }
}
