import type { Endpoint } from '../../api/foreign.ts'
import { label } from '../../api/labels.ts'
import { labelValue } from '../../api/names.ts'
import type { KubeObject } from '../../api/object.ts'
import type { Source } from '../change.ts'
import { endpointsOf } from '../current.ts'
import type { Writer } from '../derive/wanted.ts'
import type { World } from '../world.ts'

/** One record set of one ExternalDNS instance, and the DNSEndpoint that holds it. */
export interface RecordSet {
  readonly controller: string
  readonly zone: string
  readonly name: string
  readonly type: string
  readonly ttl: number | null
  readonly targets: readonly string[]
  /** `namespace/name` of the DNSEndpoint. */
  readonly holder: string
  readonly source: Source | null
  /** Why it stays although nothing asks for it; undefined where something does. */
  readonly kept: string | undefined
}

interface Origin {
  readonly writer: Writer
  readonly source: Source | null
  readonly kept?: string
}

export const recordOf = (
  endpoint: Endpoint,
  holder: string,
  { writer, source, kept }: Origin,
): RecordSet => ({
  controller: writer.controller,
  zone: writer.zone,
  name: endpoint.dnsName,
  type: endpoint.recordType,
  // ExternalDNS takes 0 for "not set".
  ttl: endpoint.recordTTL || null,
  targets: sorted(endpoint.targets),
  holder,
  source,
  kept,
})

export const recordsOf = (
  holder: string,
  held: Origin & { readonly object: KubeObject },
): readonly RecordSet[] => endpointsOf(held.object).map(endpoint => recordOf(endpoint, holder, held))

const sorted = (targets: readonly string[]): readonly string[] =>
  targets.length < 2 ? targets : targets.toSorted()

/**
 * Which ExternalDNS instance writes an existing DNSEndpoint, as its labels say. The earlier operator's address objects
 * have no label for it, but their name ends in it; where somebody has removed the labels, it counts as the one that the
 * object is wanted for.
 */
export const writers = (world: World): ((object: KubeObject, wantedFor: Writer | undefined) => Writer) => {
  const byLabel = new Map(world.controllers.map(controller => [labelValue(controller.name), controller]))
  return ({ metadata: { labels, name } }, wantedFor) => {
    const value = labels?.[label.controller] ?? labels?.[label.app]
    const stated = value === undefined ? undefined : byLabel.get(value)
    const zone = labels?.[label.region] ?? stated?.region ?? wantedFor?.zone ?? ''
    const controller = stated?.name ?? value
    if (controller !== undefined)
      // Nearly always it is the one that the object is wanted for.
      return controller === wantedFor?.controller && zone === wantedFor.zone
        ? wantedFor
        : { controller, zone }
    const named = world.controllers.find(c => c.region === zone && name.endsWith(`-${c.name}`))
    return { controller: named?.name ?? wantedFor?.controller ?? `external-dns-${zone}`, zone }
  }
}

export const sameTargets = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((target, index) => target === b[index]))

/** A deletion or a change of targets; a new TTL loses nothing. */
export const isLoss = (before: RecordSet, after: RecordSet | undefined): boolean =>
  after === undefined || !sameTargets(before.targets, after.targets)
