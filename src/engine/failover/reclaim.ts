import { type Claim, clusterNameOf } from '../../api/claims.ts'
import type { World } from '../world.ts'
import { ownClaim, seenClaim } from './claims.ts'
import { reclaimedEpoch } from './home.ts'
import { zonesOf } from './readable.ts'

/**
 * The release that a home cluster writes by itself, because the holder of the claim is gone. Not any more once a later
 * claim is seen, which it must not contradict, or where every zone that is asked has it.
 */
export const reclaim = (world: World): (Claim & { readonly at: string }) | undefined => {
  const { identity, answers, current, settings } = world
  const epoch = reclaimedEpoch(world)
  if (identity.state !== 'one' || epoch === 0 || world.home.state === 'yielded') return undefined
  const { domain } = identity.spec
  const peer = clusterNameOf(identity.spec)
  const seen = zonesOf(world).map(zone => seenClaim(answers ?? new Map(), { zone, peer, domain }))
  if (seen.some(each => each.state === 'claim' && each.claim.epoch > epoch)) return undefined
  const mine = ownClaim(current, peer, domain)
  const isEverywhere = seen.every(
    each => each.state === 'claim' && each.claim.epoch >= epoch && each.claim.state === 'released',
  )
  if (isEverywhere) return undefined
  const at = mine?.epoch === epoch ? mine.at : undefined
  return { state: 'released', epoch, holder: peer, at: at ?? settings.now }
}
