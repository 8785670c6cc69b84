import { ageText } from '../../../lib/duration.ts'
import type { StatusView } from '../../status/view.ts'
import { inColumns } from '../columns.ts'
import { escapeTerminal } from '../escape.ts'
import { paletteOf, type Style } from '../style.ts'
import { summaryLines } from './summary.ts'
import { readText, zonesText } from './text.ts'

/** One line for each, however long, with whole names and a heading: to be searched and cut by other tools. */
export function* statusWide(view: StatusView, now: string, style: Style): Generator<string> {
  const palette = paletteOf(style)
  for (const line of summaryLines(view, style.width)) yield `${line}\n`
  const tables: readonly (readonly (readonly string[])[])[] = [
    [
      ['NAMESPACE', 'GATEWAY', 'PHASE', 'REASON', 'HOSTS', 'AGE', 'TARGET', 'ADDRESSES'],
      ...view.gateways.map(({ namespace, name, phase, reason, hosts, created, target, addresses }) => [
        ...[namespace, name, phase, reason ?? '-', hosts === undefined ? '-' : `${hosts}`],
        ...[ageText(created, now) ?? '-', target ?? '-', addresses.join(',') || '-'],
      ]),
    ],
    [
      ['NAMESPACE', 'ROUTE', 'PHASE', 'REASON', 'ZONES', 'READ', 'AGE', 'HOST', 'TARGET'],
      ...view.routes.map(row => [
        ...[row.namespace, row.name, row.phase, row.reason ?? '-', zonesText(row.zones)],
        ...[readText(row.endpoints, row.read), ageText(row.created, now) ?? '-'],
        ...[row.host ?? '-', row.target ?? '-'],
      ]),
    ],
  ]
  for (const table of tables) {
    if (table.length === 1) continue
    const [heading = '', ...lines] = inColumns(table.map(row => row.map(cell => escapeTerminal(cell))))
    yield `\n${palette.strong(heading)}\n`
    for (const line of lines) yield `${line}\n`
  }
}
