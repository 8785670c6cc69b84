import type { ObjectChange, RecordChange, Summary } from './change.ts'
import type { Finding } from './finding.ts'

/** What the engine makes of a snapshot. Everything in it is sorted by a stable key. */
export interface Plan {
  /** Absent where there is no single valid ClusterIdentity. */
  readonly cluster?: { readonly cluster: string; readonly region: string; readonly domain: string }
  /** False when something was left out for lack of information. */
  readonly complete: boolean
  readonly summary: Summary
  readonly records: readonly RecordChange[]
  /** How many record sets each zone has once the plan is carried out. */
  readonly zones: ReadonlyMap<string, number>
  readonly objects: readonly ObjectChange[]
  readonly findings: readonly Finding[]
}
