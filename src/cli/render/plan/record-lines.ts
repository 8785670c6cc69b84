import type { RecordChange } from '../../../engine/change.ts'
import { escapeTerminal } from '../escape.ts'
import { paragraph, wrapped } from '../layout.ts'
import type { Paint, Palette } from '../style.ts'
import { type Look, type Row, rowOf } from './record-row.ts'
import { paintOf, signs } from './record-words.ts'

/** The records of one host; `withSource` where they do not share one that is said already. */
export function* recordLines(
  records: readonly RecordChange[],
  look: Look,
  withSource: boolean,
): Generator<string> {
  const rows = records.map(record => rowOf(record, look, withSource))
  const room = look.width - (rows[0]?.lead.length ?? 0) - 4 - ttlColumn(rows)
  const targets = targetColumn(rows, room)
  for (const [index, row] of rows.entries()) {
    yield* row.flat.length <= room ? flatLine(row, targets, look) : tallLines(row, look)
    const notes = row.notes
    // Said once for all rows in a run that it is true of.
    if (same(notes, rows[index + 1]?.notes)) continue
    const paint = row.verb === 'held' ? look.palette.held : look.palette.faint
    for (const note of notes)
      for (const line of paragraph(escapeTerminal(note), '    ', look.width)) yield `${paint(line)}\n`
  }
}

/** Width of the longest `  ttl …`. */
const ttlColumn = (rows: readonly Row[]): number => {
  let width = 0
  for (const { ttl } of rows) if (ttl !== '') width = Math.max(width, ttl.length + 2)
  return width
}

/** Width of the longest targets that fit on one line. */
const targetColumn = (rows: readonly Row[], room: number): number => {
  let width = 0
  for (const { flat } of rows) if (flat.length <= room) width = Math.max(width, flat.length)
  return width
}

/** `  ~ weu  A  10.0.0.1 → 10.0.0.2  ttl 60` */
function* flatLine(row: Row, targets: number, { palette }: Look): Generator<string> {
  const gap = row.ttl === '' ? '' : ' '.repeat(targets - row.flat.length + 2)
  const { before, after } = paintsOf(row, palette)
  const old = row.old === undefined ? '' : `${before(row.old.join(', '))} → `
  yield `${leadOf(row, palette)}${old}${after(row.new.join(', '))}${gap}${row.ttl}\n`
}

/**
 * ```
 *   ~ weu  CNAME  aks01-weu-old.aks.example.com
 *               → aks01-weu-internal.aks.example.com  ttl 300
 * ```
 */
function* tallLines(row: Row, { palette, width }: Look): Generator<string> {
  const indent = ' '.repeat(row.lead.length + 4)
  const room = width - indent.length
  const { before, after } = paintsOf(row, palette)
  let margin = leadOf(row, palette)
  if (row.old !== undefined) {
    for (const line of listed(row.old, room)) {
      yield `${margin}${before(line)}\n`
      margin = indent
    }
    margin = `${indent.slice(2)}→ `
  }
  const lines = listed(row.new, room)
  for (const [index, line] of lines.entries()) {
    const ttl = index === lines.length - 1 && row.ttl !== '' ? `  ${row.ttl}` : ''
    yield `${margin}${after(line)}${ttl}\n`
    margin = indent
  }
}

const leadOf = (row: Row, palette: Palette): string =>
  `  ${paintOf(palette, row.verb)(signs[row.verb])} ${row.lead}`

/** Old and new targets have colours only where the one becomes the other; a held change does not happen. */
const paintsOf = (row: Row, palette: Palette): { before: Paint; after: Paint } =>
  row.old === undefined || row.verb === 'held'
    ? { before: unpainted, after: unpainted }
    : { before: palette.remove, after: palette.add }

const unpainted: Paint = text => text

/** `a, b, c` in as many lines as it takes. */
const listed = (targets: readonly string[], room: number): readonly string[] =>
  wrapped(
    targets.map((target, index) => (index < targets.length - 1 ? `${target},` : target)),
    room,
  )

const same = (a: readonly string[], b: readonly string[] | undefined): boolean =>
  b !== undefined && a.length === b.length && a.every((text, index) => text === b[index])
