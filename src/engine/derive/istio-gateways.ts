import type { IstioGatewaySpec } from '../../api/foreign.ts'
import type { GatewaySpec } from '../../api/gateway.ts'
import { IstioGateway } from '../../api/kinds.ts'
import {
  controllerAnnotations,
  istioControllerAnnotationValue,
  label,
  managedByValue,
} from '../../api/labels.ts'
import { distinctObjectName, labelValue, objectName } from '../../api/names.ts'
import type { KubeObject } from '../../api/object.ts'
import { sourceOf } from '../change.ts'
import { type Current, endpointsOf, routeOwner, routeOwnerKey, serversOf } from '../current.ts'
import type { Evaluation, JudgedRoute } from '../evaluate.ts'
import type { Resource } from '../resource.ts'
import { ownedBy } from './metadata.ts'
import type { Wanted } from './wanted.ts'

/** etcd refuses requests over 1.5 MB; a third is left for labels, managedFields and growth. */
const maxHostBytes = 1_000_000

/** The Istio Gateways of each router Gateway that is in order and has hosts: one, or several where one is too large. */
export const istioGateways = (
  evaluation: Evaluation,
  hosts: ReadonlyMap<string, ReadonlySet<string>> = hostsByGateway(evaluation),
): readonly Wanted[] => {
  const { gateways, world } = evaluation
  const apiVersion = world.settings.istioApiVersion
  if (apiVersion === undefined || world.identity.state !== 'one') return []
  const taken = new Set(gateways.map(({ resource }) => resource.key))
  return gateways.flatMap(({ resource, trouble }) => {
    const spec = resource.spec
    const own = hosts.get(resource.key)
    if (spec === undefined || trouble !== undefined || own === undefined || own.size === 0) return []
    return split([...own].sort(), maxHostBytes).map((part, index) => {
      const name = partName(resource, index, taken)
      return {
        key: `${resource.namespace}/${name}`,
        source: sourceOf(resource.object),
        object: {
          apiVersion,
          kind: IstioGateway.kind,
          metadata: metadata(resource, name),
          spec: istioSpec(spec, part),
        },
      }
    })
  })
}

/**
 * By gateway: the hosts of all routes that name it and are valid, wherever their policy is active, because a
 * cluster that stands in for another must be able to serve them; and those that a route in error goes on publishing.
 */
export const hostsByGateway = ({ routes, world }: Evaluation): ReadonlyMap<string, ReadonlySet<string>> => {
  const hosts = new Map<string, Set<string>>()
  const add = (gateway: string, host: string): void => {
    const known = hosts.get(gateway)
    if (known === undefined) hosts.set(gateway, new Set([host]))
    else known.add(host)
  }
  const inError = new Set<string>()
  for (const route of routes) {
    const served = servedBy(route)
    if (served === undefined) inError.add(routeOwnerKey(route.resource))
    else add(served.gateway, served.host)
  }
  if (inError.size === 0) return hosts
  const gateways = [...world.gateways.values()].map(({ object }) => object)
  for (const { gateway, host } of servedFor(inError, gateways, world.current)) add(gateway, host)
  return hosts
}

/** The host that a route has served, and by which Gateway; undefined where it is in error. */
export const servedBy = (
  route: JudgedRoute,
): { readonly gateway: string; readonly host: string } | undefined => {
  const { host, gatewayKey } = route.facts
  return host === undefined || isInError(route) ? undefined : { gateway: gatewayKey, host }
}

const isInError = ({ trouble }: JudgedRoute): boolean =>
  trouble?.effect === 'error' && trouble.code !== 'NoActiveControllers'

/** The hosts that routes in error (see routeOwnerKey) still publish, at the Istio Gateways that serve them today. */
export const servedFor = (
  routes: ReadonlySet<string>,
  gateways: readonly KubeObject[],
  current: Current,
): readonly { readonly gateway: string; readonly host: string }[] => {
  const published = new Set(
    [...current.dnsEndpoints.ours.values()]
      .filter(object => routes.has(routeOwner(object) ?? ''))
      .flatMap(object => endpointsOf(object).map(endpoint => endpoint.dnsName)),
  )
  if (published.size === 0) return []
  const byLabel = new Map(
    gateways.map(({ metadata: { namespace = '', name } }) => [
      routeOwnerKey({ namespace, name }),
      `${namespace}/${name}`,
    ]),
  )
  return [...current.istioGateways.ours.values()].flatMap(object => {
    const gateway = byLabel.get(
      `${object.metadata.namespace ?? ''}/${object.metadata.labels?.[label.gateway]}`,
    )
    if (gateway === undefined) return []
    return hostsOf(object)
      .filter(host => published.has(host))
      .map(host => ({ gateway, host }))
  })
}

export const hostsOf = (object: KubeObject): readonly string[] =>
  serversOf(object).flatMap(server => server.hosts ?? [])

/** Consecutive parts of `hosts`, each within `limit` bytes of JSON. */
export const split = (hosts: readonly string[], limit: number): readonly (readonly string[])[] => {
  const parts: string[][] = [[]]
  let bytes = 0
  for (const host of hosts) {
    const size = host.length + 3
    if (bytes + size > limit && bytes > 0) {
      parts.push([])
      bytes = 0
    }
    parts.at(-1)?.push(host)
    bytes += size
  }
  return parts
}

/** `name`, `name-2`, `name-3` …; with a hash where a router Gateway has that name. */
const partName = (gateway: Resource<GatewaySpec>, index: number, taken: ReadonlySet<string>): string => {
  if (index === 0) return gateway.name
  const name = objectName(`${gateway.name}-${index + 1}`)
  return taken.has(`${gateway.namespace}/${name}`)
    ? distinctObjectName(name, `${gateway.key}#${index + 1}`)
    : name
}

const annotations = Object.fromEntries(
  controllerAnnotations.map(key => [key, istioControllerAnnotationValue]),
)

const metadata = (gateway: Resource<GatewaySpec>, name: string) => {
  const ownerReferences = ownedBy(gateway.object)
  return {
    name,
    namespace: gateway.namespace,
    labels: { [label.managedBy]: managedByValue, [label.gateway]: labelValue(gateway.name) },
    annotations,
    ...(ownerReferences.length === 0 ? {} : { ownerReferences }),
  }
}

const istioSpec = (spec: GatewaySpec, hosts: readonly string[]): IstioGatewaySpec => ({
  selector: { [label.istio]: spec.controller },
  servers: [
    {
      hosts,
      port: { name: 'https', number: 443, protocol: 'HTTPS' },
      tls: { credentialName: spec.credentialName, mode: 'SIMPLE' },
    },
  ],
})
