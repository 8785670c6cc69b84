import type { KubeObject, ResourceRef } from '../api/object.ts'
import { type Compact, createCompact } from './compact.ts'
import type { RoutesIndex } from './routes-index.ts'
import { type Store, type StoredKind, storedKindOf, storeKey } from './store.ts'
import { createTombstones } from './tombstones.ts'
import { isOlder } from './versions.ts'

export interface News {
  readonly kind: StoredKind
  readonly before: KubeObject | undefined
  readonly after: KubeObject | undefined
}

/** The whole state of a kind as of a version. */
export interface State {
  readonly objects: readonly KubeObject[]
  readonly resourceVersion: string
  /** It is older than what was told before: the server was restored, and everything that is known is void. */
  readonly isBack: boolean
}

/** The one way into the store, which keeps the index with it. What answers nothing was no news. */
export interface Taker {
  /** An object as a watch tells of it. */
  put(object: KubeObject): News | undefined
  /** An object that a watch says is gone. */
  remove(object: KubeObject): News | undefined
  replace(kind: StoredKind, state: State): readonly News[]
  /** What the server answered to a write of ours. */
  written(object: KubeObject): void
  /** What a deletion of ours has removed. */
  removed(ref: ResourceRef, uid: string | undefined): void
}

export const createTaker = (
  store: Store,
  index: RoutesIndex,
  compact: Compact = createCompact(),
  elapsed: () => number = () => performance.now(),
): Taker => {
  const gone = createTombstones(elapsed)

  const noted = (news: News): News => {
    if (news.kind === 'ServiceRoute') index.route(news.before, news.after)
    if (news.kind === 'DNSEndpoint') index.endpoint(news.before, news.after)
    return news
  }

  const take = (object: KubeObject, how: 'put' | 'force'): News | undefined => {
    const kind = storedKindOf(object)
    const put = kind === undefined ? undefined : store[how](kind, object)
    if (kind === undefined || !put?.taken) return undefined
    return noted({ kind, before: put.before, after: object })
  }

  const remove = (kind: StoredKind | undefined, key: string, uid: string | undefined): News | undefined => {
    if (uid !== undefined) gone.add(uid)
    const before = kind === undefined ? undefined : store.remove(kind, key, uid)
    return kind === undefined || before === undefined ? undefined : noted({ kind, before, after: undefined })
  }

  return {
    put: object => take(object, 'put'),
    remove: object => remove(storedKindOf(object), storeKey(object), object.metadata.uid),
    replace: (kind, { objects, resourceVersion, isBack }) => {
      const present = new Set(objects.map(storeKey))
      const lost = [...store.objects(kind)].filter(
        ([key, { metadata }]) =>
          // What is newer than the state was written since by ourselves; the watch is about to tell of it.
          !present.has(key) && (isBack || !isOlder(resourceVersion, metadata.resourceVersion)),
      )
      // No tombstones: what one state leaves out may be back in the next.
      return [
        ...lost.flatMap(([key]) => {
          const before = store.remove(kind, key, undefined)
          return before === undefined ? [] : [noted({ kind, before, after: undefined })]
        }),
        ...objects.flatMap(object => take(object, isBack ? 'force' : 'put') ?? []),
      ]
    },
    written: object => {
      const { uid } = object.metadata
      if (uid === undefined || !gone.has(uid)) take(compact(object), 'put')
    },
    removed: (ref, uid) => {
      remove(storedKindOf(ref), `${ref.namespace ?? ''}/${ref.name}`, uid)
    },
  }
}
