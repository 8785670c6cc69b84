import { targetName } from '../../api/names.ts'
import { type AddressSet, sameSet } from '../addresses.ts'
import type { GatewayPair } from '../gateway-pairs.ts'
import type { World } from '../world.ts'
import { addressesIn } from './answers.ts'
import { missingPostfixes } from './postfixes.ts'
import type { StandIn } from './stand-in.ts'

/** A name that is stood in for, in one zone: what the zone has, and what this cluster would have it be. */
export interface StandInName {
  readonly zone: string
  readonly name: string
  readonly ours: readonly AddressSet[]
  /** Undefined where the zone does not answer. */
  readonly there: readonly AddressSet[] | undefined
}

export const standInNames = (
  standIn: StandIn,
  pairs: readonly GatewayPair[],
  world: World,
): readonly StandInName[] => {
  const { identity, answers } = world
  const { spec } = standIn.resource
  if (identity.state !== 'one' || answers === undefined || spec === undefined) return []
  const missing = new Set(missingPostfixes(standIn, pairs, world))
  return pairs
    .filter(pair => !missing.has(pair.spec.targetPostfix))
    .flatMap(pair => {
      const name = targetName({ ...spec, domain: identity.spec.domain }, pair.spec.targetPostfix)
      return standIn.zones.map(({ zone }) => ({
        zone,
        name,
        ours: pair.sets,
        there: addressesIn(answers, zone, name),
      }))
    })
}

/** Whether a zone answers with this cluster's addresses; what it has of other types does not count here. */
export const isRedirected = ({ ours, there }: StandInName): boolean =>
  there !== undefined && ours.every(set => there.some(other => sameSet(set, other)))

export interface TypeMismatch {
  readonly zone: string
  readonly name: string
  /** The types that the zone has, and that upsert-only neither changes nor removes. */
  readonly there: readonly string[]
  readonly ours: readonly string[]
}

/**
 * Where a zone has a record type that this cluster does not publish: it would stay, and lead to the cluster that is gone.
 *
 * | the zone has | this cluster has | mismatch                                       |
 * | ------------ | ---------------- | ---------------------------------------------- |
 * | A            | A                |                                                |
 * | A, AAAA      | A                | AAAA: a black hole for clients with IPv6       |
 * | A            | A, AAAA          |                                                |
 * | CNAME        | A                | CNAME: A cannot stand beside it                |
 */
export const typeMismatchesOf = (names: readonly StandInName[]): readonly TypeMismatch[] =>
  names.flatMap(({ zone, name, ours, there = [] }) => {
    const types = ours.map(({ type }) => type)
    const stale = there.map(({ type }) => type).filter(type => !types.includes(type))
    return stale.length === 0 ? [] : [{ zone, name, there: stale, ours: types }]
  })
