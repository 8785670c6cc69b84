import type { KubeObject } from '../api/object.ts'
import type { StatusChange } from '../engine/statuses/index.ts'
import { isInvalid, isNotFound, type KubeClient, patchStatus } from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'
import { newOutage, type Outage } from './outage.ts'
import { inParallel } from './parallel.ts'

export interface StatusFailure {
  readonly change: StatusChange
  readonly message: string
}

export interface StatusOptions {
  readonly signal?: AbortSignal
  readonly outage?: Outage
  readonly onWritten?: (object: KubeObject) => void
  /** Asked right before a status is written; false where something newer is known: it is then left out. */
  readonly isCurrent?: (change: StatusChange) => boolean
  /** Told how it went, whenever `isCurrent` said yes. */
  readonly onDone?: (change: StatusChange, failure: string | undefined) => void
}

/** Writes the statuses that changed; fields that a status no longer has are removed. */
export const writeStatuses = async (
  client: KubeClient,
  changes: Iterable<StatusChange>,
  { signal, onWritten, isCurrent, onDone, outage = newOutage() }: StatusOptions = {},
): Promise<readonly StatusFailure[]> => {
  const failed: StatusFailure[] = []
  await inParallel(
    Iterator.from(changes).filter(change => change.changed),
    async change => {
      if (signal?.aborted || outage.signal.aborted || isCurrent?.(change) === false) return
      let failure: string | undefined
      try {
        const written = await patchStatus(client, change.ref, patchOf(change), { signal: outage.signal })
        onWritten?.(written)
      } catch (thrown) {
        outage.notice(thrown)
        // Its resource went while we worked; so did its status.
        if (!isNotFound(thrown) && !blamesSpec(thrown)) failure = messageOf(thrown)
      }
      if (failure !== undefined) failed.push({ change, message: failure })
      onDone?.(change, failure)
    },
  )
  return failed
}

/**
 * Before Kubernetes 1.30 a resource whose spec the schema refuses, because it was stored before that schema, can have no
 * status written either. Its spec is a finding already; that is for its owner to mend and stops nobody else.
 */
const blamesSpec = (thrown: unknown): boolean => {
  if (!isInvalid(thrown)) return false
  const causes = thrown.details?.causes ?? []
  return causes.length > 0 && causes.every(({ field = '' }) => /^spec(\.|$)/.test(field))
}

/** In a merge patch null removes a field. */
const patchOf = ({ subject, status }: StatusChange): Readonly<Record<string, unknown>> => {
  const before = Object.keys((subject.status as Record<string, unknown> | undefined) ?? {})
  const removed = before.filter(field => status[field] === undefined)
  return { ...status, ...Object.fromEntries(removed.map(field => [field, null])) }
}
