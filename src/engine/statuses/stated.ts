import type { Condition } from '../../api/fields.ts'
import type { Judged } from '../evaluate.ts'

/** A condition without its time, which follows from the condition that is there. */
export type Stated = Pick<Condition, 'type' | 'reason' | 'message'> & {
  readonly status: 'True' | 'False' | 'Unknown'
}

/** A status without what every kind has: generation and the times of conditions. */
export interface Fields {
  readonly phase?: string
  readonly conditions: readonly Stated[]
  readonly [field: string]: unknown
}

/** A stand-by cluster is healthy, so an inactive policy is ready. */
export const ready = ({ trouble }: Judged<unknown>): Stated =>
  trouble === undefined
    ? { type: 'Ready', status: 'True', reason: 'ReconciliationSucceeded', message: 'reconciled' }
    : {
        type: 'Ready',
        status: trouble.effect === 'inactive' ? 'True' : 'False',
        reason: trouble.code,
        message: trouble.message,
      }
