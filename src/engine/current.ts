import type { DNSEndpointSpec, Endpoint, IstioGatewaySpec, IstioServer } from '../api/foreign.ts'
import { DNSEndpoint, IstioGateway, routingGroup } from '../api/kinds.ts'
import { gatewayServiceType, label } from '../api/labels.ts'
import { labelValue } from '../api/names.ts'
import { groupOf, type KubeObject } from '../api/object.ts'
import { isOurs } from '../api/ownership.ts'

/** The objects of one kind as they are now, by `namespace/name`. */
export interface Existing {
  readonly ours: ReadonlyMap<string, KubeObject>
  /** Whether an object that is not ours has the name. */
  readonly isForeign: (key: string) => boolean
}

export interface Current {
  readonly dnsEndpoints: Existing
  readonly istioGateways: Existing
  /** By host: the routes (see routeOwner) whose DNSEndpoint publishes it. */
  readonly publishers: ReadonlyMap<string, ReadonlySet<string>>
}

export const indexCurrent = (objects: readonly KubeObject[]): Current => {
  const dnsEndpoints = new Map<string, KubeObject>()
  const istioGateways = new Map<string, KubeObject>()
  const foreign = { endpoints: new Set<string>(), gateways: new Set<string>() }
  for (const object of objects) {
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`
    const group = groupOf(object.apiVersion)
    if (group === IstioGateway.group && object.kind === IstioGateway.kind) {
      if (isOurs(object)) istioGateways.set(key, object)
      else foreign.gateways.add(key)
    } else if (group === DNSEndpoint.group && object.kind === DNSEndpoint.kind) {
      if (isOurs(object)) dnsEndpoints.set(key, object)
      else foreign.endpoints.add(key)
    }
  }
  let publishers: Current['publishers'] | undefined
  return {
    dnsEndpoints: { ours: dnsEndpoints, isForeign: key => foreign.endpoints.has(key) },
    istioGateways: { ours: istioGateways, isForeign: key => foreign.gateways.has(key) },
    // Asked only where two routes contend for a host.
    get publishers() {
      publishers ??= publishersOf(dnsEndpoints.values())
      return publishers
    },
  }
}

export const publishersOf = (ours: Iterable<KubeObject>): ReadonlyMap<string, ReadonlySet<string>> => {
  const publishers = new Map<string, Set<string>>()
  for (const object of ours) {
    const owner = routeOwner(object)
    if (owner === undefined) continue
    for (const { dnsName } of endpointsOf(object)) {
      const owners = publishers.get(dnsName)
      if (owners === undefined) publishers.set(dnsName, new Set([owner]))
      else owners.add(owner)
    }
  }
  return publishers
}

/**
 * The route that an existing CNAME DNSEndpoint belongs to, as `namespace/label value of its name`; a label may
 * have been cut, so names are compared as label values.
 */
export const routeOwner = (object: KubeObject): string | undefined => {
  const reference = object.metadata.ownerReferences?.find(
    owner => owner.kind === 'ServiceRoute' && groupOf(owner.apiVersion) === routingGroup,
  )
  const name =
    reference === undefined ? object.metadata.labels?.[label.serviceRoute] : labelValue(reference.name)
  return name === undefined ? undefined : `${object.metadata.namespace ?? ''}/${name}`
}

export const routeOwnerKey = (route: { readonly namespace: string; readonly name: string }): string =>
  `${route.namespace}/${labelValue(route.name)}`

/**
 * The pair (istio controller, postfix) that an existing address DNSEndpoint belongs to, as label values; none where it
 * is about another cluster's gateways.
 */
export const gatewayOwner = (object: KubeObject): string | undefined =>
  object.metadata.labels?.[label.regionFailover] === undefined ? pairOf(object) : undefined

/** The pair whose addresses a stand-in record has. */
export const standInPair = (object: KubeObject): string | undefined =>
  object.metadata.labels?.[label.regionFailover] === undefined ? undefined : pairOf(object)

const pairOf = (object: KubeObject): string | undefined => {
  const labels = object.metadata.labels
  const controller = labels?.[label.istioController]
  const postfix = labels?.[label.targetPostfix]
  if (labels?.[label.resourceType] !== gatewayServiceType) return undefined
  return controller === undefined || postfix === undefined ? undefined : `${controller}/${postfix}`
}

export const gatewayOwnerKey = (controller: string, postfix: string): string =>
  `${labelValue(controller)}/${labelValue(postfix)}`

/** The record sets of a DNSEndpoint; whatever is not one is left out. */
export const endpointsOf = (object: KubeObject): readonly Endpoint[] => {
  const endpoints = (object.spec as DNSEndpointSpec | undefined)?.endpoints
  if (!Array.isArray(endpoints)) return []
  return endpoints.every(isEndpoint) ? endpoints : endpoints.filter(isEndpoint)
}

const isEndpoint = (value: unknown): value is Endpoint => {
  if (typeof value !== 'object' || value === null) return false
  const { dnsName, recordType, recordTTL, targets } = value as Partial<Record<keyof Endpoint, unknown>>
  return (
    typeof dnsName === 'string' &&
    typeof recordType === 'string' &&
    (recordTTL === undefined || typeof recordTTL === 'number') &&
    isTexts(targets)
  )
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(item => typeof item === 'string')

/** The servers of an Istio Gateway; whatever is not one, and hosts that are none, are left out. */
export const serversOf = (object: KubeObject): readonly IstioServer[] => {
  const servers: unknown = (object.spec as IstioGatewaySpec | undefined)?.servers
  return Array.isArray(servers) ? servers.filter(isServer) : []
}

const isServer = (value: unknown): value is IstioServer =>
  typeof value === 'object' && value !== null && isTexts((value as { hosts?: unknown }).hosts ?? [])

/** Whether ExternalDNS has read an object as it is now. */
export const isRead = (object: KubeObject): boolean => {
  const observed = (object.status as { observedGeneration?: unknown } | undefined)?.observedGeneration
  return observed !== undefined && observed === object.metadata.generation
}
