import type { KubeObject } from '../../api/object.ts'
import type { Resource } from '../resource.ts'

/** An object that should exist, and whose sake it exists for. */
export interface Wanted {
  /** `namespace/name`. */
  readonly key: string
  readonly object: KubeObject
  readonly source: Resource<unknown>
}

/** A DNSEndpoint that should exist; `controller` and `zone` say which ExternalDNS instance writes it, and where. */
export interface WantedEndpoint extends Wanted {
  readonly controller: string
  readonly zone: string
}

/**
 * Names for objects that may not share one: the older keeps the plain name, a later one gets a hash, and so does one
 * that asks for a name in `taken`, which objects of another kind of source have.
 *
 * | candidate         | asks for | gets           |
 * | ----------------- | -------- | -------------- |
 * | route a, dns b-c  | n/a-b-c  | a-b-c          |
 * | route a-b, dns c  | n/a-b-c  | a-b-c-6dcd4ce2 |
 */
export const allotNames = <T>(
  candidates: readonly T[],
  /** `namespace/name` as wished. */
  wish: (candidate: T) => string,
  /** Another name, as `namespace/name`, from what tells the candidate apart from all others. */
  distinct: (candidate: T) => string,
  older: (a: T, b: T) => number,
  taken: ReadonlySet<string> = new Set(),
): readonly { readonly candidate: T; readonly key: string }[] => {
  const wished = candidates.map(candidate => ({ candidate, key: wish(candidate) }))
  const first = new Map<string, T>()
  const meetings = new Map<string, T[]>()
  for (const { candidate, key } of wished) {
    const other = first.get(key)
    if (other === undefined) first.set(key, candidate)
    else meetings.set(key, [...(meetings.get(key) ?? [other]), candidate])
  }
  if (meetings.size === 0 && taken.size === 0) return wished
  const holders = new Map([...meetings].map(([key, rivals]) => [key, rivals.sort(older)[0]]))
  return wished.map(({ candidate, key }) => {
    const isFree = !taken.has(key) && (holders.get(key) ?? candidate) === candidate
    return { candidate, key: isFree ? key : distinct(candidate) }
  })
}
