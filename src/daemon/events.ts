import type { StatusChange } from '../engine/statuses/index.ts'
import type { Recorder } from '../kube/index.ts'

interface Ready {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

/**
 * Events on the resource that a user would describe: when the reason of a condition changes, not every time that a
 * status is written. What is in order is Normal, everything else a Warning.
 */
export const recordStatus = (recorder: Recorder, { subject, status }: StatusChange): void => {
  const before = conditionsOf(subject.status)
  for (const condition of conditionsOf(status)) {
    const known = before.find(({ type }) => type === condition.type)
    if (known?.reason === condition.reason && known.status === condition.status) continue
    if (!tells.has(condition.type)) continue
    recorder.record({
      type: isWarning(condition) ? 'Warning' : 'Normal',
      reason: condition.reason,
      action: 'Reconcile',
      note: condition.message,
      regarding: subject,
    })
  }
}

/** DNSReady changes with every change of a record, which the DNSEndpoint tells itself. */
const tells = new Set(['Ready', 'Active', 'BrakeTripped', 'AdoptedRegionsValid'])

const quiet = new Set(['DNSPolicyInactive', 'PolicyInactive', 'NoServiceRoutes'])

const isWarning = ({ type, status, reason }: Ready): boolean =>
  type === 'BrakeTripped' || (status !== 'True' && !quiet.has(reason))

const conditionsOf = (status: unknown): readonly Ready[] => {
  const conditions = (status as { conditions?: unknown } | undefined)?.conditions
  return Array.isArray(conditions) ? conditions : []
}
