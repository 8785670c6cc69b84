import type { ExternalDNSController } from '../../api/dns-configuration.ts'
import { label } from '../../api/labels.ts'
import { labelValue } from '../../api/names.ts'
import type { KubeObject } from '../../api/object.ts'
import { sortedBy } from '../../lib/compare.ts'
import type { Decoded } from '../decode.ts'
import type { Resource } from '../resource.ts'
import type { RecordSet } from './record.ts'
import type { RecordTable } from './record-table.ts'
import { identityCause, rememberedSpec } from './remembered.ts'

/** From this many records on, the share counts. */
const fromRecords = 10
/** More than this share of all records may not go by a change of a platform singleton. */
const share = 0.3

/** Something that a change of a platform singleton did: what it was before, as inputs to derive from once more. */
export interface Counterfactual {
  readonly decoded: Decoded
  /** What changed, for people. */
  readonly cause: string
}

/**
 * The inputs as they would be had nobody touched a platform singleton: the ClusterIdentity with what it had when
 * records were last written (see remembered.ts), and the DNSConfiguration with the controllers that existing objects
 * are labelled with. Undefined where nothing of the kind changed. What would not be deleted under these inputs, and
 * is under the real ones, is deleted because of the singleton.
 */
export const counterfactual = (
  decoded: Decoded,
  current: readonly KubeObject[],
  tripped: boolean,
): Counterfactual | undefined => {
  const [identity] = decoded.identities
  const [configuration] = decoded.configurations
  const before =
    identity === undefined
      ? undefined
      : rememberedSpec(
          identity,
          current,
          regionsOf(configuration?.spec?.externalDNSControllers ?? [], current),
        )
  const gone =
    configuration?.spec === undefined
      ? []
      : goneControllers(configuration.spec.externalDNSControllers, current, tripped)
  const causes = [
    ...(before === undefined || identity?.spec === undefined ? [] : [identityCause(before, identity.spec)]),
    ...(gone.length === 0
      ? []
      : [
          `the DNSConfiguration has no controller ${gone.map(c => `${c.name} of region ${c.region}`).join(', ')} any more`,
        ]),
  ]
  if (causes.length === 0) return undefined
  return {
    cause: causes.join('; '),
    decoded: {
      ...decoded,
      identities: before === undefined ? decoded.identities : replaceSpec(decoded.identities, () => before),
      configurations: replaceSpec(decoded.configurations, spec => ({
        ...spec,
        externalDNSControllers: [
          ...spec.externalDNSControllers.filter(({ name }) => !gone.some(before => before.name === name)),
          ...gone,
        ],
      })),
    },
  }
}

/** Those of the DNSConfiguration, and those that existing objects are labelled with. */
const regionsOf = (
  controllers: readonly ExternalDNSController[],
  current: readonly KubeObject[],
): ReadonlySet<string> =>
  new Set([
    ...controllers.map(controller => controller.region),
    ...current.flatMap(object => object.metadata.labels?.[label.region] ?? []),
  ])

const replaceSpec = <Spec>(
  resources: readonly Resource<Spec>[],
  change: (spec: Spec) => Spec,
): readonly Resource<Spec>[] =>
  resources.map(resource =>
    resource.spec === undefined ? resource : { ...resource, spec: change(resource.spec) },
  )

/**
 * Controllers that existing objects are labelled with, and that are not there, or not of that region, any more. One
 * object of another region beside others that are right was edited by hand; unless it is one that is held back.
 */
const goneControllers = (
  present: readonly ExternalDNSController[],
  current: Iterable<KubeObject>,
  tripped: boolean,
): readonly ExternalDNSController[] => {
  const regions = new Set(present.map(controller => controller.region))
  const byLabel = new Map(present.map(controller => [labelValue(controller.name), controller]))
  const gone = new Map<string, { readonly controller: ExternalDNSController; objects: number }>()
  const right = new Set<string>()
  for (const object of current) {
    const { labels } = object.metadata
    const region = labels?.[label.region]
    if (region === undefined) continue
    const stated = labels?.[label.controller] ?? labels?.[label.app]
    const known = stated === undefined ? undefined : byLabel.get(stated)
    // The earlier operator's address objects do not say whose they are, only for which region.
    const isRight = stated === undefined ? regions.has(region) : known?.region === region
    const name = known?.name ?? stated ?? `external-dns-${region}`
    if (isRight) right.add(name)
    else {
      const others = gone.get(name)?.objects ?? 0
      gone.set(name, { controller: { name, region }, objects: others + 1 })
    }
  }
  return [...gone.values()]
    .filter(({ controller, objects }) => tripped || objects > 1 || !right.has(controller.name))
    .map(({ controller }) => controller)
}

export interface Loss {
  readonly record: RecordSet
  /** Absent for a deletion, else what the record would become. */
  readonly after: RecordSet | undefined
  readonly reason: string
  /** `owner`: wanted. `singleton`: counted. `unknown`: never let through unasked. */
  readonly cause: 'owner' | 'singleton' | 'unknown'
}

export interface Verdict {
  readonly held: readonly Loss[]
  /** Why, or undefined where nothing is held. */
  readonly reason: string | undefined
}

/**
 * How many records there were before a platform singleton changed: each name once in a zone, and only where it is lost
 * or would be there without the change as well. What the change itself adds must not count, or the share would sink from
 * one pass to the next until the brake lets go by itself.
 */
export const recordsBefore = (
  losses: readonly Loss[],
  before: RecordTable,
  unedited: RecordTable,
): number => {
  const lost = new Set(losses.map(({ record }) => record))
  let count = 0
  for (const [name, records] of before.byName) {
    const without = unedited.byName.get(name) ?? []
    const counted = records.filter(
      record =>
        lost.has(record) || without.some(({ zone, type }) => zone === record.zone && type === record.type),
    )
    count += distinct(counted)
  }
  return count
}

const distinct = (records: readonly RecordSet[]): number =>
  new Set(records.map(({ zone, name, type }) => `${zone} ${name} ${type}`)).size

/**
 * Deletions and target changes that are held back; `allowed` lets them through when it is their exact number.
 * `allRecords`: see recordsBefore.
 */
export const brake = (
  losses: readonly Loss[],
  allRecords: number,
  lastAddress: (loss: Loss) => boolean,
  allowed: number | undefined,
  /** It held something back the last time; then it does not let go only because other records have come. */
  tripped: boolean,
): Verdict => {
  const bySingleton = losses.filter(loss => loss.cause === 'singleton')
  const lost = distinct(bySingleton.map(({ record }) => record))
  const tooMany = allRecords >= fromRecords && lost > share * allRecords
  // Of several always the same one is named, in whatever order the objects were read.
  const [last] = sortedBy(bySingleton.filter(lastAddress), ({ record }) => `${record.name} ${record.zone}`)
  const unknown = losses.filter(loss => loss.cause === 'unknown')
  const held = tooMany || last !== undefined || tripped ? [...bySingleton, ...unknown] : unknown
  if (held.length === 0 || allowed === held.length) return { held: [], reason: undefined }
  const why = tooMany
    ? `${lost} of ${allRecords} records would go or change by one edit of a platform resource`
    : last !== undefined
      ? `${last.record.name} would lose its last address in zone ${last.record.zone}`
      : bySingleton.length > 0
        ? 'it was held back before, and what made it so is still there'
        : 'no cause for the deletion is known'
  return { held, reason: why }
}
