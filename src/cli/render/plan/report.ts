import type { ObjectChange, RecordChange, Summary } from '../../../engine/change.ts'
import type { LocatedFinding } from '../../../engine/finding.ts'
import type { Place } from '../../../source/place.ts'

/** A plan as it leaves the program: the engine's, with places instead of objects. */
export interface PlanReport {
  /** RFC 3339. The only thing in it that differs between two runs on the same input. */
  readonly timestamp: string
  readonly cluster: ClusterName | undefined
  /** `apply` would do it as it stands. */
  readonly applyable: boolean
  /** Nothing was left out for lack of information. */
  readonly complete: boolean
  readonly summary: Summary
  /** How many records are held back in all, where the report shows only a part of the plan (`-n`). */
  readonly heldInAll?: number
  /** Sorted by name, then by zone, controller and type. */
  readonly records: readonly RecordChange[]
  /** Where the source of a record stands, when that came from a file. */
  readonly placeOf: (record: RecordChange) => Place | undefined
  readonly objects: readonly ObjectChange[]
  readonly findings: readonly LocatedFinding[]
}

export interface ClusterName {
  readonly cluster: string
  readonly region: string
  readonly domain: string
}
