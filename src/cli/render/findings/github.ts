import type { LocatedFinding } from '../../../engine/finding.ts'
import { escapeWorkflowData, escapeWorkflowProperty } from '../escape.ts'
import { resourceName } from '../finding-lines.ts'
import { type FindingsReport, summaryLine } from './report.ts'
import { repositoryPath } from './repository-path.ts'

/**
 * Workflow commands: GitHub Actions shows them beside the lines of a pull request
 * (docs.github.com, "Workflow commands for GitHub Actions").
 */
export function* findingsGithub({ findings, summary }: FindingsReport): Generator<string> {
  for (const finding of findings) yield command(finding)
  yield `${summaryLine(summary)}\n`
}

const command = (finding: LocatedFinding): string => {
  const properties = propertiesOf(finding)
    .map(([key, property]) => `${key}=${escapeWorkflowProperty(property)}`)
    .join(',')
  return `::${finding.severity} ${properties}::${escapeWorkflowData(messageOf(finding))}\n`
}

const propertiesOf = (finding: LocatedFinding): [key: string, property: string][] => {
  const properties: [string, string][] = []
  if (finding.file !== undefined) {
    properties.push(['file', repositoryPath(finding.file)])
    if (finding.line !== undefined) properties.push(['line', String(finding.line)])
    if (finding.column !== undefined) properties.push(['col', String(finding.column)])
  }
  properties.push(['title', finding.code])
  return properties
}

/** Where no file can be shown, the message has to say what it is about. */
const messageOf = (finding: LocatedFinding): string => {
  const about =
    finding.file === undefined && finding.resource !== undefined ? `${resourceName(finding.resource)}: ` : ''
  return finding.hint === ''
    ? `${about}${finding.message}`
    : `${about}${finding.message}\nhint: ${finding.hint}`
}
