import { clusterGroup, Namespace } from '../api/kinds.ts'
import { groupOf, type KubeObject, keyOf, refOf } from '../api/object.ts'
import type { ObjectChange } from '../engine/change.ts'
import { apply, type KubeClient } from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'
import { includes } from '../lib/includes.ts'
import type { Failure } from './execute.ts'
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
}

/** Writes the files' objects: namespaces before what stands in them, the platform's before the tenants'. */
export const applyInputs = async (
  client: KubeClient,
  changes: readonly ObjectChange[],
  signal: AbortSignal | undefined,
  onDone: (change: ObjectChange, failure: string | undefined) => void,
): Promise<AppliedInputs> => {
  const results = new Map<string, KubeObject>()
  const failed: Failure[] = []
  const pending = changes.filter(change => change.action !== 'unchanged')
  for (const phase of Object.values(Object.groupBy(pending, phaseOf)))
    await inParallel(phase ?? [], async change => {
      if (change.after === undefined || signal?.aborted) return
      try {
        results.set(keyOf(change.after), await apply(client, change.after, { force: true }))
        onDone(change, undefined)
      } catch (thrown) {
        failed.push({ change, message: messageOf(thrown) })
        onDone(change, messageOf(thrown))
      }
    })
  return { written: results, failed }
}

const phaseOf = ({ ref }: ObjectChange): '1' | '2' | '3' => {
  if (ref.kind === Namespace.kind && groupOf(ref.apiVersion) === '') return '1'
  return groupOf(ref.apiVersion) === clusterGroup ? '2' : '3'
}
