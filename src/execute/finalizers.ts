import { refOf } from '../api/object.ts'
import type { FinalizerChange } from '../engine/failover/finalizers.ts'
import { isNotFound, type KubeClient, patch } from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'

/** Writes finalizers; answers why not, for each that could not be written. Where others wrote the object since, it fails. */
export const writeFinalizers = async (
  client: KubeClient,
  changes: readonly FinalizerChange[],
  signal?: AbortSignal,
): Promise<readonly string[]> => {
  const failures = await Promise.all(
    changes.map(async ({ subject, finalizers }) => {
      const { uid, resourceVersion } = subject.metadata
      try {
        await patch(client, refOf(subject), { metadata: { uid, resourceVersion, finalizers } }, { signal })
        return []
      } catch (thrown) {
        return isNotFound(thrown) ? [] : [`${subject.kind} ${subject.metadata.name}: ${messageOf(thrown)}`]
      }
    }),
  )
  return failures.flat()
}
