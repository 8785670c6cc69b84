import { keyOfOriginal, type Original } from './original.ts'

/** One record of one ExternalDNS instance, with all hand-made DNSEndpoints that have it. */
export interface Merged extends Omit<Original, 'object' | 'index'> {
  readonly key: string
  readonly from: readonly Original[]
  /** They contradict each other, so that the zone has whichever ExternalDNS picked. */
  readonly isDisputed: boolean
}

/**
 * What ExternalDNS makes of all DNSEndpoints that one instance reads (source/utils.go, MergeEndpoints):
 *
 * | records of one name               | are                       |
 * | --------------------------------- | ------------------------- |
 * | A 10.0.0.1, A 10.0.0.2, one TTL   | A 10.0.0.1 10.0.0.2       |
 * | the same with different TTLs      | disputed                  |
 * | CNAME a, CNAME a                  | CNAME a                   |
 * | CNAME a, CNAME b                  | disputed                  |
 * | CNAME a, A 10.0.0.1               | disputed, both            |
 */
export const mergeOriginals = (originals: readonly Original[]): readonly Merged[] => {
  const groups = Map.groupBy(originals, keyOfOriginal)
  return [...groups].flatMap(([key, from]) => {
    const [first] = from
    if (first === undefined) return []
    const { writer, name, type, ttl } = first
    const targets =
      from.length === 1 ? first.targets : [...new Set(from.flatMap(each => each.targets))].sort()
    const isUnion = from.some(each => each.targets.length !== targets.length)
    const rivals = type === 'CNAME' ? ['A', 'AAAA'] : ['CNAME']
    const isDisputed =
      (isUnion && (type === 'CNAME' || from.some(each => each.ttl !== ttl))) ||
      (addressTypes.has(type) && rivals.some(rival => groups.has(`${writer.controller} ${name} ${rival}`)))
    const hasRouting = from.some(each => each.hasRouting)
    return [{ key, writer, name, type, ttl, targets, hasRouting, from, isDisputed }]
  })
}

const addressTypes: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME'])
