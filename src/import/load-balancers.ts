import { type AddressSet, addressesOf, sameSet } from '../engine/addresses.ts'
import type { World } from '../engine/world.ts'
import type { Original } from './original.ts'

/** The record sets that a gateway with this `istio` label gets from its load balancer; none where it has none. */
export const setsOf = (controller: string, world: World): readonly AddressSet[] => {
  const addresses = addressesOf({ controller, credentialName: '', targetPostfix: '' }, world)
  return addresses.state === 'none' ? [] : addresses.sets
}

/** The `istio` labels of the load balancers whose addresses a record has. */
export const publishedBy = (
  { type, targets }: Pick<Original, 'type' | 'targets'>,
  world: World,
): readonly string[] =>
  [...world.loadBalancers.keys()].filter(controller =>
    setsOf(controller, world).some(set => set.type === type && sameSet(set, { ...set, targets })),
  )
