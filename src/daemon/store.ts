import {
  ClusterIdentity,
  DNSConfiguration,
  DNSEndpoint,
  DNSPolicy,
  Gateway,
  IstioGateway,
  type KindInfo,
  Namespace,
  Service,
  ServiceRoute,
} from '../api/kinds.ts'
import { groupOf, type KubeObject } from '../api/object.ts'

/** What the daemon knows of the cluster: every object of the kinds that the engine reads. */
export interface Store {
  /** By `namespace/name`. */
  objects(kind: StoredKind): ReadonlyMap<string, KubeObject>
  /** Takes an object in, unless a newer one is there; answers what was there before. */
  put(kind: StoredKind, object: KubeObject): Put
  remove(kind: StoredKind, key: string): KubeObject | undefined
  /** Counts the changes: as long as it stays, so does everything that follows from the store. */
  version(): number
}

export type Put =
  | { readonly taken: false }
  | { readonly taken: true; readonly before: KubeObject | undefined }

export const storedKinds = {
  ClusterIdentity,
  DNSConfiguration,
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
  return {
    objects: mapOf,
    put: (kind, object) => {
      const map = mapOf(kind)
      const key = storeKey(object)
      const before = map.get(key)
      if (before !== undefined && !isNewer(object, before)) return { taken: false }
      map.set(key, object)
      version++
      return { taken: true, before }
    },
    remove: (kind, key) => {
      const map = mapOf(kind)
      const before = map.get(key)
      if (map.delete(key)) version++
      return before
    },
    version: () => version,
  }
}

/**
 * A write's answer may come before the watch tells of it, and before it tells of older ones. Versions of one object are
 * numbers that grow on every server that is in use (and by Kubernetes' word from 1.35 on); where they are none, the
 * last that came counts.
 */
const isNewer = (object: KubeObject, known: KubeObject): boolean => {
  const [after, before] = [object.metadata.resourceVersion ?? '', known.metadata.resourceVersion ?? '']
  if (after === before) return after === ''
  if (object.metadata.uid !== known.metadata.uid || !isNumber(after) || !isNumber(before)) return true
  return after.length === before.length ? after > before : after.length > before.length
}

const isNumber = (text: string): boolean => /^[1-9][0-9]*$/.test(text)
