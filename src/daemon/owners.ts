import { IstioGateway, ServiceRoute } from '../api/kinds.ts'
import { label } from '../api/labels.ts'
import { groupOf } from '../api/object.ts'
import type { ObjectChange } from '../engine/change.ts'
import { routeOwner, routeOwnerKey } from '../engine/current.ts'
import type { StatusChange } from '../engine/statuses/index.ts'
import { ownerKeyOf } from './routes-index.ts'

/**
 * Whose a write is: what is judged anew makes what an older pass wanted to write for it out of date.
 *
 * | written               | owner                                                   |
 * | --------------------- | ------------------------------------------------------- |
 * | a CNAME's DNSEndpoint | its route, and the route that it passes to              |
 * | a route's status      | the route                                               |
 * | an Istio Gateway      | the router Gateway whose hosts it has                   |
 * | all others            | none: only a full pass writes them                      |
 */
export const ownersOfChange = ({ ref, before, after }: ObjectChange): readonly string[] => {
  const objects = [before, after].filter(object => object !== undefined)
  if (groupOf(ref.apiVersion) !== IstioGateway.group)
    return objects.flatMap(object => routeOwner(object) ?? [])
  return objects.map(({ metadata }) => istioOwner(metadata.namespace ?? '', metadata.labels?.[label.gateway]))
}

export const ownersOfStatus = ({ ref: { kind, namespace = '', name } }: StatusChange): readonly string[] =>
  kind === ServiceRoute.kind ? [routeOwnerKey({ namespace, name })] : []

/** `gateway` is the label value of its name. */
export const istioOwner = (namespace: string, gateway: string | undefined): string =>
  `istio ${namespace}/${gateway ?? ''}`

/** By `namespace/name` of a router Gateway. */
export const istioOwnerOf = (key: string): string => `istio ${ownerKeyOf(key)}`
