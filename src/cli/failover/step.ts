import { label } from '../../api/labels.ts'
import { type KubeObject, objectKey } from '../../api/object.ts'
import type { ObjectChange } from '../../engine/change.ts'
import { statuses } from '../../engine/statuses/index.ts'
import { byRef, execute } from '../../execute/execute.ts'
import { writeFinalizers } from '../../execute/finalizers.ts'
import { writeStatuses } from '../../execute/statuses.ts'
import type { KubeClient } from '../../kube/index.ts'
import { messageOf } from '../../lib/errors.ts'
import { look, type View, type ViewOptions } from './view.ts'

/** Which of the objects that the engine would write are this command's business. */
export type Mine = (object: KubeObject) => boolean

/** Claims and stand-in records about one cluster. */
export const aboutPeer =
  (peer: string): Mine =>
  object =>
    object.metadata.labels?.[label.regionFailover] === peer

export interface Step {
  readonly view: View
  /** How many objects were written. */
  readonly written: number
  /** Why others could not be. */
  readonly failures: readonly string[]
}

/**
 * Looks, and does what the engine would do next. Of the statuses only those of RegionFailovers are written: for the
 * others one would have to know the routes.
 */
export const step = async (options: ViewOptions, mine: Mine): Promise<Step> => {
  const view = await look(options)
  return { view, ...(await write(options.client, view, mine, options.signal)) }
}

const write = async (
  client: KubeClient,
  { reconciliation, snapshot }: View,
  mine: Mine,
  signal: AbortSignal,
): Promise<Omit<Step, 'view'>> => {
  const { finalizers, plan } = reconciliation
  const changes = plan.objects.filter(
    change => isChange(change) && mine(change.after ?? change.before ?? noObject),
  )
  const unprotected = await writeFinalizers(client, finalizers, 'add', signal)
  // A claim that nothing protects could be left behind for good.
  if (unprotected.length > 0) return { written: 0, failures: unprotected }
  const { done, failed } = await execute(client, changes, { existing: byRef(snapshot.current), signal })
  const reasons = new Map(failed.map(({ change, message }) => [objectKey(change.ref), message]))
  const due = statuses(reconciliation, reasons).filter(
    ({ ref, changed }) => changed && ref.kind === 'RegionFailover',
  )
  const unstated = await writeStatuses(client, due, { signal }).catch((thrown: unknown) => [
    { message: messageOf(thrown) },
  ])
  const unreleased = await writeFinalizers(client, finalizers, 'remove', signal)
  return {
    written: done.length,
    failures: [
      ...failed.map(
        ({ change, message }) => `${change.action} ${change.ref.kind} ${change.ref.name}: ${message}`,
      ),
      ...unstated.map(({ message }) => `status: ${message}`),
      ...unreleased,
    ],
  }
}

const isChange = ({ action }: ObjectChange): boolean => action !== 'unchanged'

const noObject: KubeObject = { apiVersion: '', kind: '', metadata: { name: '' } }
