import { counted } from '../../../lib/counted.ts'
import { ageText } from '../../../lib/duration.ts'
import type { GatewayRow, RouteRow, StatusView } from '../../status/view.ts'
import { inColumns } from '../columns.ts'
import { escapeTerminal } from '../escape.ts'
import { paragraph } from '../layout.ts'
import { type Palette, paletteOf, type Style } from '../style.ts'
import { summaryLines } from './summary.ts'

/**
 * For people: the counts, the gateways, and the routes by namespace, with why one is not as it should be below it.
 * Names are without the cluster's domain.
 *
 * ```
 * shop
 *   web  Active  frc, weu  2/2  3d  web-ns-p-prod-shop → aks01-weu-external
 * ```
 */
export function* statusText(view: StatusView, now: string, style: Style): Generator<string> {
  const palette = paletteOf(style)
  const short = withoutDomain(view.cluster?.domain)
  const [title = '', ...others] = summaryLines(view, style.width)
  yield `${palette.strong(title)}\n`
  for (const line of others) yield `${line}\n`
  if (view.gateways.length > 0) {
    yield `\n${palette.strong('Gateways')}\n`
    const rows = view.gateways.map(row => gatewayCells(row, now, short))
    yield* table(view.gateways, rows, palette, style.width)
  }
  if (view.routes.length === 0) return
  yield `\n${palette.strong('Routes')}\n`
  const cells = view.routes.map(row => routeCells(row, now, short))
  const lines = laidOut(cells, style.width - 2)
  let namespace: string | undefined
  for (const [index, row] of view.routes.entries()) {
    if (row.namespace !== namespace) yield `${palette.faint(escapeTerminal(row.namespace))}\n`
    namespace = row.namespace
    for (const line of lines[index] ?? []) yield `  ${painted(line, row.phase, palette)}\n`
    yield* trouble(row, palette, style.width)
  }
}

function* table(
  rows: readonly GatewayRow[],
  cells: readonly (readonly string[])[],
  palette: Palette,
  width: number,
): Generator<string> {
  const lines = laidOut(cells, width - 2)
  for (const [index, row] of rows.entries()) {
    for (const line of lines[index] ?? []) yield `  ${painted(line, row.phase, palette)}\n`
    yield* trouble(row, palette, width)
  }
}

/** Each row on one line; where one would be too long, the last cell of all stands below. */
const laidOut = (cells: readonly (readonly string[])[], room: number): readonly (readonly string[])[] => {
  const lines = inColumns(cells)
  if (lines.every(line => line.length <= room)) return lines.map(line => [line])
  const heads = inColumns(cells.map(row => row.slice(0, -1)))
  return heads.map((head, index) => {
    const last = cells[index]?.at(-1) ?? ''
    const parts = last.length + 2 <= room ? [last] : last.split(/ (?=→ )/)
    return last === '' ? [head] : [head, ...parts.map(part => `  ${part}`)]
  })
}

const routeCells = (
  { name, phase, zones, endpoints, read, created, host, target }: RouteRow,
  now: string,
  short: Shorten,
): readonly string[] =>
  [
    name,
    phase,
    zonesText(zones),
    readText(endpoints, read),
    ageText(created, now) ?? '-',
    host === undefined ? '' : target === undefined ? short(host) : `${short(host)} → ${short(target)}`,
  ].map(cell => escapeTerminal(cell))

/** `?` where it may not be known, `-` where there is none. */
export const zonesText = (zones: readonly string[] | undefined): string =>
  zones === undefined ? '?' : zones.join(',') || '-'

/** How many of its DNSEndpoints ExternalDNS has read: `1/2`. */
export const readText = (endpoints: number | undefined, read: number | undefined): string =>
  endpoints === undefined ? '?' : endpoints === 0 ? '-' : `${read}/${endpoints}`

const gatewayCells = (
  { namespace, name, phase, hosts, created, target, addresses }: GatewayRow,
  now: string,
  short: Shorten,
): readonly string[] =>
  [
    `${namespace}/${name}`,
    phase,
    hosts === undefined ? '-' : counted(hosts, 'host'),
    ageText(created, now) ?? '-',
    [target === undefined ? '' : short(target), addresses.join(', ')].filter(text => text !== '').join(' → '),
  ].map(cell => escapeTerminal(cell))

type Shorten = (name: string) => string

const withoutDomain =
  (domain: string | undefined): Shorten =>
  name =>
    domain !== undefined && name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : name

/** The phase in its colour: the second cell, which is the first of these words after a name. */
const painted = (line: string, phase: string, palette: Palette): string => {
  const paint = { Active: palette.add, Pending: palette.change, Error: palette.error }[phase]
  return paint === undefined ? line : line.replace(`  ${phase}`, () => `  ${paint(phase)}`)
}

/** Why it is not as it should be; that another cluster writes it is no trouble, and the counts say it. */
function* trouble(
  { reason, message }: RouteRow | GatewayRow,
  palette: Palette,
  width: number,
): Generator<string> {
  if (reason === undefined || reason === 'DNSPolicyInactive' || reason === 'NoServiceRoutes') return
  const text = message === undefined ? reason : `${reason}: ${message}`
  for (const line of paragraph(text, '    ', width)) yield `${palette.faint(line)}\n`
}
