import type { LocatedFinding } from '../../../engine/finding.ts'
import { byKey } from '../../../lib/compare.ts'
import { escapeTerminal } from '../escape.ts'
import { resourceName } from '../finding-lines.ts'
import { sentenceOf } from '../words.ts'
import type { FindingsReport } from './report.ts'
import { repositoryPath } from './repository-path.ts'

/**
 * SARIF 2.1.0, with what GitHub's code scanning insists on beyond the schema: descriptions and help for every
 * rule, and a physical location for every result.
 */
export function* findingsSarif({ findings }: FindingsReport): Generator<string> {
  const rules = rulesOf(findings)
  const positions = new Map(rules.map((rule, index) => [rule.id, index]))
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'srouter', rules } },
        columnKind: 'utf16CodeUnits',
        results: findings.map(finding => resultOf(finding, positions.get(finding.code) ?? -1)),
      },
    ],
  }
  yield `${escapeTerminal(JSON.stringify(log, null, 2), 'keep')}\n`
}

/** One rule a code; the first finding of a code lends it its advice. */
const rulesOf = (findings: readonly LocatedFinding[]) => {
  const first = new Map<string, LocatedFinding>()
  for (const finding of findings) if (!first.has(finding.code)) first.set(finding.code, finding)
  return [...first.values()].sort(byKey(finding => finding.code)).map(({ code, severity, hint }) => ({
    id: code,
    shortDescription: { text: sentenceOf(code) },
    fullDescription: { text: sentenceOf(code) },
    help: { text: hint === '' ? sentenceOf(code) : messageText(hint) },
    defaultConfiguration: { level: severity },
  }))
}

const resultOf = (finding: LocatedFinding, ruleIndex: number): object => ({
  ruleId: finding.code,
  ruleIndex,
  level: finding.severity,
  message: {
    text: messageText(finding.hint === '' ? finding.message : `${finding.message}\n${finding.hint}`),
  },
  locations: [
    {
      physicalLocation: {
        artifactLocation: artifactOf(finding.file),
        ...(finding.file === undefined || finding.line === undefined
          ? {}
          : { region: regionOf(finding.line, finding.column) }),
      },
      ...(finding.resource === undefined
        ? {}
        : { logicalLocations: [{ fullyQualifiedName: resourceName(finding.resource), kind: 'resource' }] }),
    },
  ],
})

const regionOf = (startLine: number, startColumn: number | undefined): object =>
  startColumn === undefined ? { startLine } : { startLine, startColumn }

const artifactOf = (file: string | undefined): object => {
  // What has no file is about the repository as a whole.
  if (file === undefined) return { uri: '.', uriBaseId: '%SRCROOT%' }
  const uri = uriPath(repositoryPath(file))
  return uri.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' }
}

/** Percent-encoded segment by segment, so that `a b/c#1.yaml` is one path and `c:x.yaml` has no scheme. */
const uriPath = (path: string): string => path.toWellFormed().split('/').map(encodeURIComponent).join('/')

/** In a message `[text](n)` is a link (§3.11.6); ours have none. */
const messageText = (text: string): string => text.replace(/\[(?=[^[\]]*\]\()/g, '\\[')
