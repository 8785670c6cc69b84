import { clusterGroup, Namespace } from '../api/kinds.ts'
import { groupOf, type KubeObject, keyOf, refOf } from '../api/object.ts'
import type { ObjectChange } from '../engine/change.ts'
import { apply, type KubeClient } from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'
import { includes } from '../lib/includes.ts'
import type { Failure } from './execute.ts'
import type { Outage } from './outage.ts'
import { inParallel } from './parallel.ts'

/** An object from a file, and what the cluster has in its place. */
export interface Applied {
  readonly file: KubeObject
  readonly present: KubeObject | undefined
}

/** What `apply -f` writes of the files themselves. */
export const inputChanges = (applied: readonly Applied[]): readonly ObjectChange[] =>
  applied.map(({ file, present }) => {
    const ref = refOf(file)
    const after = written(file)
    if (present === undefined) return { action: 'create', ref, after, reason: 'new' }
    const before = written(present)
    return includes(before, after)
      ? { action: 'unchanged', ref, before, after, reason: '' }
      : { action: 'update', ref, before, after, reason: 'the files differ' }
  })

/**
 * Those that have to be sent. Where the cluster's object says more than the file, only the server can tell what becomes
 * of that: its defaults and what others own stays, what was applied before and is now left out goes.
 */
export const toSend = (changes: readonly ObjectChange[]): readonly ObjectChange[] =>
  changes.filter(({ action, before, after }) => action !== 'unchanged' || !includes(after, before))

/** What a file says of an object; the rest is the server's, or of other subresources. */
const written = ({ status: _, metadata, ...object }: KubeObject): KubeObject => {
  const { name, namespace, labels, annotations } = metadata
  return {
    ...object,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
  }
}

export interface AppliedInputs {
  /** By key: as the server has it now, with its uid. */
  readonly written: ReadonlyMap<string, KubeObject>
  readonly failed: readonly Failure[]
  /** Not begun, because the signal or an outage came first. */
  readonly skipped: readonly ObjectChange[]
}

export interface InputOptions {
  readonly signal: AbortSignal
  readonly outage: Outage
  readonly onDone: (change: ObjectChange, failure: string | undefined) => void
}

/** Writes the files' objects: namespaces before what stands in them, the platform's before the tenants'. */
export const applyInputs = async (
  client: KubeClient,
  changes: readonly ObjectChange[],
  { signal, outage, onDone }: InputOptions,
): Promise<AppliedInputs> => {
  const results = new Map<string, KubeObject>()
  const failed: Failure[] = []
  const skipped: ObjectChange[] = []
  for (const phase of Object.values(Object.groupBy(changes, phaseOf)))
    await inParallel(phase ?? [], async change => {
      if (change.after === undefined) return
      if (signal.aborted || outage.signal.aborted) {
        skipped.push(change)
        return
      }
      try {
        const options = { force: true, signal: outage.signal }
        results.set(keyOf(change.after), await apply(client, change.after, options))
        onDone(change, undefined)
      } catch (thrown) {
        outage.notice(thrown)
        failed.push({ change, message: messageOf(thrown) })
        onDone(change, messageOf(thrown))
      }
    })
  return { written: results, failed, skipped }
}

const phaseOf = ({ ref }: ObjectChange): '1' | '2' | '3' => {
  if (ref.kind === Namespace.kind && groupOf(ref.apiVersion) === '') return '1'
  return groupOf(ref.apiVersion) === clusterGroup ? '2' : '3'
}
