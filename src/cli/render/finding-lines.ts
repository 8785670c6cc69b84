import { type ResourceRef, shortName } from '../../api/object.ts'
import type { LocatedFinding } from '../../engine/finding.ts'
import { escapeTerminal } from './escape.ts'
import type { Palette } from './style.ts'

/** `ServiceRoute app1/api` */
export const resourceName = (ref: ResourceRef): string => `${ref.kind} ${shortName(ref)}`

/** `apps/api.yaml:3:7`, as far as it is known; editors and terminals jump there. */
export const placeOf = (at: {
  readonly file?: string
  readonly line?: number
  readonly column?: number
}): string | undefined => {
  if (at.file === undefined) return undefined
  if (at.line === undefined) return at.file
  return at.column === undefined ? `${at.file}:${at.line}` : `${at.file}:${at.line}:${at.column}`
}

/** Where a finding is: its place in a file, else the resource in the cluster, else nothing. */
export const whereOf = (finding: LocatedFinding): string | undefined =>
  placeOf(finding) ?? (finding.resource === undefined ? undefined : resourceName(finding.resource))

/**
 * ```
 * apps/api.yaml:3:7: error [HostConflict] …
 *   hint: …
 * ```
 */
export function* findingLines(finding: LocatedFinding, palette: Palette): Generator<string> {
  const where = whereOf(finding)
  const lead = where === undefined ? '' : `${palette.strong(`${escapeTerminal(where)}:`)} `
  const severity = palette[finding.severity](finding.severity)
  yield `${lead}${severity} [${escapeTerminal(finding.code)}] ${escapeTerminal(finding.message)}\n`
  if (finding.hint !== '') yield `  ${palette.faint('hint:')} ${escapeTerminal(finding.hint)}\n`
}
