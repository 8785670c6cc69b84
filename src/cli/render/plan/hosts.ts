import { byKey } from '../../../lib/compare.ts'
import { placeOf, resourceName } from '../finding-lines.ts'
import type { LocatedRecord } from './report.ts'

/** The changes of one host name, as a reader wants them: by zone, then by controller. */
export interface Host {
  readonly name: string
  readonly records: readonly LocatedRecord[]
}

const byZone = byKey<LocatedRecord>(
  record => record.zone,
  record => record.controller,
  record => record.type,
)

export const changedHosts = (records: readonly LocatedRecord[]): readonly Host[] => {
  const hosts = new Map<string, LocatedRecord[]>()
  for (const record of records) {
    if (record.action === 'unchanged') continue
    const others = hosts.get(record.name)
    if (others === undefined) hosts.set(record.name, [record])
    else others.push(record)
  }
  return [...hosts]
    .map(([name, changes]) => ({ name, records: changes.sort(byZone) }))
    .sort(byKey(host => host.name))
}

/**
 * What to call the zone of a record: the region, and the controller as well where several write the zones of
 * that region.
 */
export const zoneNames = (records: readonly LocatedRecord[]): ((record: LocatedRecord) => string) => {
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
export const sourceOf = (record: LocatedRecord): string | undefined => {
  if (record.source === null) return undefined
  const place = placeOf(record)
  return place === undefined ? resourceName(record.source) : `${resourceName(record.source)}, ${place}`
}

/** The source that all records of a host share, if they do. */
export const commonSource = ({ records }: Host): string | undefined => {
  const [first] = records
  if (first === undefined) return undefined
  return records.every(record => sameSource(record, first)) ? sourceOf(first) : undefined
}

const sameSource = (a: LocatedRecord, b: LocatedRecord): boolean =>
  a === b ||
  (a.file === b.file &&
    a.line === b.line &&
    a.source?.name === b.source?.name &&
    a.source?.namespace === b.source?.namespace &&
    a.source?.kind === b.source?.kind)
