import { IstioGateway, type KindInfo } from '../api/kinds.ts'
import { label } from '../api/labels.ts'
import { type KubeObject, refOf } from '../api/object.ts'
import { type KubeClient, served, servedKinds, type WatchRestart, watch } from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { type Store, type StoredKind, storedKindNames, storedKinds, storeKey } from './store.ts'
import type { Taker } from './taker.ts'

export interface WatchingOptions {
  readonly client: KubeClient
  readonly store: Store
  readonly taker: Taker
  readonly signal: AbortSignal
  readonly log: Log
  /** How often to look whether a kind that is not installed is by now. */
  readonly retryMs: number
  readonly onChange: (kind: StoredKind, before: KubeObject | undefined, after: KubeObject | undefined) => void
  readonly onRestart: (restart: WatchRestart) => void
}

export interface Watching {
  /** Resolves when the state of every kind is known. */
  readonly synced: Promise<void>
  isSynced(): boolean
  /** The version in which Istio's Gateway is served; undefined where it is not. */
  istioApiVersion(): string | undefined
  /** Kinds that are not installed. */
  missing(): readonly KindInfo[]
}

/** Keeps the store as the cluster is: the state of every kind, and then each change. */
export const startWatching = (options: WatchingOptions): Watching => {
  const pending = new Set<StoredKind>(storedKindNames)
  const absent = new Map<StoredKind, KindInfo>()
  const synced = Promise.withResolvers<void>()
  let istio: string | undefined

  const settle = (kind: StoredKind): void => {
    pending.delete(kind)
    if (pending.size === 0) synced.resolve()
  }

  const keep = async (name: StoredKind): Promise<void> => {
    const { client, signal, retryMs, log } = options
    while (!signal.aborted) {
      const kind = await servedKind(client, name, signal).catch((error: unknown) => {
        if (!signal.aborted) log.warn('Discovery failed', { kind: name, error: messageOf(error) })
        return null
      })
      if (kind === null)
        await client.timing.pause(1_000 + 1_000 * client.timing.random(), signal).catch(() => {})
      else if (kind === undefined) {
        if (!absent.has(name)) log.warn('Kind not installed', { kind: name, group: storedKinds[name].group })
        absent.set(name, storedKinds[name])
        settle(name)
        await client.timing.pause(retryMs, signal).catch(() => {})
      } else {
        absent.delete(name)
        if (name === 'IstioGateway') istio = `${kind.group}/${kind.version}`
        await follow(options, name, kind, () => settle(name))
      }
    }
  }

  for (const name of storedKindNames) void keep(name)
  return {
    synced: synced.promise,
    isSynced: () => pending.size === 0,
    istioApiVersion: () => (absent.has('IstioGateway') ? undefined : istio),
    missing: () => [...absent.values()],
  }
}

/** The kind in the version that is served; undefined where it is not installed. */
const servedKind = async (
  client: KubeClient,
  name: StoredKind,
  signal: AbortSignal,
): Promise<KindInfo | undefined> => {
  const kind: KindInfo = storedKinds[name]
  if (kind.group === '') return kind
  const versions = await served(client, kind.group, { signal })
  const wanted = kind === IstioGateway ? ['v1', 'v1beta1'] : [kind.version]
  const version = wanted.find(candidate => versions.includes(candidate))
  if (version === undefined) return undefined
  const kinds = await servedKinds(client, `${kind.group}/${version}`, { signal })
  return kinds.some(({ plural }) => plural === kind.plural) ? { ...kind, version } : undefined
}

/** Until the signal is aborted; what the watch tells goes into the store. */
const follow = async (
  { client, store, taker, signal, onChange, onRestart }: WatchingOptions,
  name: StoredKind,
  kind: KindInfo,
  onState: () => void,
): Promise<void> => {
  const selection = name === 'Service' ? { labelSelector: label.istio } : {}
  const put = (object: KubeObject): void => {
    const news = taker.put(object)
    if (news !== undefined) onChange(news.kind, news.before, object)
  }
  const remove = (object: KubeObject): void => {
    const news = taker.remove(refOf(object))
    if (news !== undefined) onChange(news.kind, news.before, undefined)
  }
  for await (const event of watch(client, kind, { ...selection, signal, onRestart })) {
    if (event.type === 'replaced') {
      const present = new Set(event.objects.map(storeKey))
      for (const [key, object] of store.objects(name)) if (!present.has(key)) remove(object)
      for (const object of event.objects) put(object)
      onState()
    } else if (event.type === 'deleted') remove(event.object)
    else if (event.type !== 'bookmark') put(event.object)
  }
}
