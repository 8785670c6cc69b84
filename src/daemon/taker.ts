import type { KubeObject, ResourceRef } from '../api/object.ts'
import type { RoutesIndex } from './routes-index.ts'
import { type Store, type StoredKind, storedKindOf } from './store.ts'

/** The one way into the store, which keeps the index with it. */
export interface Taker {
  /** Whether it was news, and what was there before. */
  put(object: KubeObject): { readonly kind: StoredKind; readonly before: KubeObject | undefined } | undefined
  remove(ref: ResourceRef): { readonly kind: StoredKind; readonly before: KubeObject } | undefined
}

export const createTaker = (store: Store, index: RoutesIndex): Taker => {
  const note = (kind: StoredKind, before: KubeObject | undefined, after: KubeObject | undefined): void => {
    if (kind === 'ServiceRoute') index.route(before, after)
    if (kind === 'DNSEndpoint') index.endpoint(before, after)
  }
  return {
    put: object => {
      const kind = storedKindOf(object)
      if (kind === undefined) return undefined
      const put = store.put(kind, object)
      if (!put.taken) return undefined
      note(kind, put.before, object)
      return { kind, before: put.before }
    },
    remove: ref => {
      const kind = storedKindOf(ref)
      const before = kind === undefined ? undefined : store.remove(kind, `${ref.namespace ?? ''}/${ref.name}`)
      if (kind === undefined || before === undefined) return undefined
      note(kind, before, undefined)
      return { kind, before }
    },
  }
}
