import { engagedByAnnotation } from '../../../../src/api/labels.ts'
import type { KubeObject } from '../../../../src/api/object.ts'
import { failoverMemory } from '../../../../src/engine/failover/memory.ts'

/** Generations are counted from the last pass: what it has seen is the first. */
export const seenGeneration = 1

export const generationOf = ({ metadata }: KubeObject): number => metadata.generation ?? seenGeneration

/** What of a status is read again; the rest is for people. */
const remembered: Readonly<Record<string, readonly string[]>> = {
  RegionFailover: ['state', 'epoch', 'automatic'],
  ClusterIdentity: ['applied', 'yielded', 'orphaned'],
  Gateway: ['addresses'],
  DNSConfiguration: [],
}

/** An object with as much as the next pass reads of it. */
export const essential = (object: KubeObject): KubeObject => {
  const fields = remembered[object.kind]
  if (fields === undefined) return object
  const status = Object.entries((object.status ?? {}) as object).filter(([field]) => fields.includes(field))
  const next = { ...object, status: Object.fromEntries(status) }
  return object.kind === 'RegionFailover' ? asSeen(next) : next
}

const asSeen = (object: KubeObject): KubeObject => {
  const { automatic } = failoverMemory(object)
  const metadata = { ...object.metadata, generation: seenGeneration }
  if (automatic === undefined) return { ...object, metadata }
  const observedGeneration = automatic.observedGeneration === generationOf(object) ? seenGeneration : 0
  const status = { ...(object.status as object), automatic: { ...automatic, observedGeneration } }
  return { ...object, metadata, status }
}

/** ExternalDNS reads a DNSEndpoint at once, though it takes its time to publish it. */
export const asRead = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, generation: 1 },
  status: { observedGeneration: 1 },
})

/** As src/daemon/automatic.ts does it. */
export const withoutStaleAnnotation = (object: KubeObject): KubeObject => {
  const { engage } = (object.spec ?? {}) as { readonly engage?: boolean }
  const isStale = engage !== true && object.metadata.annotations?.[engagedByAnnotation] !== undefined
  return isStale ? { ...object, metadata: { ...object.metadata, annotations: {} } } : object
}
