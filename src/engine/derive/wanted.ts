import type { KubeObject } from '../../api/object.ts'
import type { KnownSource } from '../change.ts'

/** An object that should exist, and whose sake it exists for. */
export interface Wanted {
  /** `namespace/name`. */
  readonly key: string
  readonly object: KubeObject
  readonly source: KnownSource
}

/** The ExternalDNS instance that writes a DNSEndpoint's records, and the region whose zone it writes. */
export interface Writer {
  readonly controller: string
  readonly zone: string
}

/** A DNSEndpoint that should exist. */
export interface WantedEndpoint extends Wanted {
  readonly writer: Writer
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
): readonly string[] => {
  const wished = candidates.map(wish)
  if (new Set([...taken, ...wished]).size === taken.size + wished.length) return wished
  const holders = new Map<string, T>()
  for (const [key, rivals] of Map.groupBy(candidates, (_, index) => wished[index] ?? '')) {
    const [oldest] = rivals.length > 1 ? rivals.sort(older) : []
    if (oldest !== undefined) holders.set(key, oldest)
  }
  return candidates.map((candidate, index) => {
    const key = wished[index] ?? ''
    const isFree = !taken.has(key) && (holders.get(key) ?? candidate) === candidate
    return isFree ? key : distinct(candidate)
  })
}
