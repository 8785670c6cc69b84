import type { KubeObject } from '../api/object.ts'
import { isOurs } from '../api/ownership.ts'
import { routeOwner } from '../engine/current.ts'
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
 * | ServiceRoute         | anything                | the route and who wants the host that it had; all, |
 * |                      |                         | soon, for counts in other statuses                 |
 * | DNSPolicy            | anything                | the namespace's routes; all, soon                  |
 * | Namespace            | labels                  | the namespace's routes                             |
 * | DNSEndpoint          | of a route              | the route; all, soon, where that is gone           |
 * | DNSEndpoint          | ours, of no route       | all; soon, where only its status changed           |
 * | DNSEndpoint          | not ours                | all, soon: it may be in the way, or no longer      |
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
      return { routes: [`${namespace}/${name}`, ...rivals(before, index)], full: 'soon' }
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
  const objects = [before, after].filter(object => object !== undefined)
  const ours = objects.filter(isOurs)
  const owners = new Set(ours.flatMap(object => routeOwner(object) ?? []))
  const owning = [...owners].flatMap(owner => [...index.routesOf(owner)])
  const routes = [
    ...owning,
    ...rivals(
      ours.find(object => object === before),
      index,
    ),
  ]
  if (ours.some(object => routeOwner(object) === undefined))
    return { routes, full: isStatusOnly(before, after) ? 'soon' : 'now' }
  // Others' objects matter where one of ours would have their name, and no slice sees what belongs to no route.
  const isSliceEnough = ours.length === objects.length && owning.length >= owners.size
  return isSliceEnough ? { routes } : { routes, full: 'soon' }
}

/** Who may get the host now that it is free. */
const rivals = (before: KubeObject | undefined, index: RoutesIndex): readonly string[] =>
  before === undefined ? [] : [...index.rivalsOf(before)]

/** Whether nothing but the status differs. */
export const isStatusOnly = (before: KubeObject | undefined, after: KubeObject | undefined): boolean =>
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
