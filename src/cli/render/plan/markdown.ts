import type { ObjectChange, RecordChange } from '../../../engine/change.ts'
import type { LocatedFinding } from '../../../engine/finding.ts'
import { counted } from '../../../lib/counted.ts'
import { whereOf } from '../finding-lines.ts'
import { cell, inline } from '../markdown.ts'
import { createRoom, type Room } from '../room.ts'
import { bareObjects, objectName, objectVerbs } from './bare-objects.ts'
import { changedHosts, commonSource, type Host, sourceOf, zoneNames } from './hosts.ts'
import { oldTargets, reasonOf, signs, ttlChange, type Verb, verbOf } from './record-words.ts'
import type { PlanReport } from './report.ts'
import { caveats, changesNothing, planLine } from './summary-lines.ts'

/** GitHub takes 65,536 characters in a comment; the rest is for whoever puts a text of his own around this. */
const sizeLimit = 60_000
/** Findings come first, because they matter most, but may not crowd out the changes. */
const findingsLimit = 30_000
/** For notes and closing tags. */
const reserve = 500
/** From this many rows on the tables are folded. */
const foldFrom = 20

/** For a comment on a pull request: the sum, what is wrong, and a table for each host. */
export function* planMarkdown(report: PlanReport): Generator<string> {
  const top = [...heading(report)].join('')
  yield top
  const findings = [...findingList(report.findings)].join('')
  yield findings
  if (changesNothing(report)) yield 'No changes.\n'
  else yield* changeTables(report, createRoom(sizeLimit - reserve - top.length - findings.length))
}

function* heading(report: PlanReport): Generator<string> {
  yield `### ${planLine(report.summary)}\n\n`
  const { cluster } = report
  if (cluster !== undefined)
    yield `Cluster ${inline(cluster.cluster)} in region ${inline(cluster.region)}, domain ${inline(cluster.domain)}\n\n`
  for (const caveat of caveats(report)) yield `> **${caveat}**\n\n`
}

function* findingList(findings: readonly LocatedFinding[]): Generator<string> {
  if (findings.length === 0) return
  const room = createRoom(findingsLimit)
  let left = 0
  for (const finding of findings) {
    const item = room.closed ? '' : findingItem(finding)
    if (room.take(item)) yield item
    else left++
  }
  yield '\n'
  if (left > 0)
    yield `${counted(left, 'more finding is', 'more findings are')} left out, for want of space.\n\n`
}

const findingItem = (finding: LocatedFinding): string => {
  const where = whereOf(finding)
  const place = where === undefined ? '' : ` ${inline(where)}`
  const hint = finding.hint === '' ? '' : `  \n  ${cell(finding.hint)}`
  return `- **${finding.severity}** ${inline(finding.code)}${place}: ${cell(finding.message)}${hint}\n`
}

function* changeTables(report: PlanReport, room: Room): Generator<string> {
  const objects = bareObjects(report.objects, report.records)
  const rows = report.records.filter(({ action }) => action !== 'unchanged').length + objects.length
  const folded = rows > foldFrom
  if (folded) yield `<details>\n<summary>${counted(rows, 'change')}</summary>\n\n`
  const zoneOf = zoneNames(report.records)
  const left: Verb[] = []
  for (const host of changedHosts(report.records))
    left.push(...(yield* hostTable(host, report, zoneOf, room)).map(verbOf))
  const head = '**Objects**\n\n| | object | why |\n|-|-|-|\n'
  left.push(...(yield* table(head, objects, objectRow, room)).map(({ action }) => objectVerbs[action]))
  if (folded) yield '</details>\n\n'
  if (left.length > 0)
    yield `**${counted(left.length, 'row is', 'rows are')} left out, for want of space: ${byVerb(left)}.** \`srouter plan\` shows all of it.\n`
}

/** Which matters: nobody should approve a deletion because it is among what is left out. */
const byVerb = (verbs: readonly Verb[]): string =>
  Object.keys(signs)
    .map(verb => [verbs.filter(each => each === verb).length, verb] as const)
    .filter(([count]) => count > 0)
    .map(([count, verb]) => `${count} ${verb}`)
    .join(', ')

const hostTable = (
  host: Host,
  { placeOf }: PlanReport,
  zoneOf: (record: RecordChange) => string,
  room: Room,
): Generator<string, readonly RecordChange[]> => {
  const source = commonSource(host, placeOf)
  const title = source === undefined ? inline(host.name) : `${inline(host.name)} – ${cell(source)}`
  const head = `${title}\n\n| | zone | type | targets | ttl | why |\n|-|-|-|-|-|-|\n`
  const row = (record: RecordChange): string =>
    recordRow(record, zoneOf(record), source === undefined ? sourceOf(record, placeOf) : undefined)
  return table(head, host.records, row, room)
}

/** A table with as many rows as there is room for; answers those that there was none for. */
function* table<T>(
  head: string,
  items: readonly T[],
  row: (item: T) => string,
  room: Room,
): Generator<string, readonly T[]> {
  let before = head
  let written = 0
  for (const item of items) {
    if (room.closed) break
    const text = before + row(item)
    if (!room.take(text)) break
    yield text
    before = ''
    written++
  }
  if (written > 0) yield '\n'
  return items.slice(written)
}

const recordRow = (record: RecordChange, zone: string, source: string | undefined): string => {
  const old = oldTargets(record)
  const now = listed(record.targets)
  const why = [reasonOf(record), source].filter(text => text !== undefined).map(cell)
  return tableRow([
    act(verbOf(record)),
    inline(zone),
    cell(record.type),
    old === undefined ? now : `${listed(old)} → ${now}`,
    ttlChange(record),
    why.join('<br>'),
  ])
}

const objectRow = (change: ObjectChange): string =>
  tableRow([act(objectVerbs[change.action]), inline(objectName(change.ref)), cell(change.reason)])

const act = (verb: Verb): string => (verb === 'held' ? `**${signs.held} held**` : `${signs[verb]} ${verb}`)

const listed = (targets: readonly string[]): string => targets.map(inline).join(', ')

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
