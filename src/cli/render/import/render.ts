import { refOf } from '../../../api/object.ts'
import type { Proposed } from '../../../import/proposal.ts'
import { inChunks } from '../chunks.ts'
import { type Document, list, value } from '../document.ts'
import { findingData, resourceData } from '../finding-data.ts'
import { jsonText } from '../json.ts'
import { paragraph } from '../layout.ts'
import { objectYaml } from '../objects.ts'
import { type ImportReport, isComplete, sumOf } from './report.ts'

/** What `import -o` takes. */
export const importFormats = ['yaml', 'json'] as const

export const renderImport = (
  report: ImportReport,
  format: (typeof importFormats)[number],
): Iterable<string> => inChunks(format === 'json' ? jsonText(importDocument(report)) : manifests(report))

const commentWidth = 100

/** The proposal as "kubectl apply" reads it, with comments where something was chosen. */
function* manifests(report: ImportReport): Generator<string> {
  yield* comment([`Proposed by "srouter import". It makes ${sumOf(report)}.`])
  for (const { object, comments } of report.proposal) {
    yield '---\n'
    yield* comment(comments)
    yield* objectYaml(object)
  }
}

function* comment(texts: readonly string[]): Generator<string> {
  for (const text of texts) for (const line of paragraph(text, '# ', commentWidth)) yield `${line}\n`
}

/** Additions are minor, all else is major. */
const formatVersion = '1.0'

const importDocument = (report: ImportReport): Document => [
  ['formatVersion', value(formatVersion)],
  ['complete', value(isComplete(report))],
  ['summary', value(summaryData(report))],
  ['proposal', list(report.proposal, proposedData)],
  ['records', list(report.records, recordData)],
  ['replaced', list(report.replaced, object => resourceData(refOf(object)))],
  ['findings', list(report.findings, findingData)],
]

const summaryData = ({ records, handMade, owned, replaced, proposal }: ImportReport): object => ({
  records: records.length,
  reproduced: records.filter(({ reproduced }) => reproduced).length,
  proposed: proposal.length,
  handMade,
  replaced: replaced.length,
  owned,
})

const proposedData = ({ object, comments }: Proposed): object => ({ object, comments })

const recordData = ({
  reproduced,
  writer,
  name,
  type,
  ttl,
  targets,
}: ImportReport['records'][number]): object => ({
  reproduced,
  zone: writer.zone,
  controller: writer.controller,
  name,
  type,
  ttl,
  targets,
})
