import { type KubeObject, keyOf, objectKey, type ResourceRef, refOf } from '../api/object.ts'
import { isOurs } from '../api/ownership.ts'
import type { ObjectChange } from '../engine/change.ts'
import { differences } from '../engine/diff/owned.ts'
import { create, get, isAlreadyExists, isConflict, type KubeClient, remove } from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'
import { applyTo } from './apply-to.ts'
import { newOutage, type Outage } from './outage.ts'
import { inParallel } from './parallel.ts'
import { isAddress, namesOf, phases, targetsOf } from './phases.ts'

export interface Failure {
  readonly change: ObjectChange
  readonly message: string
}

export interface Outcome {
  readonly done: readonly ObjectChange[]
  /** Tried in vain, or left out because something that it needs failed. */
  readonly failed: readonly Failure[]
  /** Not begun, because the signal or an outage came first. */
  readonly skipped: readonly ObjectChange[]
}

export interface ExecuteOptions {
  /** The object as it was when the plan was made, for its uid and resourceVersion. */
  readonly existing: (ref: ResourceRef) => KubeObject | undefined
  /** Ends after the requests in flight. */
  readonly signal?: AbortSignal
  /** Shared with what else is written in the same go. */
  readonly outage?: Outage
  readonly onDone?: (change: ObjectChange, failure: string | undefined) => void
  /** What the server made of a write, and what is gone: for a cache. */
  readonly onWritten?: (object: KubeObject) => void
  readonly onRemoved?: (ref: ResourceRef) => void
  /** False where something newer is known by now: the change is then left out. */
  readonly isCurrent?: (change: ObjectChange) => boolean
}

/** Carries out changes in the order of `phases`, many at a time. One that fails stops only what depends on it. */
export const execute = async (
  client: KubeClient,
  changes: readonly ObjectChange[],
  options: ExecuteOptions,
): Promise<Outcome> => {
  const { signal, onDone, isCurrent, outage = newOutage() } = options
  const done: ObjectChange[] = []
  const failed: Failure[] = []
  const skipped: ObjectChange[] = []
  /** Names whose address could not be written, and names that a CNAME goes on pointing at. */
  const blocked = { targets: new Map<string, string>(), inUse: new Set<string>() }

  const carryOut = async (change: ObjectChange): Promise<void> => {
    if (signal?.aborted || outage.signal.aborted) {
      skipped.push(change)
      return
    }
    if (isCurrent?.(change) === false) return
    const message = dependency(change, blocked) ?? (await attempt(client, change, { ...options, outage }))
    if (message === undefined) done.push(change)
    else {
      failed.push({ change, message })
      block(change, blocked)
    }
    onDone?.(change, message)
  }

  for (const phase of phases(changes)) await inParallel(phase, carryOut)
  return { done, failed, skipped }
}

interface Blocked {
  readonly targets: Map<string, string>
  readonly inUse: Set<string>
}

const block = (change: ObjectChange, { targets, inUse }: Blocked): void => {
  if (change.action === 'create' && isAddress(change))
    for (const name of namesOf(change)) targets.set(name, change.ref.name)
  for (const target of targetsOf(change, 'before')) inUse.add(target)
}

/** Why a change must not be tried, given what failed before it. */
const dependency = (change: ObjectChange, { targets, inUse }: Blocked): string | undefined => {
  if (change.action === 'delete') {
    const used = isAddress(change) ? namesOf(change).find(name => inUse.has(name)) : undefined
    return used === undefined
      ? undefined
      : `not tried: a CNAME still points at ${used}, because writing it failed`
  }
  const target = targetsOf(change, 'after').find(name => targets.has(name))
  return target === undefined
    ? undefined
    : `not tried: writing the address of its target ${target} failed (DNSEndpoint ${targets.get(target)})`
}

type Attempt = ExecuteOptions & { readonly outage: Outage }

/** The message of what went wrong, or undefined. */
const attempt = async (
  client: KubeClient,
  change: ObjectChange,
  options: Attempt,
): Promise<string | undefined> => {
  try {
    const known = options.existing(change.ref)
    if (change.action === 'create' && change.after !== undefined)
      return await createOurs(client, change.after, options)
    if (change.action === 'update' && change.after !== undefined)
      told(options, await applyTo(client, change.after, known, options.outage.signal))
    if (change.action === 'delete') return await removeOurs(client, change, known, options)
    return undefined
  } catch (thrown) {
    options.outage.notice(thrown)
    return messageOf(thrown)
  }
}

/** A function of its own: in `onWritten?.(await write())` nothing would be written where nobody wants to be told. */
const told = ({ onWritten }: ExecuteOptions, object: KubeObject): void => onWritten?.(object)

/** Not by server-side apply, which would overwrite an object that somebody else has made since. */
const createOurs = async (
  client: KubeClient,
  object: KubeObject,
  options: Attempt,
): Promise<string | undefined> => {
  const { signal } = options.outage
  try {
    told(options, await create(client, object, { signal }))
    return undefined
  } catch (thrown) {
    if (!isAlreadyExists(thrown)) throw thrown
  }
  const present = await get(client, refOf(object), { signal })
  if (present !== undefined && !isOurs(present)) return 'an object of that name that is not ours has appeared'
  told(options, await applyTo(client, object, present, signal))
  return undefined
}

const removeOurs = async (
  client: KubeClient,
  change: ObjectChange,
  known: KubeObject | undefined,
  { onRemoved, outage: { signal } }: Attempt,
): Promise<string | undefined> => {
  const { uid, resourceVersion } = known?.metadata ?? {}
  try {
    await remove(client, change.ref, { uid, resourceVersion, signal })
    onRemoved?.(change.ref)
    return undefined
  } catch (thrown) {
    if (!isConflict(thrown) || known === undefined) throw thrown
  }
  // Somebody wrote it since. A status, as ExternalDNS writes, is no reason to keep it; anything else is.
  const present = await get(client, change.ref, { signal })
  if (present !== undefined) {
    if (present.metadata.uid !== uid || differences(present, known).length > 0)
      return 'it has been changed since the plan was made'
    await remove(client, change.ref, { uid, resourceVersion: present.metadata.resourceVersion, signal })
  }
  onRemoved?.(change.ref)
  return undefined
}

/** Objects by reference, for `existing`. */
export const byRef = (objects: readonly KubeObject[]): ((ref: ResourceRef) => KubeObject | undefined) => {
  const map = new Map(objects.map(object => [keyOf(object), object]))
  return ref => map.get(objectKey(ref))
}
