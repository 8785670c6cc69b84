import { apiVersionOf, Gateway, RegionFailover, ServiceRoute } from '../../api/kinds.ts'
import { label } from '../../api/labels.ts'
import type { KubeObject } from '../../api/object.ts'
import { type Source, sourceOf } from '../change.ts'
import { endpointsOf, gatewayOwner, gatewayOwnerKey, routeOwner, routeOwnerKey } from '../current.ts'
import type { WantedEndpoint, Writer } from '../derive/wanted.ts'
import type { Evaluation } from '../evaluate.ts'
import { disposals } from './disposal.ts'
import { differences } from './owned.ts'
import { recordsOf, sameTargets, writers } from './record.ts'

/** A DNSEndpoint as it should be after the plan, or as it is before. */
export interface Held {
  readonly object: KubeObject
  readonly writer: Writer
  readonly source: Source | null
  /** Why it stays although nothing asks for it; undefined where something does. */
  readonly kept?: string
}

export interface Removal {
  readonly object: KubeObject
  readonly reason: string
  readonly known: boolean
}

/** Our DNSEndpoints before and after, by `namespace/name`, with what is removed between them and why. */
export interface States {
  readonly before: ReadonlyMap<string, Held>
  readonly after: ReadonlyMap<string, Held>
  readonly removals: ReadonlyMap<string, Removal>
  /** Wanted ones whose name an object has that is not ours. */
  readonly foreign: readonly WantedEndpoint[]
}

/**
 * What a plan says of objects that are as they should be. `whole`: what of them is ours, as of all others. `changes`:
 * the objects themselves, so that tens of thousands of them need not be held twice.
 */
export type Detail = 'whole' | 'changes'

export const states = (
  evaluation: Evaluation,
  wanted: Iterable<WantedEndpoint>,
  detail: Detail = 'whole',
): States => {
  const existing = evaluation.world.current.dnsEndpoints
  const after = new Map<string, Held>()
  const foreign: WantedEndpoint[] = []
  for (const endpoint of wanted) {
    const { key, writer, source } = endpoint
    const present = detail === 'changes' ? existing.ours.get(key) : undefined
    if (present !== undefined && isSame(present, endpoint.object))
      after.set(key, { object: present, writer, source })
    else if (existing.isForeign(key)) foreign.push(endpoint)
    else after.set(key, endpoint)
  }
  if (existing.ours.size === 0) return { before: new Map(), after, removals: new Map(), foreign }
  const before = beforeOf(evaluation, after)
  return { before, after, removals: dispose(evaluation, before, after), foreign }
}

/** Whether an object is as it should be, and whatever somebody has added does not make it look like another's. */
const isSame = (present: KubeObject, wanted: KubeObject): boolean =>
  differences(present, wanted).length === 0 &&
  routeOwner(present) === routeOwner(wanted) &&
  gatewayOwner(present) === gatewayOwner(wanted)

/**
 * Whether some record could be gone or changed by what becomes of the objects. Exact about objects and cautious about
 * records: one that only moves from one object to another counts.
 */
export const mayLose = ({ before, after }: States): boolean => {
  if (before.size === 0) return false
  if (after.size !== before.size) return true
  for (const [key, held] of before) {
    const next = after.get(key)
    if (next === undefined || !sameWriter(held.writer, next.writer)) return true
    if (next.object !== held.object && !sameRecords(held.object, next.object)) return true
  }
  return false
}

const sameWriter = (a: Writer, b: Writer): boolean => a.controller === b.controller && a.zone === b.zone

const sameRecords = (a: KubeObject, b: KubeObject): boolean => {
  const then = endpointsOf(a)
  const now = endpointsOf(b)
  return (
    then.length === now.length &&
    then.every((endpoint, index) => {
      const other = now[index]
      return (
        other !== undefined &&
        endpoint.dnsName === other.dnsName &&
        endpoint.recordType === other.recordType &&
        sameTargets(endpoint.targets, other.targets)
      )
    })
  )
}

const beforeOf = (evaluation: Evaluation, after: ReadonlyMap<string, Held>): ReadonlyMap<string, Held> => {
  const { world } = evaluation
  const writerOf = writers(world)
  const madeFor = sources(evaluation)
  const before = new Map<string, Held>()
  for (const [key, object] of world.current.dnsEndpoints.ours) {
    const wanted = after.get(key)
    if (wanted?.object === object) {
      before.set(key, wanted)
      continue
    }
    before.set(key, {
      object,
      writer: writerOf(object, wanted?.writer),
      source: wanted?.source ?? madeFor(object),
    })
  }
  return before
}

/** Adds to `after` what is kept, and returns the rest. */
const dispose = (
  evaluation: Evaluation,
  before: ReadonlyMap<string, Held>,
  after: Map<string, Held>,
): ReadonlyMap<string, Removal> => {
  let disposalOf: ReturnType<typeof disposals> | undefined
  const removals = new Map<string, Removal>()
  const undecided = new Map<string, Held>()
  for (const [key, held] of before) {
    if (after.has(key)) continue
    disposalOf ??= disposals(evaluation)
    const disposal = disposalOf(held.object)
    if (disposal.keep) after.set(key, { ...held, kept: disposal.reason })
    else removals.set(key, { object: held.object, reason: disposal.reason, known: disposal.known })
    if (!disposal.keep && disposal.unlessUsed) undecided.set(key, held)
  }
  if (undecided.size === 0) return removals
  const targets = new Set<string>()
  const named = new Set<string>()
  for (const [key, held] of after)
    for (const { controller, name, type, targets: of } of recordsOf(key, held)) {
      named.add(`${controller} ${name}`)
      if (type === 'CNAME') for (const target of of) targets.add(target)
    }
  for (const [key, held] of undecided) {
    // Where another object has addresses for the name, this one would only contradict it.
    const used = recordsOf(key, held).find(
      ({ controller, name }) => targets.has(name) && !named.has(`${controller} ${name}`),
    )
    if (used === undefined) continue
    removals.delete(key)
    after.set(key, { ...held, kept: `${used.name} is still the target of hosts` })
  }
  return removals
}

/** The resource that an existing DNSEndpoint was made for, as far as that can be told. */
const sources = ({ gateways, failovers, routes }: Evaluation): ((object: KubeObject) => Source | null) => {
  const pairs = new Map(
    gateways.toReversed().flatMap(({ resource }) => {
      const spec = resource.spec
      return spec === undefined
        ? []
        : [[gatewayOwnerKey(spec.controller, spec.targetPostfix), sourceOf(resource.object)] as const]
    }),
  )
  // Asked only for what no route wants any more.
  let subjects: ReadonlyMap<string, KubeObject> | undefined
  return object => {
    const route = routeOwner(object)
    if (route === undefined) {
      const peer = object.metadata.labels?.[label.regionFailover]
      if (peer !== undefined) return sourceOfFailover(failovers, peer)
      const owner = object.metadata.ownerReferences?.find(reference => reference.kind === Gateway.kind)
      const pair = gatewayOwner(object)
      return (pair === undefined ? undefined : pairs.get(pair)) ?? stated(Gateway, object, owner?.name)
    }
    subjects ??= new Map(routes.map(({ resource }) => [routeOwnerKey(resource), resource.object]))
    const subject = subjects.get(route)
    if (subject !== undefined) return sourceOf(subject)
    const owner = object.metadata.ownerReferences?.find(reference => reference.kind === ServiceRoute.kind)
    return stated(ServiceRoute, object, owner?.name ?? route.slice(route.indexOf('/') + 1))
  }
}

const sourceOfFailover = (failovers: Evaluation['failovers'], peer: string): Source => {
  const present = failovers.find(({ resource }) => resource.name === peer)?.resource.object
  return present === undefined
    ? { apiVersion: apiVersionOf(RegionFailover), kind: RegionFailover.kind, name: peer }
    : sourceOf(present)
}

const stated = (
  kind: typeof ServiceRoute | typeof Gateway,
  object: KubeObject,
  name: string | undefined,
): Source | null =>
  name === undefined
    ? null
    : { apiVersion: apiVersionOf(kind), kind: kind.kind, namespace: object.metadata.namespace ?? '', name }
