import type { SaidReason } from '../engine/failover/automatic/decision.ts'
import type { StatusChange } from '../engine/statuses/index.ts'
import { type KubeClient, newRecorder, type Recorder } from '../kube/index.ts'

export interface Events {
  statusChanged(change: StatusChange): void
  /** Until all is sent, but not for long: nothing depends on an event. */
  flush(): Promise<void>
}

export interface EventsOptions {
  /** Which replica reports. */
  readonly instance: string
  readonly onError: (error: unknown) => void
}

/** At a time: events shall not keep records waiting. */
const mostInFlight = 2
/** A cold start with thousands of routes has as many to tell; what is more than this is left out. */
const mostWaiting = 1_000
const flushMs = 2_000

export const newEvents = (client: KubeClient, options: EventsOptions): Events => {
  const recorder = newRecorder(unhurried(client), { controller: 'router.io/srouter', ...options })
  return {
    statusChanged: change => recordStatus(recorder, change),
    flush: () => Promise.race([recorder.flush(), client.timing.pause(flushMs)]),
  }
}

/** The client with few requests at a time. */
const unhurried = (client: KubeClient): KubeClient => {
  const waiting: (() => void)[] = []
  let running = 0
  return {
    ...client,
    json: async request => {
      if (waiting.length >= mostWaiting) throw new Error('more events than can be written')
      if (running < mostInFlight) running++
      // Whoever ends hands its place over.
      else await new Promise<void>(resolve => waiting.push(resolve))
      try {
        return await client.json(request)
      } finally {
        const next = waiting.shift()
        if (next === undefined) running--
        else next()
      }
    },
  }
}

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

/**
 * Events on the resource that a user would describe: when the reason of a condition changes, not every time that a
 * status is written. What is in order is Normal, everything else a Warning.
 */
export const recordStatus = (
  recorder: Pick<Recorder, 'record'>,
  { subject, status }: Pick<StatusChange, 'subject' | 'status'>,
): void => {
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
const tells = new Set([
  'Ready',
  'Active',
  'BrakeTripped',
  'AdoptedRegionsValid',
  'Engaged',
  'Contended',
  'Yielded',
  'OrphanedRecords',
  'PeerUp',
  'Automatic',
])

const quiet = new Set([
  'DNSPolicyInactive',
  'PolicyInactive',
  'NoServiceRoutes',
  'NotEngaged',
  'Claiming',
  'Releasing',
  'NotContended',
  'ProbePending',
  'PeerNeverUp',
  'PeerReturned',
  'Ended',
  'HoldDown',
])

/** Reasons of decisions that somebody should know of, whether it is engaged then or not. */
const alarming = new Set<string>([
  'ProbeFailing',
  'PeerFailing',
  'PeerDown',
  'NoWitness',
  'OwnGatewayDown',
  'OwnClaimUnread',
  'ItselfClaimed',
  'ClaimUnread',
  'ClaimHeld',
  'NotReady',
  'AnotherEngaged',
  'NotWritten',
] satisfies (SaidReason | 'ProbeFailing')[])

/** Conditions that are bad news where they are true. */
const bad = new Set(['BrakeTripped', 'Contended', 'Yielded', 'OrphanedRecords'])

const isWarning = ({ type, status, reason }: Condition): boolean =>
  (bad.has(type) && status === 'True') || alarming.has(reason) || (status !== 'True' && !quiet.has(reason))

const conditionsOf = (status: unknown): readonly Condition[] => {
  const conditions = (status as { conditions?: unknown } | undefined)?.conditions
  return Array.isArray(conditions) ? conditions : []
}
