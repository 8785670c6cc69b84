import { type KubeObject, keyOf, objectKey } from '../../api/object.ts'
import type { ObjectChange } from '../../engine/change.ts'
import { type Reconciliation, reconcile } from '../../engine/engine.ts'
import type { Settings } from '../../engine/snapshot.ts'
import { statuses } from '../../engine/statuses/index.ts'
import { byRef, execute, type Outcome } from '../../execute/execute.ts'
import { applyInputs, inputChanges } from '../../execute/inputs.ts'
import { type StatusFailure, writeStatuses } from '../../execute/statuses.ts'
import type { KubeClient } from '../../kube/index.ts'
import type { GatheredOnline } from '../../source/online.ts'
import type { Context } from '../context.ts'
import { timestamp } from '../planning.ts'
import { progress } from './progress.ts'

export interface Applied extends Outcome {
  readonly statusFailures: readonly StatusFailure[]
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
  const inputs = inputChanges(gathered.applied).filter(isChange)
  const derived = planned.reconciliation.plan.objects.filter(isChange)
  const tell = progress(inputs.length + derived.length, output, log)
  const applied = await applyInputs(client, inputs, signal, tell.done)
  const reconciliation =
    inputs.length === 0 ? planned.reconciliation : again(gathered, planned, applied.written, applied.failed)
  const outcome = await execute(client, reconciliation.plan.objects.filter(isChange), {
    existing: byRef(gathered.current),
    signal,
    onDone: tell.done,
  })
  tell.end()
  const failures = new Map(outcome.failed.map(({ change, message }) => [objectKey(change.ref), message]))
  // What was not begun is not written; its statuses stay as they are until the next run.
  const statusFailures = signal.aborted
    ? []
    : await writeStatuses(client, statuses(reconciliation, failures), { signal })
  const done = inputs.filter(({ ref }) => applied.written.has(objectKey(ref)))
  const failed = [...applied.failed, ...outcome.failed]
  return { done: [...done, ...outcome.done], failed, skipped: outcome.skipped, statusFailures }
}

const isChange = ({ action }: ObjectChange): boolean => action !== 'unchanged'

/** The plan with what the server made of the files' resources: now they have a uid to be owned by. */
const again = (
  gathered: GatheredOnline,
  { settings, now }: { readonly settings: Settings; readonly now: () => number },
  written: ReadonlyMap<string, KubeObject>,
  failed: readonly { readonly change: ObjectChange }[],
): Reconciliation => {
  const refused = new Map(failed.map(({ change }) => [objectKey(change.ref), change]))
  const present = new Map(gathered.applied.map(({ file, present }) => [keyOf(file), present]))
  const inputs = gathered.inputs.flatMap(object => {
    const key = keyOf(object)
    // What the server refused is as it was before, which may be not at all.
    return refused.has(key) ? (present.get(key) ?? []) : (written.get(key) ?? object)
  })
  return reconcile({
    ...gathered,
    inputs,
    fromFiles: new Set(),
    settings: { ...settings, istioApiVersion: gathered.istioApiVersion, now: timestamp(now()) },
  })
}
