import type { Condition } from '../../api/fields.ts'
import { type KubeObject, type ResourceRef, refOf } from '../../api/object.ts'
import { hostsByGateway } from '../derive/istio-gateways.ts'
import type { Judgement } from '../engine.ts'
import type { Judged } from '../evaluate.ts'
import type { Issue } from '../issue.ts'
import type { SliceResult } from '../slice.ts'
import type { Settings } from '../snapshot.ts'
import { failoverStatus } from './failover.ts'
import { gatewayStatus } from './gateway.ts'
import { policyStatus } from './policy.ts'
import { publishedBy } from './published.ts'
import { routeStatus } from './route.ts'
import { brakeCondition, identityStatus } from './singleton.ts'
import { type Fields, ready } from './stated.ts'

/** The whole status that a resource should have; `changed` is false where it has it already. */
export interface StatusChange {
  readonly ref: ResourceRef
  readonly subject: KubeObject
  readonly changed: boolean
  readonly status: Readonly<Record<string, unknown>>
}

/** The statuses once the plan is carried out: `Ready` says that the objects are written. */
export const statuses = (
  reconciliation: Judgement,
  failures?: ReadonlyMap<string, string>,
): readonly StatusChange[] => [...eachStatus(reconciliation, failures)]

/** One after the other, for who writes them: all those of a cold start at once would take much memory. */
export function* eachStatus(
  reconciliation: Judgement,
  /** By object key: why an object could not be written. */
  failures: ReadonlyMap<string, string> = new Map(),
): Generator<StatusChange, void, undefined> {
  const { evaluation } = reconciliation
  const published = publishedBy(reconciliation, failures)
  const { identities, configurations, failovers, gateways, policies, routes } = evaluation
  const hosts = hostsByGateway(evaluation)
  const held = brakeCondition(reconciliation)
  const now = evaluation.world.settings.now
  for (const identity of identities)
    yield finish(identity, identityStatus(identity, reconciliation, held), now)
  for (const configuration of configurations)
    yield finish(configuration, { conditions: [ready(configuration), ...held] }, now)
  for (const failover of failovers) yield finish(failover, failoverStatus(failover, evaluation), now)
  for (const gateway of gateways)
    yield finish(gateway, gatewayStatus(gateway, evaluation, hosts, published), now)
  for (const policy of policies) yield finish(policy, policyStatus(policy, evaluation), now)
  for (const route of routes) yield finish(route, routeStatus(route, published), now)
}

/** The statuses of a slice's routes. */
export const sliceStatuses = (
  { evaluation, objects, findings }: SliceResult,
  settings: Settings,
  failures: ReadonlyMap<string, string> = new Map(),
): readonly StatusChange[] => {
  const published = publishedBy({ evaluation, plan: { objects, findings } }, failures)
  return evaluation.routes.map(route => finish(route, routeStatus(route, published), settings.now))
}

const finish = (judged: Judged<unknown>, fields: Fields, now: string): StatusChange => {
  const { object } = judged.resource
  const before = (object.status ?? {}) as Readonly<Record<string, unknown>>
  // Anybody who may write a status may have written anything into it.
  const known: readonly (Partial<Condition> | null)[] = Array.isArray(before.conditions)
    ? before.conditions
    : []
  const generation = object.metadata.generation
  const conditions = fields.conditions.map(stated => {
    const previous = known.find(condition => condition?.type === stated.type)
    return {
      ...stated,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      lastTransitionTime:
        (previous?.status === stated.status ? previous.lastTransitionTime : undefined) ?? now,
    }
  })
  const status = {
    phase: phaseOf(judged.trouble),
    ...fields,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions,
  }
  const ref = refOf(object)
  // Of thousands that have theirs already, none is kept a second time.
  return same(before, status)
    ? { ref, subject: object, changed: false, status: before }
    : { ref, subject: object, changed: true, status }
}

const phaseOf = (trouble: Issue | undefined): string =>
  trouble === undefined ? 'Active' : trouble.effect === 'error' ? 'Error' : 'Pending'

/** Whether two JSON values are the same; a field that is undefined counts as absent. */
const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) return sameItems(a, b)
  const [left, right] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>]
  for (const key in left) if (!same(left[key], right[key])) return false
  for (const key in right) if (right[key] !== undefined && left[key] === undefined) return false
  return true
}

const sameItems = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) &&
  Array.isArray(b) &&
  a.length === b.length &&
  a.every((item, index) => same(item, b[index]))
