import type { GatewaySpec } from '../../api/gateway.ts'
import { addressesOf } from '../addresses.ts'
import { gatewayOwnerKey, routeOwnerKey } from '../current.ts'
import type { Evaluation, Judged } from '../evaluate.ts'
import { dnsReady, type Published, type PublishedObjects } from './published.ts'
import { type Fields, ready, type Stated } from './stated.ts'
import { yieldedCondition } from './yielded.ts'

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
  const broken = brokenBy(own, published.istio.get(routeOwnerKey(resource)))
  return {
    ...(idle ? { phase: 'Pending' } : {}),
    ...(broken === undefined ? {} : { phase: 'Error' }),
    ...(addresses[0] === undefined ? {} : { loadBalancerIP: addresses[0] }),
    addresses,
    hosts: count,
    conditions: [
      broken ??
        (idle
          ? {
              type: 'Ready',
              status: 'False',
              reason: 'NoServiceRoutes',
              message: 'no ServiceRoute names this Gateway',
            }
          : ready(gateway)),
      ...(world.settings.istioApiVersion === undefined ? [noIstio] : []),
      dnsReady(own, gateway.issues.find(({ code }) => withoutRecords.has(code)) ?? trouble),
      ...yieldedCondition(world.home),
    ],
  }
}

const addressList = (spec: GatewaySpec, world: Evaluation['world']): readonly string[] => {
  const addresses = addressesOf(spec, world)
  return addresses.state === 'none' ? [] : addresses.sets.flatMap(set => set.targets)
}

/** Issues for which no address record is made. */
const withoutRecords = new Set(['LoadBalancerIPPending', 'IdentityConflict'])

const noIstio: Stated = {
  type: 'IstioReady',
  status: 'False',
  reason: 'IstioGatewayGenerationFailed',
  message: "Istio's Gateway is not installed; DNS records are written all the same",
}

const brokenBy = (own: PublishedObjects | undefined, istio: string | undefined): Stated | undefined => {
  const state = { type: 'Ready', status: 'False' } as const
  if (own?.failure !== undefined)
    return { ...state, reason: 'DNSEndpointGenerationFailed', message: own.failure }
  return istio === undefined
    ? undefined
    : { ...state, reason: 'IstioGatewayGenerationFailed', message: istio }
}
