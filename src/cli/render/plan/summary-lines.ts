import type { Summary } from '../../../engine/change.ts'
import { counted } from '../../../lib/counted.ts'
import type { PlanReport } from './report.ts'

/** `Plan: 4 to add, 1 to change, 0 to delete (12 unchanged)`. Scripts look for it: it is the last line. */
export const planLine = (summary: Summary): string => {
  const held = summary.held > 0 ? `, ${summary.held} held back` : ''
  return `Plan: ${summary.add} to add, ${summary.change} to change, ${summary.delete} to delete${held} (${summary.unchanged} unchanged)`
}

/** Nothing for `apply` to do, to a record or to any other object. */
export const changesNothing = ({ records, objects }: PlanReport): boolean =>
  records.every(record => record.action === 'unchanged') &&
  objects.every(object => object.action === 'unchanged')

/** What a reader has to know before he says yes. */
export function* caveats(report: PlanReport): Generator<string> {
  if (report.summary.held > 0) {
    // The brake counts the whole plan, whatever part of it is shown.
    const held = report.heldInAll ?? report.summary.held
    const all = held === report.summary.held ? '' : ' in all'
    const what = held === 1 ? 'it' : 'them'
    yield `${counted(held, 'record is', 'records are')} held back${all}. To let ${what} through: --allow-deletes=${held}`
  }
  if (!report.complete) yield 'This plan is incomplete: something was left out for lack of information.'
  if (!report.applyable) yield 'This plan cannot be applied as it stands.'
}
