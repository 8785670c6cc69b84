import type { ClusterIdentitySpec, ClusterIdentityStatus } from '../../api/cluster-identity.ts'
import type { ExternalDNSController } from '../../api/dns-configuration.ts'
import { label } from '../../api/labels.ts'
import { labelValue } from '../../api/names.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Decoded } from '../decode.ts'
import type { Resource } from '../resource.ts'
import type { RecordSet } from './record.ts'
import type { RecordTable } from './record-table.ts'

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
 * records were last written (`status.applied`), and the DNSConfiguration with the controllers that existing objects
 * are labelled with. Undefined where nothing of the kind changed. What would not be deleted under these inputs, and
 * is under the real ones, is deleted because of the singleton.
 */
export const counterfactual = (
  decoded: Decoded,
  current: Iterable<KubeObject>,
): Counterfactual | undefined => {
  const [identity] = decoded.identities
  const [configuration] = decoded.configurations
  const before = identity === undefined ? undefined : appliedSpec(identity)
  const gone =
    configuration?.spec === undefined
      ? []
      : goneControllers(configuration.spec.externalDNSControllers, current)
  const causes = [
    ...(before === undefined || identity?.spec === undefined ? [] : [identityCause(before, identity.spec)]),
    ...(gone.length === 0
      ? []
      : [`the DNSConfiguration has no controller ${gone.map(c => c.name).join(', ')} any more`]),
  ]
  if (causes.length === 0) return undefined
  return {
    cause: causes.join('; '),
    decoded: {
      ...decoded,
      identities: before === undefined ? decoded.identities : replaceSpec(decoded.identities, () => before),
      configurations: replaceSpec(decoded.configurations, spec => ({
        ...spec,
        externalDNSControllers: [...spec.externalDNSControllers, ...gone],
      })),
    },
  }
}

const replaceSpec = <Spec>(
  resources: readonly Resource<Spec>[],
  change: (spec: Spec) => Spec,
): readonly Resource<Spec>[] =>
  resources.map(resource =>
    resource.spec === undefined ? resource : { ...resource, spec: change(resource.spec) },
  )

const identityFields = ['cluster', 'region', 'domain'] as const

const appliedSpec = (identity: Resource<ClusterIdentitySpec>): ClusterIdentitySpec | undefined => {
  const applied = (identity.object.status as ClusterIdentityStatus | undefined)?.applied ?? undefined
  if (applied === undefined || identity.spec === undefined) return undefined
  const before = { ...identity.spec }
  for (const field of identityFields) if (typeof applied[field] === 'string') before[field] = applied[field]
  return identityFields.some(field => before[field] !== identity.spec?.[field]) ? before : undefined
}

const identityCause = (before: ClusterIdentitySpec, after: ClusterIdentitySpec): string => {
  const changes = identityFields.flatMap(field =>
    before[field] === after[field] ? [] : [`${field} from ${before[field]} to ${after[field]}`],
  )
  return `the ClusterIdentity changed ${changes.join(', ')}`
}

const goneControllers = (
  present: readonly ExternalDNSController[],
  current: Iterable<KubeObject>,
): readonly ExternalDNSController[] => {
  const names = new Set(present.map(controller => labelValue(controller.name)))
  const regions = new Set(present.map(controller => controller.region))
  const gone = new Map<string, ExternalDNSController>()
  for (const object of current) {
    const { labels } = object.metadata
    const region = labels?.[label.region]
    if (region === undefined) continue
    const stated = labels?.[label.controller] ?? labels?.[label.app]
    if (stated !== undefined && !names.has(stated)) gone.set(stated, { name: stated, region })
    // The earlier operator's address objects do not say whose they are, only for which region.
    if (stated === undefined && !regions.has(region))
      gone.set(region, { name: `external-dns-${region}`, region })
  }
  return [...gone.values()]
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
): Verdict => {
  const bySingleton = losses.filter(loss => loss.cause === 'singleton')
  const lost = distinct(bySingleton.map(({ record }) => record))
  const tooMany = allRecords >= fromRecords && lost > share * allRecords
  const last = bySingleton.find(lastAddress)
  const unknown = losses.filter(loss => loss.cause === 'unknown')
  const held = tooMany || last !== undefined ? [...bySingleton, ...unknown] : unknown
  if (held.length === 0 || allowed === held.length) return { held: [], reason: undefined }
  const why = tooMany
    ? `${lost} of ${allRecords} records would go or change by one edit of a platform resource`
    : last !== undefined
      ? `${last.record.name} would lose its last address in zone ${last.record.zone}`
      : 'no cause for the deletion is known'
  return { held, reason: why }
}
