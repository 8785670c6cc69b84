import {
  ClusterIdentity,
  DNSConfiguration,
  DNSEndpoint,
  Gateway,
  type KindInfo,
  RegionFailover,
  ServiceRoute,
} from '../../api/kinds.ts'
import type { KubeObject } from '../../api/object.ts'

/** What `status` shows, in the order in which it is read. */
export const statusKinds = {
  ServiceRoute,
  DNSEndpoint,
  Gateway,
  ClusterIdentity,
  DNSConfiguration,
  RegionFailover,
} as const satisfies Readonly<Record<string, KindInfo>>

export type StatusKind = keyof typeof statusKinds

/** The objects of each kind; undefined where they may not be read, or the kind is not installed. */
export type StatusObjects = Readonly<Record<StatusKind, readonly KubeObject[] | undefined>>

/** No more of an object than is shown: of 20,000 DNSEndpoints nobody needs the records. */
export const trimmed = <T extends KubeObject>(object: T): T => {
  if (object.kind !== DNSEndpoint.kind) return object
  const { name, namespace, generation, labels, ownerReferences, resourceVersion } = object.metadata
  const metadata = { name, namespace, generation, labels, ownerReferences, resourceVersion }
  return { ...object, metadata, spec: undefined }
}
