import type { Instance } from '../external-dns/instance.ts'
import type { Role } from '../external-dns/set-up.ts'
import type { ZoneRecord } from './records.ts'
import { policyOf, type Zone } from './zone.ts'

/** An instance that deletes, and what it could delete because it does not find it among its DNSEndpoints. */
export interface Threat {
  readonly instance: Instance
  /** Whether it is known to write this zone: it selects DNSEndpoints for it. */
  readonly isCertain: boolean
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
 * | one namespace alone                      | what is published from others                              |
 * | none, for any zone                       | anything                                                   |
 */
export const threats = (zone: Zone): readonly Threat[] =>
  [...zone.writers, ...zone.strays.map(instance => ({ instance, role: undefined }))]
    .filter(writer => {
      const { registry, dryRun } = writer.instance.settings
      return policyOf(writer) === 'sync' && registry === 'txt' && !dryRun
    })
    .map(({ instance, role }) => ({
      instance,
      isCertain: role !== undefined,
      records: zone.records.filter(
        record => instance.settings.recordTypes.includes(record.type) && !finds(instance, role, record),
      ),
    }))

const finds = (
  { settings }: Instance,
  role: Role | undefined,
  { standing, kind, namespace }: ZoneRecord,
): boolean =>
  role !== undefined &&
  standing === 'published' &&
  selected[role].includes(kind) &&
  (settings.namespace === '' || settings.namespace === namespace)

const selected: Readonly<Record<Role, readonly ZoneRecord['kind'][]>> = {
  routes: ['route'],
  gateways: ['gateway'],
  single: ['route', 'gateway'],
}
