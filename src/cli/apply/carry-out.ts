import { type KubeObject, keyOf, objectKey } from '../../api/object.ts'
import type { ObjectChange } from '../../engine/change.ts'
import { type Reconciliation, reconcile } from '../../engine/engine.ts'
import { needsFinalizer } from '../../engine/failover/finalizers.ts'
import type { Settings } from '../../engine/snapshot.ts'
import { statuses } from '../../engine/statuses/index.ts'
import { byRef, execute, type Outcome } from '../../execute/execute.ts'
import { writeFinalizers } from '../../execute/finalizers.ts'
import { applyInputs, inputChanges, toSend } from '../../execute/inputs.ts'
import { newOutage } from '../../execute/outage.ts'
import { type StatusFailure, writeStatuses } from '../../execute/statuses.ts'
import type { KubeClient } from '../../kube/index.ts'
import { timestamp } from '../../lib/timestamp.ts'
import type { GatheredOnline } from '../../source/online.ts'
import type { Context } from '../context.ts'
import { progress } from './progress.ts'

export interface Applied extends Outcome {
  readonly statusFailures: readonly StatusFailure[]
  /** Why finalizers could not be written. */
  readonly finalizerFailures: readonly string[]
}

/** Writes the files' resources, then what is derived from them, then the statuses. */
export const carryOut = async (
  client: KubeClient,
  gathered: GatheredOnline,
  planned: {
    readonly settings: Settings
    readonly reconciliation: Reconciliation
    readonly now: () => number
  },
  { output, signal, log }: Context,
): Promise<Applied> => {
  const inputs = toSend(inputChanges(gathered.applied))
  const derived = planned.reconciliation.plan.objects.filter(isChange)
  const tell = progress(inputs.length + derived.length, output, log)
  const outage = newOutage()
  const applied = await applyInputs(client, inputs, { signal, outage, onDone: tell.done })
  const reconciliation =
    gathered.applied.length === 0 ? planned.reconciliation : again(gathered, planned, applied.written)
  const unprotected = await writeFinalizers(client, reconciliation.finalizers, 'add', outage.signal)
  const possible = (change: ObjectChange): boolean =>
    isChange(change) && (unprotected.length === 0 || !needsFinalizer(change))
  const outcome = await execute(client, reconciliation.plan.objects.filter(possible), {
    existing: byRef(gathered.current),
    signal,
    outage,
    onDone: tell.done,
  })
  tell.end()
  const failures = new Map(outcome.failed.map(({ change, message }) => [objectKey(change.ref), message]))
  // What was not begun is not written; its statuses stay as they are until the next run.
  const statusFailures =
    signal.aborted || outage.signal.aborted
      ? []
      : await writeStatuses(client, statuses(reconciliation, failures), { signal, outage })
  const unreleased = await writeFinalizers(client, reconciliation.finalizers, 'remove', outage.signal)
  const done = inputs.filter(change => isWritten(change, gathered, applied.written))
  const failed = [...applied.failed, ...outcome.failed]
  return {
    done: [...done, ...outcome.done],
    failed,
    skipped: [...applied.skipped, ...outcome.skipped],
    statusFailures,
    finalizerFailures: [...unprotected, ...unreleased],
  }
}

const isChange = ({ action }: ObjectChange): boolean => action !== 'unchanged'

/** An object that was sent only to be sure counts where that made a difference. */
const isWritten = (
  { action, ref }: ObjectChange,
  { applied }: GatheredOnline,
  written: ReadonlyMap<string, KubeObject>,
): boolean => {
  const now = written.get(objectKey(ref))
  if (now === undefined || action !== 'unchanged') return now !== undefined
  const before = applied.find(({ present }) => present?.metadata.uid === now.metadata.uid)?.present
  return before?.metadata.resourceVersion !== now.metadata.resourceVersion
}

/**
 * The plan with the files' resources as the server has them now: they have a uid to be owned by, and what a file left out
 * may be there all the same.
 */
const again = (
  gathered: GatheredOnline,
  { settings, now }: { readonly settings: Settings; readonly now: () => number },
  written: ReadonlyMap<string, KubeObject>,
): Reconciliation => {
  const present = new Map(gathered.applied.map(({ file, present }) => [keyOf(file), present]))
  const inputs = gathered.inputs.flatMap(object => {
    const key = keyOf(object)
    // What was not sent, or was refused, is as it was before, which may be not at all.
    return present.has(key) ? (written.get(key) ?? present.get(key) ?? []) : object
  })
  return reconcile({
    ...gathered,
    inputs,
    fromFiles: new Set(),
    settings: { ...settings, istioApiVersion: gathered.istioApiVersion, now: timestamp(now()) },
  })
}
