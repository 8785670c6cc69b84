import { gatewayOwner } from '../current.ts'
import type { Loss } from './brake.ts'
import { isLoss, type RecordSet, sameTargets } from './record.ts'
import type { States } from './state.ts'

/** The deletions and target changes of a plan, each with the reason and its cause. */
export const losses = (
  { removals }: States,
  before: ReadonlyMap<string, RecordSet>,
  after: ReadonlyMap<string, RecordSet>,
  /** What would be there had no platform singleton changed; undefined where none did. */
  unedited: { readonly records: ReadonlyMap<string, RecordSet>; readonly cause: string } | undefined,
): readonly Loss[] => {
  const found: Loss[] = []
  for (const [key, record] of before) {
    const next = after.get(key)
    if (!isLoss(record, next)) continue
    const removal = removals.get(record.holder)
    const without = unedited?.records.get(key)
    if (unedited !== undefined && without !== undefined && sameTargets(without.targets, record.targets))
      found.push({ record, after: next, reason: unedited.cause, cause: 'singleton' })
    else if (removal !== undefined)
      found.push({ record, after: next, reason: removal.reason, cause: removal.known ? 'owner' : 'unknown' })
    else found.push({ record, after: next, reason: 'its source asks for something else now', cause: 'owner' })
  }
  return found
}

/** Whether a deletion takes the last address that a gateway's name has in a zone. */
export const takesLastAddress = (
  states: States,
  after: ReadonlyMap<string, RecordSet>,
): ((loss: Loss) => boolean) => {
  // Asked only when a platform singleton changed, so not worked out before.
  let addressed: Set<string> | undefined
  return ({ record, after: next }) => {
    const holder = states.before.get(record.holder)?.object
    if (next !== undefined || holder === undefined || gatewayOwner(holder) === undefined) return false
    addressed ??= new Set([...after.values()].map(({ zone, name }) => `${zone} ${name}`))
    return !addressed.has(`${record.zone} ${record.name}`)
  }
}
