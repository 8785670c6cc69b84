import { endpointsOf } from '../current.ts'
import { type RecordSet, recordOf } from './record.ts'
import type { Held } from './state.ts'

/**
 * The record sets of a state, by name. Those of one name are a handful, and told apart one by one: a joined key for
 * each of 200,000 records would take longer to make than all the rest of the comparison.
 */
export interface RecordTable {
  readonly byName: ReadonlyMap<string, readonly RecordSet[]>
  /** How many record sets there are. */
  readonly size: number
}

/**
 * Where two DNSEndpoints hold the same record set, it counts once: that of the object which stays, so that a renamed
 * object is no change of a record.
 */
export const recordTable = (
  state: ReadonlyMap<string, Held>,
  preferred: ReadonlyMap<string, Held>,
): RecordTable => {
  const byName = new Map<string, RecordSet[]>()
  let size = 0
  const add = (record: RecordSet): void => {
    const others = byName.get(record.name)
    const known = counterpart(others, record)
    if (others === undefined) byName.set(record.name, [record])
    else if (known === undefined) others.push(record)
    else if (preferred.has(record.holder) && !preferred.has(known.holder))
      others[others.indexOf(known)] = record
    if (known === undefined) size++
  }
  for (const [key, held] of state)
    for (const endpoint of endpointsOf(held.object)) add(recordOf(endpoint, key, held))
  return { byName, size }
}

/** Among record sets of one name the one that `record` is before or after a change. */
export const counterpart = (
  ofName: readonly RecordSet[] | undefined,
  { controller, zone, type }: RecordSet,
): RecordSet | undefined =>
  // A controller that gets another region writes another zone: what was in the old one is lost there.
  ofName?.find(other => other.controller === controller && other.zone === zone && other.type === type)
