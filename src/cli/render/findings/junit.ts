import type { LocatedFinding } from '../../../engine/finding.ts'
import { joined } from '../chunks.ts'
import { escapeTerminal } from '../escape.ts'
import { findingLines, placeOf, resourceName } from '../finding-lines.ts'
import { paletteOf, plainStyle } from '../style.ts'
import { xmlAttribute, xmlText } from '../xml.ts'
import { type FindingsReport, type FindingsSummary, inputLine } from './report.ts'

/**
 * JUnit XML as Jenkins's schema has it, which GitLab, Azure DevOps and most viewers read as well. An error is a
 * test that failed; a warning one that passed and wrote something. No time stamp: same input, same bytes.
 */
export function* findingsJunit({ findings, summary }: FindingsReport): Generator<string> {
  const counts = `tests="${Math.max(findings.length, 1)}" failures="${summary.errors}" errors="0"`
  yield '<?xml version="1.0" encoding="UTF-8"?>\n'
  yield `<testsuites name="srouter validate" ${counts} time="0">\n`
  yield `  <testsuite name="srouter validate" ${counts} skipped="0" time="0">\n`
  yield* properties(summary)
  // A report without a test looks like a run that broke.
  if (findings.length === 0) yield `    <testcase ${names('srouter', inputLine(summary))} time="0"/>\n`
  for (const finding of findings) yield testcase(finding)
  yield '  </testsuite>\n</testsuites>\n'
}

function* properties(summary: FindingsSummary): Generator<string> {
  yield '    <properties>\n'
  yield property('files', summary.files)
  yield property('resources', summary.resources)
  for (const [kind, count] of summary.skipped) yield property(`skipped.${kind}`, count)
  yield property('errors', summary.errors)
  yield property('warnings', summary.warnings)
  yield '    </properties>\n'
}

const property = (name: string, count: number): string =>
  `      <property name="${attribute(name)}" value="${count}"/>\n`

const testcase = (finding: LocatedFinding): string => {
  const name = [finding.code, ...(finding.resource === undefined ? [] : [resourceName(finding.resource)])]
  const place = placeOf(finding)
  const head = `    <testcase ${names(finding.file ?? 'cluster', `${name.join(' ')}${place === undefined ? '' : ` at ${place}`}`)} time="0">\n`
  const text = xmlText(joined(findingLines(finding, paletteOf(plainStyle))))
  const body =
    finding.severity === 'error'
      ? `      <failure message="${attribute(finding.message)}" type="${attribute(finding.code)}">${text}</failure>\n`
      : `      <system-out>${text}</system-out>\n`
  return `${head}${body}    </testcase>\n`
}

const names = (classname: string, name: string): string =>
  `classname="${attribute(classname)}" name="${attribute(name)}"`

/** XML is printed on terminals as well, and allows what they act on. */
const attribute = (text: string): string => xmlAttribute(escapeTerminal(text))
