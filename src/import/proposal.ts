import { apiVersionOf, type KindInfo } from '../api/kinds.ts'
import { type KubeObject, keyOf } from '../api/object.ts'

/** A resource to be, and why it is as it is. */
export interface Proposed {
  readonly object: KubeObject
  readonly comments: readonly string[]
}

export const propose = (
  kind: KindInfo,
  metadata: { readonly namespace?: string; readonly name: string },
  spec: object,
  comments: readonly string[] = [],
): Proposed => ({
  object: {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: kind.namespaced
      ? { name: metadata.name, namespace: metadata.namespace ?? '' }
      : { name: metadata.name },
    spec,
  },
  comments,
})

export const proposedKey = ({ object }: Proposed): string => keyOf(object)

/** The first of some names that is free. */
export const freeName = (
  isTaken: (name: string) => boolean,
  ...names: readonly [string, ...string[]]
): string => {
  const free = names.find(name => !isTaken(name))
  if (free !== undefined) return free
  const base = names.at(-1) ?? names[0]
  let count = 2
  while (isTaken(`${base}-${count}`)) count++
  return `${base}-${count}`
}
