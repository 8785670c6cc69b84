import { failoverFinalizer } from '../api/labels.ts'
import { type KubeObject, refOf } from '../api/object.ts'
import type { FinalizerChange } from '../engine/failover/finalizers.ts'
import { get, isConflict, isNotFound, type KubeClient, patch } from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'

/** The status is written often, and by several: another version is no news of the finalizers. */
const attempts = 5

/** Writes those finalizers whose turn it is; answers why not, for each that could not be written. */
export const writeFinalizers = async (
  client: KubeClient,
  changes: readonly FinalizerChange[],
  action: FinalizerChange['action'],
  signal?: AbortSignal,
): Promise<readonly string[]> => {
  const failures = await Promise.all(
    changes
      .filter(change => change.action === action)
      .map(async change => {
        try {
          await write(client, change, signal)
          return []
        } catch (thrown) {
          const { kind, metadata } = change.subject
          return [`${kind} ${metadata.name}: ${messageOf(thrown)}`]
        }
      }),
  )
  return failures.flat()
}

/** Onto the version that is known, so that nobody's finalizer is lost; where that is old, onto the present one. */
const write = async (
  client: KubeClient,
  { subject, action }: FinalizerChange,
  signal: AbortSignal | undefined,
): Promise<void> => {
  let object: KubeObject | undefined = subject
  for (let attempt = 1; object !== undefined && object.metadata.uid === subject.metadata.uid; attempt++) {
    const { uid, resourceVersion, finalizers = [] } = object.metadata
    const others = finalizers.filter(each => each !== failoverFinalizer)
    if ((action === 'add') === others.length < finalizers.length) return
    const metadata = {
      uid,
      resourceVersion,
      finalizers: action === 'add' ? [...others, failoverFinalizer] : others,
    }
    try {
      await patch(client, refOf(subject), { metadata }, { signal })
      return
    } catch (thrown) {
      if (isNotFound(thrown)) return
      if (!isConflict(thrown) || attempt === attempts) throw thrown
    }
    object = await get(client, refOf(subject), { signal })
  }
}
