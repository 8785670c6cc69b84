import { type KubeObject, type OwnerReference, refOf } from '../api/object.ts'
import { differences } from '../engine/diff/owned.ts'
import { apply, type KubeClient, patch } from '../kube/index.ts'
import { turning } from './turning.ts'

/**
 * Server-side apply onto the object that is `known`: its uid makes it fail where that has been replaced by another one
 * of its name. Whatever others own stays, with two exceptions that would keep the object from ever being as wanted:
 * another controller among its owners, which the server refuses beside ours, and fields that somebody has put into
 * the spec.
 */
export const applyTo = async (
  client: KubeClient,
  object: KubeObject,
  known: KubeObject | undefined,
  signal: AbortSignal,
): Promise<KubeObject> => {
  const uid = known?.metadata.uid
  const metadata = uid === undefined ? object.metadata : { ...object.metadata, uid }
  const owners = withoutRivals(known?.metadata.ownerReferences, object.metadata.ownerReferences)
  if (owners !== undefined)
    await patch(client, refOf(object), { metadata: { uid, ownerReferences: owners } }, { signal })
  const written = await apply(client, { ...object, metadata }, { force: true, signal })
  if (!differences(written, object).includes('spec')) return written
  const rest = { metadata: { uid: written.metadata.uid }, spec: turning(written.spec, object.spec) }
  return patch(client, refOf(object), rest, { signal })
}

/** The present owners with our controller in place of another one; undefined where there is no other. */
const withoutRivals = (
  present: readonly OwnerReference[] = [],
  wanted: readonly OwnerReference[] = [],
): readonly OwnerReference[] | undefined => {
  const own = wanted.find(owner => owner.controller)
  if (own === undefined) return undefined
  const rest = present.filter(owner => !owner.controller && owner.uid !== own.uid)
  return present.some(owner => owner.controller && owner.uid !== own.uid) ? [...rest, own] : undefined
}
