import { summarise } from '../../../engine/diff/record-changes.ts'
import type { PlanReport } from './report.ts'

/** What of a plan belongs to a namespace, its summary included. Everything was planned all the same. */
export const inNamespace = (report: PlanReport, namespace: string | undefined): PlanReport => {
  if (namespace === undefined) return report
  const records = report.records.filter(record => record.source?.namespace === namespace)
  return {
    ...report,
    summary: summarise(records),
    heldInAll: report.summary.held,
    records,
    objects: report.objects.filter(object => object.ref.namespace === namespace),
    findings: report.findings.filter(finding => (finding.resource?.namespace ?? namespace) === namespace),
  }
}
