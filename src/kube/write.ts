import { type KubeObject, type ResourceRef, refOf } from '../api/object.ts'
import { includes } from '../lib/includes.ts'
import type { KubeClient } from './client.ts'
import { isAlreadyExists, isNotFound } from './error.ts'
import { kindOf } from './kinds.ts'
import { tidy } from './list.ts'
import type { KubeRequest, Resource } from './request.ts'

/** Owns the fields that srouter applies. */
export const defaultFieldManager = 'srouter'

export interface WriteOptions {
  readonly fieldManager?: string
  /** The server checks everything and writes nothing. */
  readonly dryRun?: boolean
  /** What happens with fields that the schema does not know; the server's default is Warn. */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore'
  readonly signal?: AbortSignal | undefined
}

export interface ApplyOptions extends WriteOptions {
  /** Take over fields that another manager owns; without it those are a conflict (409). */
  readonly force?: boolean
}

/** An absent object is undefined and no error. */
export const get = async <T extends KubeObject = KubeObject>(
  client: KubeClient,
  ref: ResourceRef,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<T | undefined> => {
  const on = resourceOf(ref)
  try {
    return tidy(await client.json<T>({ verb: 'get', on, signal: options.signal }), on.kind)
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined
    throw thrown
  }
}

/** Server-side apply: creates the object or makes the given fields so; fields given before and now left out go away. */
export const apply = <T extends KubeObject>(
  client: KubeClient,
  object: T,
  options: ApplyOptions = {},
): Promise<T> => applyTo(client, resourceOf(refOf(object)), object, options)

/** As `apply`, of the status subresource: everything but `status` is ignored. */
export const applyStatus = <T extends KubeObject>(
  client: KubeClient,
  object: T,
  options: ApplyOptions = {},
): Promise<T> => applyTo(client, { ...resourceOf(refOf(object)), subresource: 'status' }, object, options)

const applyTo = <T extends KubeObject>(
  client: KubeClient,
  on: Resource,
  object: T,
  options: ApplyOptions,
): Promise<T> =>
  write(client, on, {
    verb: 'patch',
    contentType: 'application/apply-patch+yaml',
    // JSON is YAML.
    body: object,
    query: { ...queryOf(options), force: options.force },
    signal: options.signal,
  })

/** Fails with AlreadyExists where one of that name exists. */
export const create = async <T extends KubeObject>(
  client: KubeClient,
  object: T,
  options: WriteOptions = {},
): Promise<T> => {
  const { name: _, ...on } = resourceOf(refOf(object))
  try {
    return await write(client, on, {
      verb: 'create',
      body: object,
      query: queryOf(options),
      signal: options.signal,
    })
  } catch (thrown) {
    if (!isAlreadyExists(thrown) || thrown.repeats === 0) throw thrown
    // An attempt whose answer was lost may have been the one that created it.
    const existing = await get<T>(client, refOf(object), options)
    if (existing !== undefined && includes(existing, object)) return existing
    throw thrown
  }
}

/** Replaces the object; its resourceVersion must still be the current one (else 409 Conflict). */
export const update = <T extends KubeObject>(
  client: KubeClient,
  object: T,
  options: WriteOptions = {},
): Promise<T> =>
  write(client, resourceOf(refOf(object)), {
    verb: 'update',
    body: object,
    query: queryOf(options),
    signal: options.signal,
  })

/** Replaces the whole status; the object's resourceVersion must still be the current one (else 409 Conflict). */
export const replaceStatus = <T extends KubeObject>(
  client: KubeClient,
  object: T,
  options: WriteOptions = {},
): Promise<T> =>
  write(
    client,
    { ...resourceOf(refOf(object)), subresource: 'status' },
    { verb: 'update', body: object, query: queryOf(options), signal: options.signal },
  )

/** JSON merge patch: null removes a field, arrays are replaced. With a resourceVersion only onto that version. */
export const patch = <T extends KubeObject = KubeObject>(
  client: KubeClient,
  ref: ResourceRef,
  body: Readonly<Record<string, unknown>>,
  options: WriteOptions & { readonly subresource?: 'status' } = {},
): Promise<T> =>
  write(
    client,
    {
      ...resourceOf(ref),
      ...(options.subresource === undefined ? {} : { subresource: options.subresource }),
    },
    {
      verb: 'patch',
      contentType: 'application/merge-patch+json',
      body,
      query: queryOf(options),
      signal: options.signal,
    },
  )

/** Merge patch of the status: fields that are not named stay. */
export const patchStatus = <T extends KubeObject = KubeObject>(
  client: KubeClient,
  ref: ResourceRef,
  status: Readonly<Record<string, unknown>>,
  options: WriteOptions & { readonly resourceVersion?: string } = {},
): Promise<T> => {
  const { resourceVersion } = options
  const body = { ...(resourceVersion === undefined ? {} : { metadata: { resourceVersion } }), status }
  return patch<T>(client, ref, body, { ...options, subresource: 'status' })
}

export interface RemoveOptions {
  /** Only this object, and not another one that has got its name since. */
  readonly uid?: string | undefined
  /** Only as long as nobody has changed it. */
  readonly resourceVersion?: string | undefined
  readonly dryRun?: boolean
  readonly signal?: AbortSignal | undefined
}

/** False where it was gone already; a precondition that does not hold is a Conflict (409). */
export const remove = async (
  client: KubeClient,
  ref: ResourceRef,
  options: RemoveOptions = {},
): Promise<boolean> => {
  const { uid, resourceVersion, dryRun, signal } = options
  const guarded = uid !== undefined || resourceVersion !== undefined
  try {
    await client.json<unknown>({
      verb: 'delete',
      on: resourceOf(ref),
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        ...(guarded ? { preconditions: { uid, resourceVersion } } : {}),
        ...(dryRun ? { dryRun: ['All'] } : {}),
      },
      signal,
    })
    return true
  } catch (thrown) {
    if (isNotFound(thrown)) return false
    throw thrown
  }
}

const write = async <T extends KubeObject>(
  client: KubeClient,
  on: Resource,
  request: Omit<KubeRequest, 'on'>,
): Promise<T> => tidy(await client.json<T>({ ...request, on }), on.kind)

const queryOf = ({ fieldManager = defaultFieldManager, dryRun, fieldValidation }: WriteOptions) => ({
  fieldManager,
  dryRun: dryRun ? 'All' : undefined,
  fieldValidation,
})

const resourceOf = (ref: ResourceRef): Resource => ({
  kind: kindOf(ref),
  namespace: ref.namespace,
  name: ref.name,
})
