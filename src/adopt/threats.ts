import type { Role } from '../external-dns/set-up.ts'
import type { ZoneRecord } from './records.ts'
import { policyOf, type Writer, type Zone } from './zone.ts'

/** An instance that deletes, and what it could delete because it does not find it among its DNSEndpoints. */
export interface Threat {
  readonly writer: Writer
  readonly prefix: string
  readonly records: readonly ZoneRecord[]
}

/**
 * With `sync` an instance deletes each record of a type that it manages, whose ownership record under its prefix names
 * its owner id, and which none of its DNSEndpoints has.
 *
 * | the instance selects the DNSEndpoints of | it does not find                                           |
 * | ---------------------------------------- | ---------------------------------------------------------- |
 * | routes                                   | gateways and claims; hosts that another cluster publishes  |
 * | gateways                                 | routes; gateways and claims that others publish            |
 * | both                                     | what others publish                                        |
 */
export const threats = (zone: Zone): readonly Threat[] =>
  zone.writers
    .filter(writer => policyOf(writer) === 'sync' && writer.instance.settings.registry === 'txt')
    .map(writer => {
      const { settings } = writer.instance
      return {
        writer,
        prefix: settings.txtPrefix,
        records: zone.records.filter(
          ({ kind, type, standing }) =>
            settings.recordTypes.includes(type) &&
            !(standing === 'published' && selected[writer.role].includes(kind)),
        ),
      }
    })

const selected: Readonly<Record<Role, readonly ZoneRecord['kind'][]>> = {
  routes: ['route'],
  gateways: ['gateway'],
  single: ['route', 'gateway'],
}
