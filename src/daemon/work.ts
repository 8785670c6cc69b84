import type { KubeObject } from '../api/object.ts'
import { isOurs } from '../api/ownership.ts'
import { gatewayOwner, routeOwner } from '../engine/current.ts'
import type { RoutesIndex } from './routes-index.ts'
import type { StoredKind } from './store.ts'

/** What a change makes necessary. `full` is everything, now or when it is convenient. */
export interface Work {
  readonly full?: 'now' | 'soon'
  readonly routes?: Iterable<string>
}

const nothing: Work = {}

/**
 * | changed              | in what                 | to be worked on                                    |
 * | -------------------- | ----------------------- | -------------------------------------------------- |
 * | ServiceRoute         | anything                | the route; all, soon, for counts in other statuses |
 * | DNSPolicy            | anything                | the namespace's routes; all, soon                  |
 * | Namespace            | labels                  | the namespace's routes                             |
 * | DNSEndpoint          | of a route              | the route                                          |
 * | DNSEndpoint          | of a gateway            | all; soon, where only its status changed           |
 * | all others           | spec or metadata        | all                                                |
 * | all others           | status only             | all, soon; a Service's addresses now               |
 */
export const workFor = (
  kind: StoredKind,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  index: RoutesIndex,
): Work => {
  const object = after ?? before
  if (object === undefined) return nothing
  const { namespace = '', name } = object.metadata
  switch (kind) {
    case 'ServiceRoute':
      return { routes: [`${namespace}/${name}`], full: 'soon' }
    case 'DNSPolicy':
      return { routes: [...index.routesIn(namespace)], full: 'soon' }
    case 'Namespace':
      return sameLabels(before, after) ? nothing : { routes: [...index.routesIn(name)] }
    case 'DNSEndpoint':
      return endpointWork(before, after, index)
    case 'Service':
      return { full: 'now' }
    default:
      return { full: isStatusOnly(before, after) ? 'soon' : 'now' }
  }
}

const endpointWork = (
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  index: RoutesIndex,
): Work => {
  const owners = [before, after].flatMap(object => (object === undefined ? [] : (routeOwner(object) ?? [])))
  if (owners.length > 0) return { routes: owners.flatMap(owner => [...index.routesOf(owner)]) }
  const concerns = [before, after].some(
    object => object !== undefined && (isOurs(object) || gatewayOwner(object) !== undefined),
  )
  // Others' objects matter where one of ours would have their name.
  if (!concerns) return { full: 'soon' }
  return { full: isStatusOnly(before, after) ? 'soon' : 'now' }
}

const isStatusOnly = (before: KubeObject | undefined, after: KubeObject | undefined): boolean =>
  before !== undefined &&
  after !== undefined &&
  before.metadata.uid === after.metadata.uid &&
  before.metadata.generation !== undefined &&
  before.metadata.generation === after.metadata.generation &&
  before.metadata.deletionTimestamp === after.metadata.deletionTimestamp &&
  sameLabels(before, after) &&
  JSON.stringify([before.metadata.annotations, before.metadata.ownerReferences]) ===
    JSON.stringify([after.metadata.annotations, after.metadata.ownerReferences])

const sameLabels = (before: KubeObject | undefined, after: KubeObject | undefined): boolean =>
  before !== undefined &&
  after !== undefined &&
  JSON.stringify(before.metadata.labels) === JSON.stringify(after.metadata.labels)
