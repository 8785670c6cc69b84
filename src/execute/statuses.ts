import type { KubeObject } from '../api/object.ts'
import type { StatusChange } from '../engine/statuses/index.ts'
import { isNotFound, type KubeClient, patchStatus } from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'
import { inParallel } from './parallel.ts'

export interface StatusFailure {
  readonly change: StatusChange
  readonly message: string
}

/** Writes the statuses that changed; fields that a status no longer has are removed. */
export const writeStatuses = async (
  client: KubeClient,
  changes: readonly StatusChange[],
  {
    signal,
    onWritten,
  }: { readonly signal?: AbortSignal; readonly onWritten?: (object: KubeObject) => void } = {},
): Promise<readonly StatusFailure[]> => {
  const failed: StatusFailure[] = []
  await inParallel(
    changes.filter(change => change.changed),
    async change => {
      if (signal?.aborted) return
      try {
        const written = await patchStatus(client, change.ref, patchOf(change))
        onWritten?.(written)
      } catch (thrown) {
        // Its resource went while we worked; so did its status.
        if (!isNotFound(thrown)) failed.push({ change, message: messageOf(thrown) })
      }
    },
  )
  return failed
}

/** In a merge patch null removes a field. */
const patchOf = ({ subject, status }: StatusChange): Readonly<Record<string, unknown>> => {
  const before = Object.keys((subject.status as Record<string, unknown> | undefined) ?? {})
  const removed = before.filter(field => status[field] === undefined)
  return { ...status, ...Object.fromEntries(removed.map(field => [field, null])) }
}
