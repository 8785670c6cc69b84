import { defaultTTL } from '../api/dns-configuration.ts'
import type { World } from '../engine/world.ts'
import type { Merged } from './merged.ts'
import type { Sorted } from './sorted.ts'
import { Votes } from './votes.ts'

export interface TTLs {
  readonly route: number
  readonly gateway: number
}

/** The seconds that most records have; what the DNSConfiguration says, where there is one. */
export const ttlsOf = (
  { hosts, targets }: Pick<Sorted, 'hosts' | 'targets'>,
  { configuration }: World,
): TTLs =>
  configuration.state === 'one'
    ? (configuration.spec.ttl ?? defaultTTL)
    : {
        route: mostHave(hosts.flatMap(({ records }) => records)) ?? defaultTTL.route,
        gateway: mostHave(targets.flatMap(({ records }) => records)) ?? defaultTTL.gateway,
      }

/** Undefined where none has one. */
export const mostHave = (records: readonly Merged[]): number | undefined => {
  const votes = new Votes()
  for (const { ttl } of records) if (ttl !== null) votes.add(String(ttl))
  const [most] = votes.leaders()
  return most === undefined ? undefined : Number(most)
}
