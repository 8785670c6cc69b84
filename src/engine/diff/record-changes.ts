import { byKey, keysOfEither } from '../../lib/compare.ts'
import type { RecordChange, Summary } from '../change.ts'
import type { Loss, Verdict } from './brake.ts'
import { type RecordSet, sameTargets } from './record.ts'
import { counterpart, type RecordTable } from './record-table.ts'

/** Every record set before and after the plan, as one change each. `after` is what would be without the brake. */
export const recordChanges = (
  { before, after }: { readonly before: RecordTable; readonly after: RecordTable },
  losses: readonly Loss[],
  verdict: Verdict,
): readonly RecordChange[] => {
  const reasons = new Map(losses.map(loss => [loss.record, loss.reason]))
  const held = new Set(verdict.held.map(loss => loss.record))
  const written = (record: RecordSet, previous: RecordSet | undefined): RecordChange => {
    if (previous === undefined) return change('add', record, null, false, 'new')
    if (sameTargets(previous.targets, record.targets) && previous.ttl === record.ttl)
      return change('unchanged', record, previous, false, record.kept ?? '')
    const reason = reasonOf(previous, record, reasons.get(previous), verdict, held)
    return change('change', record, previous, held.has(previous), reason)
  }
  const removed = (record: RecordSet): RecordChange => {
    const reason = heldReason(reasons.get(record) ?? '', record, verdict, held)
    return change('delete', record, record, held.has(record), reason)
  }
  const changes: RecordChange[] = []
  for (const name of keysOfEither(after.byName, before.byName)) {
    const then = before.byName.get(name)
    const now = after.byName.get(name)
    const ofName: RecordChange[] = []
    for (const record of now ?? []) ofName.push(written(record, counterpart(then, record)))
    for (const record of then ?? []) if (counterpart(now, record) === undefined) ofName.push(removed(record))
    changes.push(...ofName.sort(byWriter))
  }
  return changes
}

const byWriter = byKey<RecordChange>(
  change => change.zone,
  change => change.controller,
  change => change.type,
)

const change = (
  action: RecordChange['action'],
  record: RecordSet,
  previous: RecordSet | null,
  held: boolean,
  reason: string,
): RecordChange => ({
  action,
  held,
  zone: record.zone,
  controller: record.controller,
  name: record.name,
  type: record.type,
  ttl: record.ttl,
  targets: record.targets,
  before: previous === null ? null : { ttl: previous.ttl, targets: previous.targets },
  source: record.source,
  reason,
})

const reasonOf = (
  before: RecordSet,
  after: RecordSet,
  loss: string | undefined,
  verdict: Verdict,
  held: ReadonlySet<RecordSet>,
): string => {
  if (held.has(before)) return heldReason(loss ?? '', before, verdict, held)
  if (sameTargets(before.targets, after.targets)) return 'the TTL differs'
  return before.ttl === after.ttl ? 'the targets differ' : 'the targets and the TTL differ'
}

const heldReason = (
  reason: string,
  record: RecordSet,
  verdict: Verdict,
  held: ReadonlySet<RecordSet>,
): string => (held.has(record) ? `${reason}; held back: ${verdict.reason}` : reason)

export const summarise = (records: readonly RecordChange[]): Summary => {
  const summary = { add: 0, change: 0, delete: 0, unchanged: 0, held: 0 }
  for (const record of records) summary[record.held ? 'held' : record.action]++
  return summary
}
