import type { GatewaySpec } from '../api/gateway.ts'
import type { KubeObject } from '../api/object.ts'
import { type AddressSet, addressesOf } from './addresses.ts'
import type { Judged } from './evaluate.ts'
import type { Resource } from './resource.ts'
import type { World } from './world.ts'

/** A pair (gateway controller, targetPostfix) that has addresses. */
export interface GatewayPair {
  /** The oldest Gateway of the pair: its ttl and addresses count. */
  readonly gateway: Resource<GatewaySpec>
  readonly spec: GatewaySpec
  readonly sets: readonly AddressSet[]
  /** The load balancer's Service, or the Gateway where that names the addresses. */
  readonly owner: KubeObject
}

export const gatewayPairs = (
  gateways: readonly Judged<GatewaySpec>[],
  world: World,
): readonly GatewayPair[] => {
  const seen = new Set<string>()
  return gateways.flatMap(({ resource, trouble }) => {
    const spec = resource.spec
    if (spec === undefined || trouble !== undefined || seen.has(spec.targetPostfix)) return []
    seen.add(spec.targetPostfix)
    const addresses = addressesOf(spec, world)
    if (addresses.state === 'none') return []
    return [{ gateway: resource, spec, sets: addresses.sets, owner: addresses.service ?? resource.object }]
  })
}
