import { label } from '../../api/labels.ts'
import { labelValue, targetName } from '../../api/names.ts'
import type { GatewayPair } from '../gateway-pairs.ts'
import type { World } from '../world.ts'
import { addressesIn } from './answers.ts'
import { failoverObjects } from './claims.ts'
import type { StandIn } from './stand-in.ts'

/**
 * Gateways of this cluster that the other one has none of: no zone that answers has a record of that name. Without any
 * answer nothing is missing, and who does not know this cluster's own gateways either is not the zone.
 */
export const missingPostfixes = (
  { resource: { spec }, zones, peer }: StandIn,
  pairs: readonly GatewayPair[],
  { answers, identity, current }: World,
): readonly string[] => {
  if (answers === undefined || identity.state !== 'one' || spec === undefined) return []
  const published = new Set(
    failoverObjects(current, peer).map(({ metadata }) => metadata.labels?.[label.targetPostfix]),
  )
  const own = pairs.map(pair => targetName(identity.spec, pair.spec.targetPostfix))
  const knowsUs = (zone: string): boolean =>
    own.some(name => (addressesIn(answers, zone, name)?.length ?? 0) > 0)
  return pairs
    .map(pair => pair.spec.targetPostfix)
    .filter(postfix => {
      // What is stood in for already stays so, whatever has become of its record.
      if (published.has(labelValue(postfix))) return false
      const name = targetName({ ...spec, domain: identity.spec.domain }, postfix)
      const there = zones.map(({ zone }) => (knowsUs(zone) ? addressesIn(answers, zone, name) : undefined))
      return there.some(sets => sets !== undefined) && !there.some(sets => (sets?.length ?? 0) > 0)
    })
}
