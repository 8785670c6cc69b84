import { ownName } from '../../api/claims.ts'
import { targetName } from '../../api/names.ts'
import { questionKey } from '../../api/questions.ts'
import { type AddressSet, canonical } from '../addresses.ts'
import { endpointsOf, gatewayOwner } from '../current.ts'
import type { GatewayPair } from '../gateway-pairs.ts'
import type { World } from '../world.ts'
import { addressesIn, addressText } from './answers.ts'
import { readableZones, zonesOf } from './readable.ts'

/**
 * Where a gateway's name, which this cluster is about to publish for the first time, has addresses already that are not
 * its own, and no claim says why: the ClusterIdentity is probably another cluster's, copied with its overlay.
 */
export const identityConflict = (
  { spec, gateway, sets }: Pick<GatewayPair, 'spec' | 'gateway' | 'sets'>,
  world: World,
): { readonly zone: string; readonly addresses: string } | undefined => {
  const { answers, identity, home } = world
  if (answers === undefined || answers.size === 0 || identity.state !== 'one') return undefined
  if (home.state === 'yielded') return undefined
  // A claim that has ended may have left its holder's addresses, and explains no others.
  const left = home.state === 'free' && home.explained ? standInAddresses(spec.targetPostfix, world) : []
  if (left === undefined) return undefined
  const name = targetName(identity.spec, spec.targetPostfix)
  const status = gateway.object.status as { readonly addresses?: unknown } | undefined
  const before: unknown[] = Array.isArray(status?.addresses) ? status.addresses : []
  const own = new Set(
    [
      ...[...sets, ...left].flatMap(({ targets }) => targets),
      ...before.filter(each => typeof each === 'string'),
    ].map(canonical),
  )
  for (const zone of zonesOf(world)) {
    const there = addressesIn(answers, zone, name) ?? []
    if (there.every(({ targets }) => targets.every(target => own.has(canonical(target))))) continue
    if (publishes(world, name)) return undefined
    return { zone, addresses: addressText(there) }
  }
  return undefined
}

/** What those who may stand in publish under their `own-` names; undefined where that cannot be read. */
const standInAddresses = (
  postfix: string,
  { identity, answers }: World,
): readonly AddressSet[] | undefined => {
  if (identity.state !== 'one' || answers === undefined) return undefined
  const { region, domain, standIns = [] } = identity.spec
  const found = standIns.map(peer => addressesIn(answers, region, ownName(peer, postfix, domain)))
  return found.some(sets => sets === undefined) ? undefined : found.flatMap(sets => sets ?? [])
}

/** Whether it is still unknown what stands under a name that this cluster is about to publish for the first time. */
export const isUnasked = (name: string, world: World): boolean => {
  const { answers } = world
  if (answers === undefined) return false
  const unasked = [...readableZones(world).keys()].some(
    zone => !answers.has(questionKey({ zone, name, type: 'A' })),
  )
  return unasked && !publishes(world, name)
}

const publishes = ({ current }: World, name: string): boolean => {
  for (const object of current.dnsEndpoints.ours.values())
    if (gatewayOwner(object) !== undefined && endpointsOf(object).some(({ dnsName }) => dnsName === name))
      return true
  return false
}
