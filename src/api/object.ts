/** The part of a Kubernetes object that srouter reads of any kind. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMeta
  readonly spec?: unknown
  readonly status?: unknown
}

export interface ObjectMeta {
  readonly name: string
  readonly namespace?: string
  readonly uid?: string
  readonly generation?: number
  readonly resourceVersion?: string
  /** RFC 3339. Absent on an object that the API server has not seen yet. */
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly ownerReferences?: readonly OwnerReference[]
  readonly finalizers?: readonly string[]
}

export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}

/** Names one object; `namespace` is absent on cluster-scoped kinds. */
export interface ResourceRef {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace?: string
  readonly name: string
}

export const refOf = ({ apiVersion, kind, metadata: { namespace, name } }: KubeObject): ResourceRef =>
  namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, namespace, name }

/** `networking.istio.io/v1` → `networking.istio.io`; the core group is ''. */
export const groupOf = (apiVersion: string): string => {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

/** Group, kind, namespace and name: the same object in any version has the same key. */
export const objectKey = (ref: ResourceRef): string =>
  `${groupOf(ref.apiVersion)}/${ref.kind}/${ref.namespace ?? ''}/${ref.name}`

export const keyOf = (object: KubeObject): string =>
  `${groupOf(object.apiVersion)}/${object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`

/** `app1/api`, or `cluster-identity` for a cluster-scoped object. */
export const shortName = (ref: { readonly namespace?: string; readonly name: string }): string =>
  ref.namespace === undefined ? ref.name : `${ref.namespace}/${ref.name}`
