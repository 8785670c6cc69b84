import type { ResourceRef } from '../../api/object.ts'
import type { LocatedFinding } from '../../engine/finding.ts'

/**
 * A finding as JSON or YAML, the same in every document. Every key is always there: whoever reads it has to know
 * null, but never a missing member.
 */
export const findingData = (finding: LocatedFinding): object => ({
  code: finding.code,
  severity: finding.severity,
  message: finding.message,
  hint: finding.hint,
  resource: finding.resource === undefined ? null : resourceData(finding.resource),
  file: finding.file ?? null,
  line: finding.line ?? null,
  column: finding.column ?? null,
})

export const resourceData = (ref: ResourceRef) => ({
  apiVersion: ref.apiVersion,
  kind: ref.kind,
  namespace: ref.namespace ?? null,
  name: ref.name,
})
