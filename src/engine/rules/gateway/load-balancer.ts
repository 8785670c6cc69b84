import { shortName } from '../../../api/object.ts'
import { addressesOf } from '../../addresses.ts'
import type { GatewayRule } from './index.ts'

/** Several load balancers are a warning: the oldest counts. */
export const oneLoadBalancer: GatewayRule = ({ spec }, world) => {
  if (spec === undefined || spec.addresses !== undefined) return undefined
  const [first, second] = world.loadBalancers.get(spec.controller) ?? []
  if (first === undefined || second === undefined) return undefined
  return {
    code: 'SeveralLoadBalancers',
    severity: 'warning',
    effect: 'note',
    message: `Services ${shortName(first.metadata)} and ${shortName(second.metadata)} are both load balancers of ${spec.controller}; the first, the oldest, counts`,
    hint: 'remove the label istio from the one that should not count, or set spec.addresses',
    path: ['spec', 'controller'],
  }
}

/** Without an address there is no address record. In a folder without any Service that is no news. */
export const addressKnown: GatewayRule = ({ spec }, world) => {
  if (spec === undefined || addressesOf(spec, world).state !== 'none') return undefined
  const balancer = world.loadBalancers.get(spec.controller)?.[0]
  return {
    code: 'LoadBalancerIPPending',
    severity: world.hasServices ? 'warning' : 'none',
    effect: 'note',
    message:
      balancer === undefined
        ? `no Service of type LoadBalancer has the label istio=${spec.controller}`
        : `the load balancer ${shortName(balancer.metadata)} has no address yet`,
    hint: 'the address records follow when it has one; existing ones are kept',
    path: ['spec', 'controller'],
    incomplete: true,
  }
}
