import type { KindInfo } from '../api/kinds.ts'
import type { KubeObject } from '../api/object.ts'
import { UserError } from '../lib/errors.ts'
import { follow } from './abortable.ts'
import type { KubeClient } from './client.ts'
import { errorOf, isGone, isKubeError, type KubeStatus } from './error.ts'
import { jsonLines, SilentStream } from './json-lines.ts'
import { list, type Selection, type Trimming, tidy, whole } from './list.ts'
import { type KubeRequest, resourceName } from './request.ts'
import { type Backoff, backoffDelay } from './timing.ts'

/**
 * `replaced` is the whole state: it comes first, and again whenever changes may have been missed; what is not in it is
 * gone. The others are one change each. `bookmark` says only that the watch is alive and how far it is.
 */
export type WatchEvent<T extends KubeObject = KubeObject> =
  | { readonly type: 'replaced'; readonly objects: readonly T[]; readonly resourceVersion: string }
  | { readonly type: 'added' | 'modified' | 'deleted'; readonly object: T; readonly resourceVersion: string }
  | { readonly type: 'bookmark'; readonly resourceVersion: string }

export interface WatchOptions extends Selection, Trimming {
  /** Ends the watch; nothing else does. */
  readonly signal: AbortSignal
  readonly pageSize?: number
  /** Bookmarks come every minute: when nothing has come for this long, the connection is taken for dead. */
  readonly silentMs?: number
  /** A first state without any object is believed only when a list says the same; a later one always is. */
  readonly doubtEmpty?: boolean
  /** Told whenever the watch goes on from where it was: what has happened meanwhile comes next. */
  readonly onResume?: () => void
  /** Told whenever the watch has to be opened anew: for logs and metrics. */
  readonly onRestart?: (restart: WatchRestart) => void
}

export interface WatchRestart {
  readonly kind: KindInfo
  /** `ended`: the server's time limit, which is normal. `expired`: everything is read anew. */
  readonly cause: 'ended' | 'silent' | 'expired' | 'failed'
  readonly error?: unknown
  readonly delayMs: number
}

/** Short in the end too: as long as a server that is back is not asked, nobody sees what changes there. */
const backoff: Backoff = { firstMs: 500, maxMs: 5_000 }
/** A stream that the server ends sooner than this did not end for its age. */
const shortMs = 1_000
const defaultSilentMs = 90_000
/** No server is obeyed that wants to be left alone for longer. */
const longestMs = 60_000

type Trimmed<T> = (object: T) => T

interface RawEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  readonly object: T
}

/** Where a watch stands between two connections. */
interface Position {
  /** Undefined: the whole state is to be read. */
  resourceVersion: string | undefined
  /** Whether the server sends the whole state through the watch; it is asked until it says no. */
  streaming: boolean
  /** Whether there was anything, to tell an empty state from a lost one. */
  hadItems: boolean
  /** Connections in a row that brought nothing. */
  failures: number
}

/**
 * The objects of a kind and then every change, until the signal is aborted. Connections that end, break or fall silent
 * are made anew from the last position; where that is too old for the server, the whole state is read and given again.
 */
export async function* watch<T extends KubeObject = KubeObject>(
  client: KubeClient,
  kind: KindInfo,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const { signal, onRestart } = options
  const position: Position = { resourceVersion: undefined, streaming: true, hadItems: false, failures: 0 }
  while (!signal.aborted) {
    const began = client.timing.elapsed()
    let cause: WatchRestart['cause'] = 'ended'
    let error: unknown
    try {
      if (position.resourceVersion === undefined && !position.streaming)
        yield await readAll<T>(client, kind, options, position)
      if ((yield* readStream<T>(client, kind, options, position)) === 'doubted') continue
      // The server does not stream the state, as it has just said: then by a list.
      if (position.resourceVersion === undefined) continue
      if (client.timing.elapsed() - began < shortMs) position.failures++
    } catch (thrown) {
      if (signal.aborted) return
      error = worded(thrown, kind)
      cause = causeOf(thrown)
      // A server that says so is well again, whatever came before: it is asked for the state soon.
      if (cause === 'expired' && position.resourceVersion !== undefined) position.failures = 0
      if (cause === 'expired') position.resourceVersion = undefined
      position.failures++
    }
    if (signal.aborted) return
    const delayMs = delayBefore(position.failures, error, client.timing.random())
    onRestart?.({ kind, cause, delayMs, ...(error === undefined ? {} : { error }) })
    if (delayMs > 0) await client.timing.pause(delayMs, signal).catch(() => {})
  }
}

/** What broke the stream, in words of ours: Bun's are about fetch. */
const worded = (thrown: unknown, kind: KindInfo): unknown => {
  if (thrown instanceof UserError) return thrown
  const why =
    thrown instanceof SilentStream
      ? thrown.message
      : thrown instanceof SyntaxError
        ? 'something came that is no JSON'
        : 'the connection broke off'
  return new Error(`the watch of ${resourceName(kind)} is opened anew: ${why}`, { cause: thrown })
}

const causeOf = (thrown: unknown): WatchRestart['cause'] =>
  thrown instanceof SilentStream ? 'silent' : isGone(thrown) ? 'expired' : 'failed'

/** At once after a stream that ended for its age; else with jitter, as a server that restarts ends every watch. */
const delayBefore = (failures: number, error: unknown, random: number): number => {
  if (failures === 0) return 0
  const asked = isKubeError(error) ? Math.min(error.retryAfterMs ?? 0, longestMs) : 0
  return Math.max(asked, backoffDelay(backoff, failures - 1, random))
}

/** The state by a list, where the server cannot stream it. */
const readAll = async <T extends KubeObject>(
  client: KubeClient,
  kind: KindInfo,
  options: WatchOptions,
  position: Position,
): Promise<WatchEvent<T>> => {
  const listed = await list<T>(client, kind, options)
  const isDoubtful = listed.items.length === 0 && isUnlikely(options, position)
  return replaced(position, isDoubtful ? await list<T>(client, kind, options) : listed)
}

/** Whether an empty state needs a second witness. */
const isUnlikely = ({ doubtEmpty = false }: WatchOptions, { hadItems, resourceVersion }: Position): boolean =>
  hadItems || (doubtEmpty && resourceVersion === undefined)

const replaced = <T extends KubeObject>(
  position: Position,
  state: { readonly items: readonly T[]; readonly resourceVersion: string },
): WatchEvent<T> => {
  position.resourceVersion = state.resourceVersion
  position.hadItems = state.items.length > 0
  return { type: 'replaced', objects: state.items, resourceVersion: state.resourceVersion }
}

const keyWithin = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`

/** One connection, from its opening to its end; `doubted` when a list was read instead, to go on from. */
async function* readStream<T extends KubeObject>(
  client: KubeClient,
  kind: KindInfo,
  options: WatchOptions,
  position: Position,
): AsyncGenerator<WatchEvent<T>, 'doubted' | undefined, undefined> {
  // Filled until the server says that this was all; a real change may come in between.
  let gathering = position.resourceVersion === undefined ? new Map<string, T>() : undefined
  const { control, release } = follow(options.signal)
  const { trim = whole } = options
  const trimmed: Trimmed<T> = object => trim(tidy(object, kind))
  const request = requestOf(client, kind, options, position, control.signal)
  try {
    const response = await client.open(request)
    if (response.body === null) return undefined
    if (gathering === undefined) options.onResume?.()
    for await (const raw of jsonLines<RawEvent<T>>(response.body, options.silentMs ?? defaultSilentMs)) {
      if (raw.type === 'ERROR') throw refused(request, raw.object as KubeStatus)
      if (gathering === undefined) {
        position.failures = 0
        yield eventOf(position, raw, trimmed)
        continue
      }
      if (raw.type === 'BOOKMARK' && isEndOfState(raw.object)) {
        const state = { items: [...gathering.values()], resourceVersion: versionOf(raw.object) }
        gathering = undefined
        position.failures = 0
        const isDoubtful = state.items.length === 0 && isUnlikely(options, position)
        yield replaced(position, isDoubtful ? await list<T>(client, kind, options) : state)
        // The list is younger than this stream, which would tell older changes after it.
        if (isDoubtful) return 'doubted'
      } else gather(gathering, raw, trimmed)
    }
    if (gathering !== undefined) throw new Error('ended before the whole state had come')
    return undefined
  } catch (thrown) {
    // Servers before 1.32 or so say no; one that never ends the state is not waited for twice.
    if (gathering === undefined || !saysNo(thrown)) throw thrown
    position.streaming = false
    return undefined
  } finally {
    control.abort()
    release()
  }
}

const saysNo = (thrown: unknown): boolean =>
  thrown instanceof SilentStream || (isKubeError(thrown) && [400, 422].includes(thrown.status))

const requestOf = (
  client: KubeClient,
  kind: KindInfo,
  { namespace, labelSelector, fieldSelector }: WatchOptions,
  position: Position,
  signal: AbortSignal,
): KubeRequest => ({
  verb: 'watch',
  on: { kind, namespace },
  query: {
    watch: 1,
    allowWatchBookmarks: true,
    labelSelector,
    fieldSelector,
    // Between 5 and 10 minutes, so that the watches of many clients do not all end together.
    timeoutSeconds: Math.round(300 * (1 + client.timing.random())),
    ...(position.resourceVersion === undefined
      ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }
      : { resourceVersion: position.resourceVersion }),
  },
  signal,
})

const eventOf = <T extends KubeObject>(
  position: Position,
  raw: RawEvent<T>,
  trimmed: Trimmed<T>,
): WatchEvent<T> => {
  const resourceVersion = versionOf(raw.object)
  position.resourceVersion = resourceVersion
  switch (raw.type) {
    case 'ADDED':
    case 'MODIFIED':
      position.hadItems = true
      return {
        type: raw.type === 'ADDED' ? 'added' : 'modified',
        object: trimmed(raw.object),
        resourceVersion,
      }
    case 'DELETED':
      return { type: 'deleted', object: trimmed(raw.object), resourceVersion }
    default:
      return { type: 'bookmark', resourceVersion }
  }
}

const gather = <T extends KubeObject>(into: Map<string, T>, raw: RawEvent<T>, trimmed: Trimmed<T>): void => {
  if (raw.type === 'ADDED' || raw.type === 'MODIFIED') into.set(keyWithin(raw.object), trimmed(raw.object))
  else if (raw.type === 'DELETED') into.delete(keyWithin(raw.object))
}

const isEndOfState = (object: KubeObject): boolean =>
  object.metadata.annotations?.['k8s.io/initial-events-end'] === 'true'

const versionOf = (object: KubeObject): string => object.metadata.resourceVersion ?? ''

/** An ERROR event is a refusal that came after the answer's head. */
const refused = (request: KubeRequest, status: KubeStatus) => errorOf(request, status.code ?? 500, status)
