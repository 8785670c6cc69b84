import { DNSEndpoint } from '../api/kinds.ts'
import type { KubeObject, ObjectMeta } from '../api/object.ts'

/** Makes of an object the same in less memory. */
export type Compact = <T extends KubeObject>(object: T) => T

/** What kubectl keeps in an object for itself: all of it once more, as a text. */
const kubectlCopy = 'kubectl.kubernetes.io/last-applied-configuration'

const mostTexts = 4_096
const mostParts = 1_024

/**
 * Of tens of thousands of objects each is parsed by itself, and most of what they say is the same: names of labels'
 * values, annotations, the records and the owner of the DNSEndpoints of one route. That is kept once.
 *
 * | of                          | is kept                                        |
 * | --------------------------- | ---------------------------------------------- |
 * | texts                       | once, where they have come up lately           |
 * | annotations, owners         | the same, as a whole; without kubectl's copy   |
 * | spec of a DNSEndpoint       | the same                                       |
 * | conditions of a status      | the same                                       |
 */
export const createCompact = (): Compact => {
  const texts = recent<string>(mostTexts)
  const parts = recent<unknown>(mostParts)
  const text = (value: string): string => texts.get(value, () => value)

  const lean = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(lean)
    const copy: Record<string, unknown> = {}
    for (const key in value) copy[key] = lean((value as Readonly<Record<string, unknown>>)[key])
    return copy
  }
  const shared = <T>(value: T): T =>
    value === undefined ? value : (parts.get(JSON.stringify(value), () => lean(value)) as T)

  const annotationsOf = ({ annotations }: ObjectMeta): ObjectMeta['annotations'] => {
    if (annotations?.[kubectlCopy] === undefined) return shared(annotations)
    const { [kubectlCopy]: _, ...rest } = annotations
    return shared(rest)
  }

  // Written out field by field: such an object takes half of what one takes that has grown.
  const metadataOf = (metadata: ObjectMeta): ObjectMeta => {
    const kept = {
      name: text(metadata.name),
      namespace: metadata.namespace === undefined ? undefined : text(metadata.namespace),
      uid: metadata.uid,
      generation: metadata.generation,
      resourceVersion: metadata.resourceVersion,
      creationTimestamp:
        metadata.creationTimestamp === undefined ? undefined : text(metadata.creationTimestamp),
      labels: lean(metadata.labels),
      annotations: annotationsOf(metadata),
      ownerReferences: shared(metadata.ownerReferences),
    } as ObjectMeta
    const { deletionTimestamp, finalizers } = metadata
    if (deletionTimestamp === undefined && finalizers === undefined) return kept
    return {
      ...kept,
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
      ...(finalizers === undefined ? {} : { finalizers }),
    }
  }

  const statusOf = (status: unknown): unknown => {
    const kept = lean(status)
    if (typeof kept !== 'object' || kept === null || !('conditions' in kept)) return shared(kept)
    kept.conditions = shared(kept.conditions)
    return kept
  }

  return <T extends KubeObject>({ apiVersion, kind, metadata, spec, status }: T) =>
    ({
      apiVersion: text(apiVersion),
      kind: text(kind),
      metadata: metadataOf(metadata),
      spec: kind === DNSEndpoint.kind ? shared(spec) : lean(spec),
      status: statusOf(status),
    }) as T
}

interface Recent<T> {
  /** What came up under the key lately, else what `make` says. */
  get(key: string, make: () => T): T
}

/** Two generations: of what has not come up since the one before the last was full, nothing is remembered. */
const recent = <T>(most: number): Recent<T> => {
  let older = new Map<string, T>()
  let newer = new Map<string, T>()
  return {
    get: (key, make) => {
      const known = newer.get(key)
      if (known !== undefined) return known
      const value = older.get(key) ?? make()
      if (newer.size >= most) {
        older = newer
        newer = new Map()
      }
      newer.set(key, value)
      return value
    },
  }
}
