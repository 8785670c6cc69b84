import type { LocatedFinding } from '../../../engine/finding.ts'
import { counted } from '../../../lib/counted.ts'

/** What `validate` found. With --strict the warnings are errors already. */
export interface FindingsReport {
  readonly findings: readonly LocatedFinding[]
  readonly summary: FindingsSummary
}

export interface FindingsSummary {
  readonly files: number
  readonly resources: number
  /** How many documents of each kind that is not ours. */
  readonly skipped: ReadonlyMap<string, number>
  readonly errors: number
  readonly warnings: number
}

/** `12 files, 40 resources, 3 of other kinds skipped: 2 errors, 1 warning` */
export const summaryLine = (summary: FindingsSummary): string => `${inputLine(summary)}: ${verdict(summary)}`

/** `12 files, 40 resources, 3 of other kinds skipped` */
export const inputLine = (summary: FindingsSummary): string => {
  const skipped = skippedCount(summary)
  const read = `${counted(summary.files, 'file')}, ${counted(summary.resources, 'resource')}`
  return skipped === 0 ? read : `${read}, ${skipped} of other kinds skipped`
}

const skippedCount = (summary: FindingsSummary): number => {
  let count = 0
  for (const number of summary.skipped.values()) count += number
  return count
}

/** `2 errors, 1 warning`, or `ok`. */
export const verdict = ({ errors, warnings }: FindingsSummary): string => {
  if (errors === 0) return warnings === 0 ? 'ok' : counted(warnings, 'warning')
  return warnings === 0
    ? counted(errors, 'error')
    : `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`
}
