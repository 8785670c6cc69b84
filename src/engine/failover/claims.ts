import { type Claim, claimName, compareClaims, parseClaim } from '../../api/claims.ts'
import { claimedAtAnnotation, label } from '../../api/labels.ts'
import type { KubeObject } from '../../api/object.ts'
import { questionKey } from '../../api/questions.ts'
import { type Current, endpointsOf } from '../current.ts'
import type { Answers } from './answers.ts'

/** What one zone says of the claim on a cluster. */
export type SeenClaim =
  | { readonly state: 'claim'; readonly claim: Claim }
  /** A CNAME of that name that is no claim. */
  | { readonly state: 'strange'; readonly target: string }
  | { readonly state: 'absent' }
  | { readonly state: 'silent'; readonly why: string }
  | { readonly state: 'unread' }

/** How long the answer of the claim may be kept by resolvers, in seconds. */
export const claimTTL = 10

export const seenClaim = (
  answers: Answers,
  { zone, peer, domain }: { readonly zone: string; readonly peer: string; readonly domain: string },
): SeenClaim => {
  const answer = answers.get(questionKey({ zone, name: claimName(peer, domain), type: 'CNAME' }))
  if (answer === undefined) return { state: 'unread' }
  if (answer.state !== 'found') return answer
  const target = answer.targets[0] ?? ''
  const claim = parseClaim(target, domain)
  return claim === undefined ? { state: 'strange', target } : { state: 'claim', claim }
}

/** A claim as our DNSEndpoints have it. */
export interface OwnClaim extends Claim {
  /** RFC 3339; when it was written, or undefined where somebody took the annotation away. */
  readonly at: string | undefined
}

/** The claim on `peer` that our DNSEndpoints make; of several, left from an interrupted write, the one that counts. */
export const ownClaim = (current: Current, peer: string, domain: string): OwnClaim | undefined => {
  const name = claimName(peer, domain)
  let found: OwnClaim | undefined
  for (const object of failoverObjects(current, peer)) {
    const target = endpointsOf(object).find(({ dnsName }) => dnsName === name)?.targets[0]
    const claim = target === undefined ? undefined : parseClaim(target, domain)
    if (claim === undefined) continue
    if (found === undefined || compareClaims(claim, found) > 0)
      found = { ...claim, at: object.metadata.annotations?.[claimedAtAnnotation] }
  }
  return found
}

/**
 * Our DNSEndpoints that are about standing in for `peer`: claims and stand-in records. A label that somebody has put on
 * another one makes it none: what it is waited for to go would never go.
 */
export const failoverObjects = (current: Current, peer: string): readonly KubeObject[] => {
  const found: KubeObject[] = []
  for (const object of current.dnsEndpoints.ours.values())
    if (object.metadata.labels?.[label.regionFailover] === peer && isAbout(object, peer)) found.push(object)
  return found
}

/** Whether it has a claim on `peer`, or a record under a name of it. */
export const isAbout = (object: KubeObject, peer: string): boolean =>
  endpointsOf(object).some(
    ({ dnsName }) => dnsName.startsWith(`${peer}-`) || dnsName.startsWith(claimName(peer, '')),
  )

/** Whether an object of `failoverObjects` is a claim; the others are stand-in records. */
export const isClaim = (object: KubeObject): boolean =>
  endpointsOf(object).some(({ dnsName }) => dnsName.startsWith('srouter-claim-'))
