import { isIpAddress } from '../api/fields.ts'
import type { ServiceStatus } from '../api/foreign.ts'
import type { GatewaySpec } from '../api/gateway.ts'
import { dnsNameProblem } from '../api/names.ts'
import type { KubeObject } from '../api/object.ts'
import type { World } from './world.ts'

/** One record set of addresses: type and targets, sorted. */
export interface AddressSet {
  readonly type: 'A' | 'AAAA' | 'CNAME'
  readonly targets: readonly string[]
}

export type Addresses =
  | { readonly state: 'none' }
  /** `service` is the load balancer they come from; absent where the Gateway itself names them. */
  | {
      readonly state: 'known'
      readonly sets: readonly AddressSet[]
      readonly service: KubeObject | undefined
    }

/** What a gateway's target name resolves to: its own `addresses`, else those of the oldest load balancer. */
export const addressesOf = (spec: GatewaySpec, world: World): Addresses => {
  if (spec.addresses !== undefined)
    return { state: 'known', sets: addressSets(spec.addresses, []), service: undefined }
  const service = world.loadBalancers.get(spec.controller)?.[0]
  const ingress = (service?.status as ServiceStatus | undefined)?.loadBalancer?.ingress
  if (service === undefined || !Array.isArray(ingress)) return { state: 'none' }
  const sets = addressSets(
    ingress.map(entry => entry?.ip).filter(isIpAddress),
    ingress.map(entry => entry?.hostname).filter(isHostname),
  )
  return sets.length === 0 ? { state: 'none' } : { state: 'known', sets, service }
}

export const sameSet = (a: AddressSet, b: AddressSet): boolean =>
  a.type === b.type && sameItems(a.targets.map(canonical), b.targets.map(canonical))

/** Both have the same record sets, and nothing beside. */
export const sameSets = (a: readonly AddressSet[], b: readonly AddressSet[]): boolean =>
  a.length === b.length && a.every(set => b.some(other => sameSet(set, other)))

const sameItems = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every(item => b.includes(item))

/** One address has many spellings in IPv6 (RFC 5952), and a name may end in a dot. */
export const canonical = (target: string): string =>
  target.includes(':')
    ? (URL.parse(`http://[${target}]/`)?.hostname.slice(1, -1) ?? target)
    : target.toLowerCase().replace(/\.$/, '')

/** A record that is none would make ExternalDNS fail, and all others of its zone with it. */
const isHostname = (value: unknown): value is string =>
  typeof value === 'string' && dnsNameProblem(value.toLowerCase().replace(/\.$/, '')) === undefined

/**
 * | addresses           | hostnames | record sets              |
 * | ------------------- | --------- | ------------------------ |
 * | 10.0.0.2, 10.0.0.1  |           | A 10.0.0.1 10.0.0.2      |
 * | 10.0.0.1, fd00::1   |           | A 10.0.0.1, AAAA fd00::1 |
 * | 10.0.0.1            | lb.cloud  | A 10.0.0.1               |
 * |                     | lb.cloud  | CNAME lb.cloud           |
 *
 * A name that has an address cannot be a CNAME as well, and a CNAME has one target (RFC 1034 §3.6.2).
 */
export const addressSets = (ips: readonly string[], hostnames: readonly string[]): readonly AddressSet[] => {
  const sorted = [...new Set(ips)].sort()
  const a = sorted.filter(ip => !ip.includes(':'))
  const aaaa = sorted.filter(ip => ip.includes(':'))
  const hostname = hostnames.toSorted()[0]
  if (sorted.length === 0) return hostname === undefined ? [] : [{ type: 'CNAME', targets: [hostname] }]
  return [
    ...(a.length === 0 ? [] : [{ type: 'A', targets: a } as const]),
    ...(aaaa.length === 0 ? [] : [{ type: 'AAAA', targets: aaaa } as const]),
  ]
}
