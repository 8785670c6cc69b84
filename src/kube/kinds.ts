import { type KindInfo, knownKinds } from '../api/kinds.ts'
import { groupOf, type ResourceRef } from '../api/object.ts'

/** Kinds of Kubernetes itself that srouter uses besides those in src/api. */
export const Lease: KindInfo = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
}
export const Event: KindInfo = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
}
export const Deployment: KindInfo = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
}
export const Secret: KindInfo = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
}
export const ConfigMap: KindInfo = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
}
export const CustomResourceDefinition: KindInfo = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
}
export const SelfSubjectAccessReview: KindInfo = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  namespaced: false,
}
export const SubjectAccessReview: KindInfo = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  namespaced: false,
}

const kinds: readonly KindInfo[] = [
  ...knownKinds,
  Lease,
  Event,
  Deployment,
  Secret,
  ConfigMap,
  CustomResourceDefinition,
  SelfSubjectAccessReview,
  SubjectAccessReview,
]

/** The kind of an object or reference, in the version that it names. */
export const kindOf = (ref: Pick<ResourceRef, 'apiVersion' | 'kind'>): KindInfo => {
  const group = groupOf(ref.apiVersion)
  const version = group === '' ? ref.apiVersion : ref.apiVersion.slice(group.length + 1)
  const known = kinds.find(kind => kind.group === group && kind.kind === ref.kind)
  if (known === undefined) throw new Error(`src/kube/kinds.ts has no ${ref.kind} of ${ref.apiVersion}`)
  return known.version === version ? known : { ...known, version }
}
