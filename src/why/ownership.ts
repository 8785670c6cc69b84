import { type ExternalDNSController, txtPrefixFor } from '../api/dns-configuration.ts'
import { ownershipName } from '../api/names.ts'
import { type OwnershipRecord, parseOwnership } from '../api/ownership-record.ts'
import { type QueryType, questionKey } from '../api/questions.ts'
import type { Answers } from '../engine/failover/answers.ts'
import type { Written } from './questions.ts'

/** Whose a record is, as far as a zone says it. */
export type Ownership =
  /** ExternalDNS's, by the TXT record beside it. */
  | { readonly state: 'owned'; readonly by: OwnershipRecord }
  /** There is no TXT record under the prefix of the instance that should own it. */
  | { readonly state: 'nobody'; readonly prefix: string }
  /** Its prefix is not known, or the zone does not answer. */
  | { readonly state: 'unknown' }

/** A name in a zone, with the types of record whose owner is asked for: an A by hand may stand where a CNAME is owned. */
export interface OwnedName {
  readonly zone: string
  readonly name: string
  readonly types: readonly QueryType[]
  readonly written: Written
}

export const ownershipIn = (
  answers: Answers,
  { zone, name, types, written }: OwnedName,
  controller: ExternalDNSController | undefined,
): Ownership => {
  const prefix = controller === undefined ? undefined : txtPrefixFor(controller, written)
  if (prefix === undefined) return { state: 'unknown' }
  const texts: string[] = []
  for (const type of types) {
    const answer = answers.get(questionKey({ zone, name: ownershipName(prefix, type, name), type: 'TXT' }))
    if (answer === undefined || answer.state === 'silent') return { state: 'unknown' }
    if (answer.state === 'found') texts.push(...answer.targets)
  }
  for (const text of texts) {
    const by = parseOwnership(text)
    if (by !== undefined) return { state: 'owned', by }
  }
  // A text that cannot be read, such as an encrypted one, is somebody's.
  return texts.length > 0 ? { state: 'unknown' } : { state: 'nobody', prefix }
}

/** `aks01-weu, for crd/shop/web-external-dns-weu` */
export const ownerText = ({ owner, resource }: OwnershipRecord): string =>
  resource === undefined ? owner : `${owner}, for ${resource}`

/** Whether the record was made for this DNSEndpoint, given as `namespace/name`; one that does not say counts as such. */
export const isFor = ({ resource }: OwnershipRecord, key: string): boolean =>
  resource === undefined || resource === `crd/${key}`
