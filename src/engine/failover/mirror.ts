import { ownName } from '../../api/claims.ts'
import type { GatewaySpec } from '../../api/gateway.ts'
import type { AddressSet } from '../addresses.ts'
import type { World } from '../world.ts'
import { addressesIn } from './answers.ts'

/**
 * The addresses that the cluster which stands in has under its `own-` name for this gateway, as this cluster's zone has
 * them. None where it has no such gateway, and so does not stand in for it; undefined where that cannot be told: an
 * NXDOMAIN counts only from who knows the claim.
 */
export const mirrored = (
  { targetPostfix }: GatewaySpec,
  { home, identity, answers }: World,
): readonly AddressSet[] | undefined => {
  if (home.state !== 'yielded' || identity.state !== 'one' || answers === undefined) return undefined
  const { region, domain } = identity.spec
  const sets = addressesIn(answers, region, ownName(home.holder, targetPostfix, domain))
  return sets?.length === 0 && home.remembered !== undefined ? undefined : sets
}
