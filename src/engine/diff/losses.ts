import { label } from '../../api/labels.ts'
import { gatewayOwner } from '../current.ts'
import type { Loss } from './brake.ts'
import { isLoss, type RecordSet, sameTargets } from './record.ts'
import { counterpart, type RecordTable } from './record-table.ts'
import type { States } from './state.ts'

/** The deletions and target changes of a plan, each with the reason and its cause. */
export const losses = (
  { removals, before: holders }: States,
  { before, after }: { readonly before: RecordTable; readonly after: RecordTable },
  /** What would be there had no platform singleton changed; undefined where none did. */
  unedited: { readonly records: RecordTable; readonly cause: string } | undefined,
): readonly Loss[] => {
  const judge = (record: RecordSet, next: RecordSet | undefined): Loss => {
    const removal = removals.get(record.holder)
    // Failover is asked for by name; the brake is for what nobody meant.
    if (isAboutFailover(record))
      return { record, after: next, reason: removal?.reason ?? 'the failover has gone on', cause: 'owner' }
    const without = counterpart(unedited?.records.byName.get(record.name), record)
    if (unedited !== undefined && !sameOutcome(next, without))
      return { record, after: next, reason: unedited.cause, cause: 'singleton' }
    if (removal !== undefined)
      return { record, after: next, reason: removal.reason, cause: removal.known ? 'owner' : 'unknown' }
    return { record, after: next, reason: 'its source asks for something else now', cause: 'owner' }
  }
  const isAboutFailover = ({ holder }: RecordSet): boolean =>
    holders.get(holder)?.object.metadata.labels?.[label.regionFailover] !== undefined
  const found: Loss[] = []
  for (const [name, records] of before.byName) {
    const now = after.byName.get(name)
    for (const record of records) {
      const next = counterpart(now, record)
      if (isLoss(record, next)) found.push(judge(record, next))
    }
  }
  return found
}

/**
 * Whether a record comes to the same with the singleton's change and without it. What it was before does not matter:
 * an address that changes together with the identity is lost by the identity all the same.
 */
const sameOutcome = (next: RecordSet | undefined, without: RecordSet | undefined): boolean =>
  next === undefined || without === undefined ? next === without : sameTargets(next.targets, without.targets)

/** Whether a deletion takes the last address that a gateway's name has in a zone. */
export const takesLastAddress = (states: States, after: RecordTable): ((loss: Loss) => boolean) => {
  return ({ record, after: next }) => {
    const holder = states.before.get(record.holder)?.object
    if (next !== undefined || holder === undefined || gatewayOwner(holder) === undefined) return false
    return !after.byName.get(record.name)?.some(({ zone }) => zone === record.zone)
  }
}
