import { DNSEndpoint } from '../api/kinds.ts'
import type { KubeObject } from '../api/object.ts'
import { isOurs } from '../api/ownership.ts'
import { endpointsOf, routeOwner, routeOwnerKey } from '../engine/current.ts'
import { multiMap } from './multi-map.ts'
import { type Store, storeKey } from './store.ts'

/** Which routes and DNSEndpoints have to do with each other, kept while they change. */
export interface RoutesIndex {
  route(before: KubeObject | undefined, after: KubeObject | undefined): void
  endpoint(before: KubeObject | undefined, after: KubeObject | undefined): void
  /** Routes by `namespace/name`. */
  routesIn(namespace: string): Iterable<string>
  routesOf(owner: string): Iterable<string>
  /** The DNSEndpoints that a route owns, by its owner key (see routeOwnerKey). */
  endpointsOf(owner: string): Iterable<string>
  /** The routes that may have, or want, a host of this route or DNSEndpoint, which may be gone. */
  rivalsOf(object: KubeObject): Iterable<string>
  /** `routes`, and all that may have or publish a host of theirs; some too many do no harm. */
  contenders(routes: Iterable<string>, store: Store): ReadonlySet<string>
}

export const createRoutesIndex = (): RoutesIndex => {
  const byNamespace = multiMap<string>()
  const byClaim = multiMap<string>()
  const byOwner = multiMap<string>()
  const endpoints = multiMap<string>()
  const publishers = multiMap<string>()

  const eachRoute = (route: KubeObject, verb: 'add' | 'delete'): void => {
    const key = storeKey(route)
    const { namespace = '', name } = route.metadata
    byNamespace[verb](namespace, key)
    byOwner[verb](routeOwnerKey({ namespace, name }), key)
    const claim = claimOf(route)
    if (claim !== undefined) byClaim[verb](claim, key)
  }

  const eachEndpoint = (object: KubeObject, verb: 'add' | 'delete'): void => {
    // Whoever has only the label of a route has no route.
    const owner = isOurs(object) ? routeOwner(object) : undefined
    if (owner === undefined) return
    const key = storeKey(object)
    endpoints[verb](owner, key)
    for (const claim of publishedClaims(object)) publishers[verb](claim, key)
  }

  const change =
    (each: typeof eachRoute) => (before: KubeObject | undefined, after: KubeObject | undefined) => {
      if (before !== undefined) each(before, 'delete')
      if (after !== undefined) each(after, 'add')
    }

  const publishing = (claim: string, store: Store): readonly string[] =>
    [...publishers.get(claim)].flatMap(key => {
      const object = store.objects('DNSEndpoint').get(key)
      const owner = object === undefined ? undefined : routeOwner(object)
      return owner === undefined ? [] : [...byOwner.get(owner)]
    })

  return {
    route: change(eachRoute),
    endpoint: change(eachEndpoint),
    routesIn: byNamespace.get,
    routesOf: byOwner.get,
    endpointsOf: endpoints.get,
    rivalsOf: object => claimsOf(object).flatMap(claim => [...byClaim.get(claim)]),
    contenders: (routes, store) => {
      const found = new Set<string>()
      const pending = [...routes]
      for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
        if (found.has(key)) continue
        found.add(key)
        const claims = [
          claimOf(store.objects('ServiceRoute').get(key)),
          ...claimsOfOwner(key, endpoints.get, store),
        ]
        for (const claim of new Set(claims))
          if (claim !== undefined) pending.push(...byClaim.get(claim), ...publishing(claim, store))
      }
      return found
    },
  }
}

const claimsOf = (object: KubeObject): readonly string[] => {
  if (object.kind === DNSEndpoint.kind) return publishedClaims(object)
  const claim = claimOf(object)
  return claim === undefined ? [] : [claim]
}

/** The part of its host that is the route's own: letter and domain are the same for all of a cluster. */
const claimOf = (route: KubeObject | undefined): string | undefined => {
  const { serviceName, environment, application } = (route?.spec ?? {}) as Record<string, unknown>
  return [serviceName, environment, application].every(part => typeof part === 'string')
    ? `${serviceName}-ns-${environment}-${application}`
    : undefined
}

/** `api-ns-p-prod-app.aks.example.com` → `api-ns-prod-app`; more than one where a part itself has `-ns-x-` in it. */
const publishedClaims = (object: KubeObject): readonly string[] =>
  endpointsOf(object).flatMap(({ dnsName }) => {
    const label = dnsName.slice(0, dnsName.indexOf('.'))
    return [...label.matchAll(/-ns-[a-z](?=-)/g)].map(
      ({ index, 0: text }) => `${label.slice(0, index)}-ns${label.slice(index + text.length)}`,
    )
  })

const claimsOfOwner = (
  route: string,
  endpoints: (owner: string) => Iterable<string>,
  store: Store,
): readonly string[] =>
  [...endpoints(ownerKeyOf(route))].flatMap(key => {
    const object = store.objects('DNSEndpoint').get(key)
    return object === undefined ? [] : publishedClaims(object)
  })

/** The owner key of a route (see routeOwnerKey), from its `namespace/name`. */
export const ownerKeyOf = (route: string): string => {
  const slash = route.indexOf('/')
  return routeOwnerKey({ namespace: route.slice(0, slash), name: route.slice(slash + 1) })
}
