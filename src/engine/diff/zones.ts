import { endpointsOf } from '../current.ts'
import type { Finding } from '../finding.ts'
import type { Held } from './state.ts'

/** How many record sets each zone has. Two controllers of one zone write one record set, not two. */
export const zoneCounts = (state: ReadonlyMap<string, Held>): ReadonlyMap<string, number> => {
  const zones = new Map<string, Map<string, Set<string>>>()
  for (const { object, writer } of state.values()) {
    let types = zones.get(writer.zone)
    if (types === undefined) {
      types = new Map()
      zones.set(writer.zone, types)
    }
    for (const { dnsName, recordType } of endpointsOf(object)) {
      const names = types.get(recordType)
      if (names === undefined) types.set(recordType, new Set([dnsName]))
      else names.add(dnsName)
    }
  }
  return new Map(
    [...zones].map(([zone, types]) => [zone, types.values().reduce((sum, names) => sum + names.size, 0)]),
  )
}

/** Azure Private DNS: 25,000 record sets per zone. Every record has an ownership TXT record beside it. */
export const zoneLimit = 25_000
export const warnFrom = 0.8 * zoneLimit

/** With their ownership records. */
export const withOwnership = (sets: number): number => 2 * sets

export const zoneSizes = (zones: ReadonlyMap<string, number>): readonly Finding[] =>
  [...zones].flatMap(([zone, sets]) => {
    const count = withOwnership(sets)
    if (count < warnFrom) return []
    return [
      {
        code: 'ZoneNearlyFull',
        severity: 'warning' as const,
        message: `zone ${zone} has ${count} record sets with their ownership records; Azure Private DNS allows ${zoneLimit}`,
        hint: 'use a zone of its own for some of the applications, or another DNS provider',
      },
    ]
  })
