import { IstioGateway, type KindInfo } from '../api/kinds.ts'
import { label } from '../api/labels.ts'
import type { KubeObject } from '../api/object.ts'
import {
  isNotFound,
  type KubeClient,
  served,
  servedKinds,
  type WatchEvent,
  type WatchRestart,
  watch,
} from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Compact } from './compact.ts'
import { type StoredKind, storedKindNames, storedKinds } from './store.ts'
import type { News, Taker } from './taker.ts'
import { isOlder } from './versions.ts'

export interface WatchingOptions {
  readonly client: KubeClient
  readonly taker: Taker
  readonly compact: Compact
  readonly signal: AbortSignal
  readonly log: Log
  readonly onChange: (kind: StoredKind, before: KubeObject | undefined, after: KubeObject | undefined) => void
  /** Istio's Gateway has come, or gone. */
  readonly onIstio: () => void
  /** No input is behind any more. */
  readonly onCaughtUp: () => void
  readonly onRestart: (restart: WatchRestart) => void
}

export interface Watching {
  /** Resolves when the state of every kind is known. */
  readonly synced: Promise<void>
  /** What is not known yet, or undefined. */
  unsynced(): string | undefined
  /** Whether the watch of an input is broken, so that what is known of it may be old. */
  isBehind(): boolean
  /** The version in which Istio's Gateway is served; undefined where it is not. */
  istioApiVersion(): string | undefined
}

/** What a watch that goes on has missed comes within this time. */
const catchUpMs = 1_000
/** Istio may be missing, and so may what the earlier operator did not have. */
const optional: ReadonlySet<StoredKind> = new Set<StoredKind>(['IstioGateway', 'RegionFailover'])
/** How often to look whether a kind that is not installed is by now. */
const lookEveryMs = 5_000

/**
 * Keeps the store as the cluster is: the state of every kind, and then each change. A kind that is not installed is not
 * taken for one without objects, which would delete what follows from them: it is waited for.
 */
export const startWatching = (options: WatchingOptions): Watching => {
  const { client, signal, log } = options
  const pending = new Set<StoredKind>(storedKindNames)
  const absent = new Set<StoredKind>()
  /** Each with what has happened to its watch last. */
  const behind = new Map<StoredKind, object>()
  const synced = Promise.withResolvers<void>()
  let istio: string | undefined

  const settle = (kind: StoredKind): void => {
    pending.delete(kind)
    if (pending.size === 0) synced.resolve()
  }
  const lose = (kind: StoredKind): void => {
    if (!isOutput(kind)) behind.set(kind, {})
  }
  const catchUp = (kind: StoredKind, state: object | undefined): void => {
    if (state === undefined || behind.get(kind) !== state) return
    behind.delete(kind)
    if (behind.size === 0) options.onCaughtUp()
  }
  const resume = async (kind: StoredKind): Promise<void> => {
    const state = behind.get(kind)
    await pause(catchUpMs)
    catchUp(kind, state)
  }
  const serveIstio = (version: string | undefined): void => {
    const before = istio
    istio = version
    if (before !== version) options.onIstio()
  }

  const keep = async (name: StoredKind): Promise<void> => {
    while (!signal.aborted) {
      const found = await find(client, name, signal)
      if (signal.aborted) return
      if ('error' in found) {
        log.warn('Discovery failed', { kind: name, error: messageOf(found.error) })
        await pause(1_000 * (1 + client.timing.random()))
      } else if (found.kind === undefined) {
        if (!absent.has(name)) log.warn('Kind not installed', { kind: name, group: storedKinds[name].group })
        absent.add(name)
        if (name === 'IstioGateway') serveIstio(undefined)
        if (optional.has(name)) settle(name)
        await pause(lookEveryMs)
      } else {
        const { kind } = found
        absent.delete(name)
        await follow(options, name, kind, {
          onState: () => {
            if (name === 'IstioGateway') serveIstio(`${kind.group}/${kind.version}`)
            settle(name)
            catchUp(name, behind.get(name))
          },
          onResume: () => void resume(name),
          onBroken: () => lose(name),
        })
        // A server that has just started may not know the kind yet.
        await pause(1_000)
      }
    }
  }
  const pause = (ms: number): Promise<void> => client.timing.pause(ms, signal).catch(() => {})

  for (const name of storedKindNames) void keep(name)
  return {
    synced: synced.promise,
    unsynced: () => {
      if (pending.size === 0) return undefined
      const kinds = [...pending].map(kind => (absent.has(kind) ? `${kind} (not installed)` : kind))
      return `the caches are not filled yet: ${kinds.join(', ')}`
    },
    isBehind: () => behind.size > 0,
    istioApiVersion: () => istio,
  }
}

const isOutput = (kind: StoredKind): boolean => kind === 'DNSEndpoint' || kind === 'IstioGateway'

type Found = { readonly kind: KindInfo | undefined } | { readonly error: unknown }

/** The kind in the version that is served; undefined where it is not installed. */
const find = async (client: KubeClient, name: StoredKind, signal: AbortSignal): Promise<Found> => {
  const kind: KindInfo = storedKinds[name]
  if (kind.group === '') return { kind }
  try {
    const versions = await served(client, kind.group, { signal })
    const wanted = kind === IstioGateway ? ['v1', 'v1beta1'] : [kind.version]
    const version = wanted.find(candidate => versions.includes(candidate))
    if (version === undefined) return { kind: undefined }
    const kinds = await servedKinds(client, `${kind.group}/${version}`, { signal })
    return { kind: kinds.some(({ plural }) => plural === kind.plural) ? { ...kind, version } : undefined }
  } catch (error) {
    return { error }
  }
}

interface Following {
  readonly onState: () => void
  readonly onResume: () => void
  /** For some time nothing is heard of the kind. */
  readonly onBroken: () => void
}

/** Until the signal is aborted, or the server does not know the kind any more. */
const follow = async (
  { client, taker, compact, signal, onChange, onRestart }: WatchingOptions,
  name: StoredKind,
  kind: KindInfo,
  { onState, onResume, onBroken }: Following,
): Promise<void> => {
  const control = new AbortController()
  const stop = (): void => control.abort()
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  const tell = (news: News | undefined): void => {
    if (news !== undefined) onChange(news.kind, news.before, news.after)
  }
  let seen: string | undefined
  const take = (event: WatchEvent): void => {
    if (event.type === 'replaced') {
      const isBack = isOlder(event.resourceVersion, seen)
      for (const news of taker.replace(name, { ...event, isBack })) tell(news)
      onState()
    } else if (event.type === 'deleted') tell(taker.remove(event.object))
    else if (event.type !== 'bookmark') tell(taker.put(event.object))
    seen = event.resourceVersion
  }
  const options = {
    ...(name === 'Service' ? { labelSelector: label.istio } : {}),
    signal: control.signal,
    doubtEmpty: true,
    trim: compact,
    onResume,
    onRestart: (restart: WatchRestart) => {
      onRestart(restart)
      // One that the server has ended is open again in a moment.
      if (restart.cause !== 'ended') onBroken()
      if (isNotFound(restart.error)) stop()
    },
  }
  try {
    for await (const event of watch(client, kind, options)) take(event)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
