import {
  ClusterIdentity,
  DNSConfiguration,
  DNSEndpoint,
  DNSPolicy,
  Gateway,
  IstioGateway,
  type KindInfo,
  Namespace,
  RegionFailover,
  Service,
  ServiceRoute,
} from '../api/kinds.ts'
import { groupOf, type KubeObject } from '../api/object.ts'
import { isOlder } from './versions.ts'

/** What the daemon knows of the cluster: every object of the kinds that the engine reads. */
export interface Store {
  /** By `namespace/name`. */
  objects(kind: StoredKind): ReadonlyMap<string, KubeObject>
  /** Takes an object in, unless a newer one is there; answers what was there before. */
  put(kind: StoredKind, object: KubeObject): Put
  /** The same, even where it looks older: versions go back when etcd is restored from a backup. */
  force(kind: StoredKind, object: KubeObject): Put
  /** Takes an object out; with a uid only that one, and not another one that has its name by now. */
  remove(kind: StoredKind, key: string, uid: string | undefined): KubeObject | undefined
  /** Counts the changes: as long as it stays, so does everything that follows from the store. */
  version(): number
}

export type Put =
  | { readonly taken: false }
  | { readonly taken: true; readonly before: KubeObject | undefined }

export const storedKinds = {
  ClusterIdentity,
  DNSConfiguration,
  RegionFailover,
  Gateway,
  DNSPolicy,
  ServiceRoute,
  Service,
  Namespace,
  DNSEndpoint,
  IstioGateway,
} as const satisfies Readonly<Record<string, KindInfo>>

export type StoredKind = keyof typeof storedKinds

export const storedKindNames = Object.keys(storedKinds) as readonly StoredKind[]

export const inputKinds = storedKindNames.filter(kind => kind !== 'DNSEndpoint' && kind !== 'IstioGateway')

export const storedKindOf = (ref: {
  readonly apiVersion: string
  readonly kind: string
}): StoredKind | undefined => {
  const group = groupOf(ref.apiVersion)
  return storedKindNames.find(
    name => storedKinds[name].kind === ref.kind && storedKinds[name].group === group,
  )
}

export const storeKey = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`

export const createStore = (): Store => {
  const maps = new Map<StoredKind, Map<string, KubeObject>>(storedKindNames.map(kind => [kind, new Map()]))
  const mapOf = (kind: StoredKind): Map<string, KubeObject> => maps.get(kind) ?? new Map()
  let version = 0
  const take = (kind: StoredKind, object: KubeObject, isNews: typeof isNewer): Put => {
    const map = mapOf(kind)
    const key = storeKey(object)
    const before = map.get(key)
    if (before !== undefined && !isNews(object, before)) return { taken: false }
    map.set(key, object)
    version++
    return { taken: true, before }
  }
  return {
    objects: mapOf,
    put: (kind, object) => take(kind, object, isNewer),
    force: (kind, object) => take(kind, object, isOther),
    remove: (kind, key, uid) => {
      const map = mapOf(kind)
      const before = map.get(key)
      if (before === undefined || (uid !== undefined && before.metadata.uid !== uid)) return undefined
      map.delete(key)
      version++
      return before
    },
    version: () => version,
  }
}

/** A write's answer may come before the watch tells of it, and before it tells of older ones. */
const isNewer = (object: KubeObject, known: KubeObject): boolean =>
  isOther(object, known) && !isOlder(object.metadata.resourceVersion, known.metadata.resourceVersion)

const isOther = (object: KubeObject, known: KubeObject): boolean =>
  object.metadata.resourceVersion === undefined ||
  object.metadata.resourceVersion !== known.metadata.resourceVersion ||
  object.metadata.uid !== known.metadata.uid
