import { byText } from '../../../lib/compare.ts'
import { type Document, list, value } from '../document.ts'
import { findingData } from '../finding-data.ts'
import { jsonText } from '../json.ts'
import type { FindingsReport, FindingsSummary } from './report.ts'

/** Additions are minor, all else is major. */
const formatVersion = '1.0'

export const findingsJson = (report: FindingsReport): Iterable<string> => jsonText(findingsDocument(report))

const findingsDocument = ({ findings, summary }: FindingsReport): Document => [
  ['formatVersion', value(formatVersion)],
  ['valid', value(summary.errors === 0)],
  ['summary', value(summaryData(summary))],
  ['findings', list(findings, findingData)],
]

const summaryData = (summary: FindingsSummary): object => ({
  files: summary.files,
  resources: summary.resources,
  skipped: Object.fromEntries([...summary.skipped].sort(([a], [b]) => byText(a, b))),
  errors: summary.errors,
  warnings: summary.warnings,
})
