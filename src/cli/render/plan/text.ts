import type { ObjectChange } from '../../../engine/change.ts'
import { escapeTerminal } from '../escape.ts'
import { findingLines } from '../finding-lines.ts'
import { paragraph, widest } from '../layout.ts'
import { paletteOf, type Style } from '../style.ts'
import { bareObjects, objectName, objectVerbs } from './bare-objects.ts'
import { changedHosts, commonSource, type Host } from './hosts.ts'
import { recordLines } from './record-lines.ts'
import { type Look, lookOf } from './record-row.ts'
import { paintOf, signs } from './record-words.ts'
import type { ClusterName, PlanReport } from './report.ts'
import { caveats, changesNothing, planLine } from './summary-lines.ts'

/**
 * For people, at 3 a.m. as well: which cluster, what happens to which name and why, what is wrong, and the sum
 * in the last line, where a terminal stops scrolling.
 *
 * ```
 * Plan for cluster aks01 in region weu, domain aks.example.com
 *
 * api-ns-p-prod-app1.aks.example.com  ServiceRoute app1/api, apps/api.yaml:3
 *   + neu  CNAME  aks01-weu-internal.aks.example.com  ttl 300
 *   ~ weu  CNAME  aks01-weu-old.aks.example.com
 *               → aks01-weu-internal.aks.example.com  ttl 300
 *
 * Plan: 1 to add, 1 to change, 0 to delete (12 unchanged)
 * ```
 */
export function* planText(report: PlanReport, style: Style): Generator<string> {
  yield* heading(report.cluster)
  const look = lookOf(report, style)
  for (const host of changedHosts(report.records)) {
    yield* hostLines(host, look)
    yield '\n'
  }
  yield* objectSection(bareObjects(report.objects, report.records), style)
  yield* findingSection(report, style)
  yield* conclusion(report, style)
}

function* heading(cluster: ClusterName | undefined): Generator<string> {
  if (cluster === undefined) return
  const name = `Plan for cluster ${cluster.cluster} in region ${cluster.region}, domain ${cluster.domain}`
  yield `${escapeTerminal(name)}\n\n`
}

function* hostLines(host: Host, look: Look): Generator<string> {
  const { palette, width } = look
  const name = escapeTerminal(host.name)
  const source = commonSource(host, look.placeOf)
  if (source === undefined) yield `${palette.strong(name)}\n`
  else {
    const escaped = escapeTerminal(source)
    const gap = name.length + 2 + escaped.length <= width ? '  ' : '\n  '
    yield `${palette.strong(name)}${gap}${palette.faint(escaped)}\n`
  }
  yield* recordLines(host.records, look, source === undefined)
}

/** Names beyond this do not push the reasons of all others to the right. */
const nameColumn = 48

function* objectSection(objects: readonly ObjectChange[], style: Style): Generator<string> {
  if (objects.length === 0) return
  const palette = paletteOf(style)
  const names = objects.map(change => escapeTerminal(objectName(change.ref)))
  const column = widest(names.filter(name => name.length <= nameColumn))
  yield `${palette.strong('Objects')}\n`
  for (const [index, change] of objects.entries()) {
    const verb = objectVerbs[change.action]
    const name = (names[index] ?? '').padEnd(column)
    const reason = escapeTerminal(change.reason)
    const fits = name.length + reason.length + 6 <= style.width
    yield `${`  ${paintOf(palette, verb)(signs[verb])} ${name}${fits ? `  ${reason}` : ''}`.trimEnd()}\n`
    if (!fits) for (const line of paragraph(reason, '    ', style.width)) yield `${palette.faint(line)}\n`
  }
  yield '\n'
}

function* findingSection({ findings }: PlanReport, style: Style): Generator<string> {
  if (findings.length === 0) return
  const palette = paletteOf(style)
  yield `${palette.strong('Findings')}\n`
  for (const finding of findings) yield* findingLines(finding, palette)
  yield '\n'
}

function* conclusion(report: PlanReport, style: Style): Generator<string> {
  const palette = paletteOf(style)
  const warnings = [...caveats(report)]
  for (const warning of warnings)
    for (const line of paragraph(warning, '', style.width)) yield `${palette.held(line)}\n`
  if (warnings.length > 0) yield '\n'
  if (changesNothing(report)) yield 'No changes.\n'
  yield `${palette.strong(planLine(report.summary))}\n`
}
