import type { Instance } from '../external-dns/instance.ts'
import { selects } from '../external-dns/set-up.ts'
import { policyOf, type Settings } from '../external-dns/settings.ts'
import { isAtLeast } from '../external-dns/version.ts'
import { settingsFor } from './arguments.ts'
import type { ZoneRecord } from './records.ts'
import { changeable, instanceFor } from './split.ts'
import { isRunning, type Zone } from './zone.ts'

/** An instance that deletes, or would, and what it could delete because it does not find it among its DNSEndpoints. */
export interface Threat extends Candidate {
  readonly records: readonly ZoneRecord[]
}

interface Candidate {
  /** Undefined for one that is advised and not there yet. */
  readonly instance: Instance | undefined
  /** `changed`: as it would be with the arguments that the step "switch" advises. */
  readonly state: 'runs' | 'stopped' | 'changed' | 'new'
  readonly settings: Settings
  /** Whether it is known to write this zone: it selects DNSEndpoints for it. */
  readonly isCertain: boolean
}

/**
 * With `sync` an instance deletes each record of a type that it manages, whose ownership record under its prefix names
 * its owner id, and which none of its DNSEndpoints has: what another cluster publishes, and what its own filters or its
 * namespace leave out. Looked at is what there is, and what the step "switch" would make of it.
 */
export const threats = (zone: Zone): readonly Threat[] =>
  [...present(zone), ...advised(zone)]
    .filter(
      ({ settings }) => policyOf(settings) === 'sync' && settings.registry === 'txt' && !settings.dryRun,
    )
    .map(candidate => ({
      ...candidate,
      records: zone.records.filter(
        record => candidate.settings.recordTypes.includes(record.type) && !finds(candidate, record),
      ),
    }))

const present = ({ writers, strays }: Zone): readonly Candidate[] =>
  [
    ...writers.map(({ instance }) => ({ instance, isCertain: true })),
    ...strays.map(instance => ({ instance, isCertain: false })),
  ].map(each => ({
    ...each,
    settings: each.instance.settings,
    state: isRunning(each) ? 'runs' : 'stopped',
  }))

/** That of routes alone: the one of gateways deletes nothing. */
const advised = (zone: Zone): readonly Candidate[] => {
  if (zone.target.route.prefix === undefined || instanceFor(zone, 'route') !== undefined) return []
  const settings = settingsFor(zone, 'route')
  const instance = changeable(zone, 'route')?.instance
  if (instance === undefined) return [{ instance, state: 'new', settings, isCertain: true }]
  const { recordTypes, policy, registry, ownerId, txtPrefix } = settings
  const changed = { ...instance.settings, recordTypes, policy, registry, ownerId, txtPrefix }
  return [{ instance, state: 'changed', settings: changed, isCertain: true }]
}

/** By what the DNSEndpoint has, as a filter may pass some of a kind and not others. */
const finds = ({ settings, instance }: Candidate, { standing, metadata }: ZoneRecord): boolean =>
  standing === 'published' &&
  metadata !== undefined &&
  !isBlind(settings, instance) &&
  selects(settings, metadata) &&
  (settings.namespace === '' || settings.namespace === metadata.namespace)

/** kubernetes-sigs/external-dns#6728 */
const isBlind = ({ annotationFilter }: Settings, instance: Instance | undefined): boolean =>
  annotationFilter !== '' && isAtLeast(instance?.version, 0, 22)
