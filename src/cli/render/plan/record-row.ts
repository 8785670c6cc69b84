import type { RecordChange } from '../../../engine/change.ts'
import { escapeTerminal } from '../escape.ts'
import { type Palette, paletteOf, type Style } from '../style.ts'
import { sourceOf, zoneNames } from './hosts.ts'
import { oldTargets, reasonOf, ttlChange, type Verb, verbOf } from './record-words.ts'
import type { PlanReport } from './report.ts'

/** What the rows of a whole plan have in common, so that their columns line up. */
export interface Look {
  readonly palette: Palette
  readonly width: number
  readonly placeOf: PlanReport['placeOf']
  readonly zoneOf: (record: RecordChange) => string
  readonly zoneColumn: number
  readonly typeColumn: number
}

/** What is longer stands out of its column, rather than push all others to the right. */
const widestColumn = 32

export const lookOf = ({ records, placeOf }: PlanReport, style: Style): Look => {
  const zoneName = zoneNames(records)
  const zoneOf = (record: RecordChange): string => escapeTerminal(zoneName(record))
  let zoneColumn = 0
  let typeColumn = 0
  for (const record of records) {
    if (record.action === 'unchanged') continue
    const zone = zoneOf(record).length
    if (zone > zoneColumn && zone <= widestColumn) zoneColumn = zone
    const type = record.type.length
    if (type > typeColumn && type <= widestColumn) typeColumn = type
  }
  return { palette: paletteOf(style), width: style.width, placeOf, zoneOf, zoneColumn, typeColumn }
}

/** A record as the pieces of its line, escaped. */
export interface Row {
  readonly verb: Verb
  /** Zone and type, padded. */
  readonly lead: string
  readonly old: readonly string[] | undefined
  readonly new: readonly string[]
  readonly ttl: string
  /** Targets on one line: `old → new`. */
  readonly flat: string
  /** Who asks for it and why, where that has to be said. */
  readonly notes: readonly string[]
}

export const rowOf = (record: RecordChange, look: Look, withSource: boolean): Row => {
  const old = oldTargets(record)?.map(target => escapeTerminal(target))
  const targets = record.targets.map(target => escapeTerminal(target))
  const type = escapeTerminal(record.type).padEnd(look.typeColumn)
  const now = targets.join(', ')
  const ttl = ttlChange(record)
  return {
    verb: verbOf(record),
    lead: `${look.zoneOf(record).padEnd(look.zoneColumn)}  ${type}  `,
    old,
    new: targets,
    ttl: ttl === '' ? '' : `ttl ${ttl}`,
    flat: old === undefined ? now : `${old.join(', ')} → ${now}`,
    notes: notesOf(record, withSource ? look.placeOf : undefined),
  }
}

const notesOf = (record: RecordChange, placeOf: Look['placeOf'] | undefined): readonly string[] => {
  const source = placeOf === undefined ? undefined : sourceOf(record, placeOf)
  const reason = reasonOf(record)
  return [source, reason].filter(note => note !== undefined)
}
