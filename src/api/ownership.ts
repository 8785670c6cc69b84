import { routingGroup } from './kinds.ts'
import { label, managedByValue } from './labels.ts'
import { groupOf, type KubeObject } from './object.ts'

/** Whether srouter (or its predecessor) made the object; what it did not make it never touches. */
export const isOurs = (object: KubeObject): boolean =>
  object.metadata.labels?.[label.managedBy] === managedByValue ||
  (object.metadata.ownerReferences ?? []).some(owner => groupOf(owner.apiVersion) === routingGroup)

/** Whether "srouter adopt" has printed it, for people to apply for a while; it is neither srouter's own nor made by hand. */
export const isAdopting = ({ metadata: { labels } }: KubeObject): boolean =>
  labels?.[label.adopt] !== undefined
