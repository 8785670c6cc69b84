import type { GatewaySpec } from '../../api/gateway.ts'
import { addressesOf } from '../addresses.ts'
import { gatewayOwnerKey } from '../current.ts'
import type { Evaluation, Judged } from '../evaluate.ts'
import { dnsReady, type Published } from './published.ts'
import { type Fields, ready } from './stated.ts'

export const gatewayStatus = (
  gateway: Judged<GatewaySpec>,
  { world }: Evaluation,
  hosts: ReadonlyMap<string, ReadonlySet<string>>,
  published: Published,
): Fields => {
  const { resource, trouble } = gateway
  const spec = resource.spec
  const count = hosts.get(resource.key)?.size ?? 0
  const idle = trouble === undefined && count === 0 && world.identity.state === 'one'
  const addresses = spec === undefined ? [] : addressList(spec, world)
  const own =
    spec === undefined
      ? undefined
      : published.gateways.get(gatewayOwnerKey(spec.controller, spec.targetPostfix))
  return {
    ...(idle ? { phase: 'Pending' } : {}),
    ...(addresses[0] === undefined ? {} : { loadBalancerIP: addresses[0] }),
    addresses,
    hosts: count,
    conditions: [
      idle
        ? {
            type: 'Ready',
            status: 'False',
            reason: 'NoServiceRoutes',
            message: 'no ServiceRoute names this Gateway',
          }
        : ready(gateway),
      dnsReady(own, gateway.issues.find(issue => issue.code === 'LoadBalancerIPPending') ?? trouble),
    ],
  }
}

const addressList = (spec: GatewaySpec, world: Evaluation['world']): readonly string[] => {
  const addresses = addressesOf(spec, world)
  return addresses.state === 'none' ? [] : addresses.sets.flatMap(set => set.targets)
}
