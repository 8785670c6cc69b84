import { clusterNameOf, ownName } from '../api/claims.ts'
import type { ExternalDNSController } from '../api/dns-configuration.ts'
import { targetName } from '../api/names.ts'
import { type QueryType, queryTypes, questionKey } from '../api/questions.ts'
import type { AddressSet } from '../engine/addresses.ts'
import { endpointsOf } from '../engine/current.ts'
import { addressesIn } from '../engine/failover/answers.ts'
import { mirrored } from '../engine/failover/mirror.ts'
import type { Known } from './link.ts'
import type { Endpoint } from './links/endpoint.ts'
import { type Ownership, ownershipIn } from './ownership.ts'
import type { Written } from './questions.ts'

/** What a zone has under a name, beside what it should have. */
export interface InZone {
  readonly zone: string
  readonly name: string
  readonly written: Written
  readonly controller: string
  /** The DNSEndpoint that asks for it, as `namespace/name`. */
  readonly key: string
  readonly wanted: readonly AddressSet[]
  /** Undefined where the zone does not say. */
  readonly there: readonly AddressSet[] | undefined
  readonly ownership: Ownership
  /** Why it does not say; undefined where it does, or was not asked. */
  readonly silence: string | undefined
  /** Undefined where nobody can be asked; none for the system's resolver. */
  readonly servers: readonly string[] | undefined
  /** Other addresses that are in order, as long as one cluster stands in for another, and why. */
  readonly excused: readonly Excuse[]
}

export interface Excuse {
  readonly sets: readonly AddressSet[]
  readonly reason?: string
  readonly why: string
}

export const inZone = ({ name, wanted }: Endpoint, known: Known): InZone => {
  const { answers, servers, evaluation } = known
  const { zone, controller } = wanted.writer
  const written: Written = wanted.source.kind === 'ServiceRoute' ? 'route' : 'gateway'
  const instance = evaluation.world.controllers.find(each => each.name === controller)
  const should = setsOf(wanted.object, name)
  const { there, silence } = answered(known, zone, name)
  const types = typesOf(there, should)
  return {
    zone,
    name,
    written,
    controller,
    key: wanted.key,
    wanted: should,
    there,
    silence,
    ownership: ownershipIn(answers, { zone, name, types, written }, instance),
    servers: servers.get(zone),
    excused: written === 'gateway' ? excuses(name, known) : [],
  }
}

/** Of what is there, else of what should be. */
const typesOf = (
  there: readonly AddressSet[] | undefined,
  should: readonly AddressSet[],
): readonly QueryType[] =>
  (there === undefined || there.length === 0 ? should : there).map(({ type }) => type)

/** What a zone says of a name for which this cluster wants no record. */
export const answered = (
  { answers }: Pick<Known, 'answers'>,
  zone: string,
  name: string,
): Pick<InZone, 'there' | 'silence'> => {
  const silence = queryTypes.flatMap(type => {
    const answer = answers.get(questionKey({ zone, name, type }))
    return answer?.state === 'silent' ? [answer.why] : []
  })[0]
  return { there: addressesIn(answers, zone, name), silence }
}

/** Of the instances of a zone, the first under whose prefix somebody owns the name. */
export const anyOwnership = (
  { answers, evaluation: { world } }: Known,
  zone: string,
  name: string,
): Ownership => {
  const all = world.controllers
    .filter(({ region }) => region === zone)
    .flatMap((controller: ExternalDNSController) =>
      (['route', 'gateway'] as const).map(written =>
        ownershipIn(answers, { zone, name, types: queryTypes, written }, controller),
      ),
    )
  return (
    all.find(({ state }) => state === 'owned') ??
    all.find(({ state }) => state === 'nobody') ?? { state: 'unknown' }
  )
}

const setsOf = (object: Endpoint['wanted']['object'], name: string): readonly AddressSet[] =>
  endpointsOf(object).flatMap(({ dnsName, recordType: type, targets }) =>
    dnsName === name && (type === 'A' || type === 'AAAA' || type === 'CNAME') ? [{ type, targets }] : [],
  )

/**
 * | this cluster                         | its gateway's name may have as well                     |
 * | ------------------------------------ | ------------------------------------------------------- |
 * | has yielded                          | the addresses of who stands in, and its own until those |
 * |                                      | are written; any, where those cannot be read            |
 * | was stood in for until a moment ago  | the addresses of who may stand in                       |
 */
const excuses = (name: string, { evaluation }: Known): readonly Excuse[] => {
  const { world, pairs } = evaluation
  const { identity, home, answers } = world
  if (identity.state !== 'one') return []
  const pair = pairs.find(({ spec }) => targetName(identity.spec, spec.targetPostfix) === name)
  if (pair === undefined) return []
  if (home.state === 'yielded') {
    const theirs = mirrored(pair.spec, world)
    return [
      ...(theirs === undefined
        ? []
        : [{ sets: theirs, reason: 'Yielded', why: `${home.holder} stands in for this cluster` }]),
      {
        sets: pair.sets,
        reason: 'Yielded',
        why: `these are still this cluster's own addresses, and ${home.holder} stands in for it`,
      },
    ]
  }
  if (home.state !== 'free' || !home.explained || answers === undefined) return []
  const { region, domain, standIns = [] } = identity.spec
  return standIns
    .filter(peer => peer !== clusterNameOf(identity.spec))
    .flatMap(peer => {
      const sets = addressesIn(answers, region, ownName(peer, pair.spec.targetPostfix, domain))
      return sets === undefined || sets.length === 0
        ? []
        : [{ sets, why: `these are still the addresses of ${peer}, which has stood in for this cluster` }]
    })
}
