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
 * Names for objects that may not share one: the older keeps the plain name, a later one gets a hash.
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
): ReadonlyMap<T, string> => {
  const wishes = new Map<string, T | T[]>()
  const names = new Map<T, string>()
  for (const candidate of candidates) {
    const name = wish(candidate)
    const other = wishes.get(name)
    if (other === undefined) wishes.set(name, candidate)
    else if (Array.isArray(other)) other.push(candidate)
    else wishes.set(name, [other, candidate])
    names.set(candidate, name)
  }
  for (const rivals of wishes.values()) {
    if (!Array.isArray(rivals)) continue
    for (const later of rivals.sort(older).slice(1)) names.set(later, distinct(later))
  }
  return names
}
