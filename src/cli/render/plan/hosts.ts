import type { RecordChange } from '../../../engine/change.ts'
import { resourceName } from '../finding-lines.ts'
import type { PlanReport } from './report.ts'

export interface Host {
  readonly name: string
  readonly records: readonly RecordChange[]
}

type PlaceOf = PlanReport['placeOf']

/** The changes of each host, in the order of the records: those of one name stand together. */
export function* changedHosts(records: readonly RecordChange[]): Generator<Host> {
  let host: { readonly name: string; readonly records: RecordChange[] } | undefined
  for (const record of records) {
    if (record.action === 'unchanged') continue
    if (host?.name === record.name) host.records.push(record)
    else {
      if (host !== undefined) yield host
      host = { name: record.name, records: [record] }
    }
  }
  if (host !== undefined) yield host
}

/**
 * What to call the zone of a record: the region, and the controller as well where several write the zones of
 * that region.
 */
export const zoneNames = (records: readonly RecordChange[]): ((record: RecordChange) => string) => {
  const writers = new Map<string, string>()
  const shared = new Set<string>()
  for (const { zone, controller } of records) {
    const other = writers.get(zone)
    if (other === undefined) writers.set(zone, controller)
    else if (other !== controller) shared.add(zone)
  }
  return ({ zone, controller }) => (shared.has(zone) ? `${zone} (${controller})` : zone)
}

/** `ServiceRoute app1/api, apps/api.yaml:3`: who asks for a record, or undefined where that is not known. */
export const sourceOf = (record: RecordChange, placeOf: PlaceOf): string | undefined => {
  if (record.source === null) return undefined
  const name = resourceName(record.source)
  const place = placeOf(record)
  return place === undefined ? name : `${name}, ${place.file}:${place.line}`
}

/** The source that all records of a host share, if they do. */
export const commonSource = ({ records }: Host, placeOf: PlaceOf): string | undefined => {
  const [first] = records
  if (first === undefined) return undefined
  return records.every(record => sameSource(record, first)) ? sourceOf(first, placeOf) : undefined
}

const sameSource = ({ source: a }: RecordChange, { source: b }: RecordChange): boolean =>
  a === b || (a?.name === b?.name && a?.namespace === b?.namespace && a?.kind === b?.kind)
