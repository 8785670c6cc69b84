import { missingArguments } from './arguments.ts'
import type { RecordKind } from './records.ts'
import { isRunning, type Writer, type Zone } from './zone.ts'

/** What the instance for a kind of records is called. */
export const roleOf = { route: 'routes', gateway: 'gateways' } as const

/** The instance of the split set-up for this kind of records, as it should be; a running one before one that is stopped. */
export const instanceFor = (zone: Zone, kind: RecordKind): Writer | undefined => {
  const fitting = zone.writers.filter(
    ({ role, instance: { settings } }) =>
      role === roleOf[kind] && missingArguments(zone, kind, settings).length === 0,
  )
  return fitting.find(isRunning) ?? fitting[0]
}

/** An instance that runs, and selects the right DNSEndpoints, but is otherwise not as it should be. */
export const changeable = (zone: Zone, kind: RecordKind): Writer | undefined =>
  instanceFor(zone, kind) === undefined
    ? zone.writers.find(writer => isRunning(writer) && writer.role === roleOf[kind])
    : undefined

/** Those that run and are not of the split set-up, or one too many. */
export const strangers = (zone: Zone): readonly Writer[] => {
  const wanted = new Set([instanceFor(zone, 'route'), instanceFor(zone, 'gateway')])
  return zone.writers.filter(writer => isRunning(writer) && !wanted.has(writer))
}

/** Whether the two instances of the split set-up run, and no other. */
export const isSplit = (zone: Zone): boolean =>
  (['route', 'gateway'] as const).every(kind => {
    const writer = instanceFor(zone, kind)
    return writer !== undefined && isRunning(writer)
  }) && strangers(zone).length === 0
