import type { ObjectChange, RecordChange, Summary } from '../../../engine/change.ts'
import type { LocatedFinding } from '../../../engine/finding.ts'

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
  readonly records: readonly LocatedRecord[]
  readonly objects: readonly ObjectChange[]
  readonly findings: readonly LocatedFinding[]
}

export interface ClusterName {
  readonly cluster: string
  readonly region: string
  readonly domain: string
}

/** `file` and `line` say where its source stands, when that came from a file. */
export type LocatedRecord = RecordChange & { readonly file?: string; readonly line?: number }
