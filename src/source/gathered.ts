import type { KubeObject } from '../api/object.ts'
import type { LocatedFinding } from '../engine/finding.ts'
import type { Snapshot } from '../engine/snapshot.ts'
import type { Places } from './place.ts'

/** A snapshot without its settings, and where its objects stand. */
export interface Gathered extends Omit<Snapshot, 'settings'> {
  readonly places: Places
  /** What went wrong while reading. */
  readonly findings: readonly LocatedFinding[]
  readonly counts: {
    readonly files: number
    readonly resources: number
    readonly skipped: ReadonlyMap<string, number>
  }
}

/** Places of objects that were made from others: asked for by what they were made from. */
export const placesThrough = (origins: ReadonlyMap<KubeObject, KubeObject>, places: Places): Places => ({
  start: object => places.start(origins.get(object) ?? object),
  field: (object, path) => places.field(origins.get(object) ?? object, path),
})
