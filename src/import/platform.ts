import type { ClusterIdentitySpec } from '../api/cluster-identity.ts'
import { defaultTTL } from '../api/dns-configuration.ts'
import { ClusterIdentity, DNSConfiguration } from '../api/kinds.ts'
import type { World } from '../engine/world.ts'
import { type Proposed, propose } from './proposal.ts'
import type { TTLs } from './ttls.ts'
import type { Zoning } from './zoning.ts'

/** ClusterIdentity and DNSConfiguration, where there are none yet. */
export const platformFor = (
  identity: ClusterIdentitySpec,
  why: readonly string[] | undefined,
  { controllers, adoptsRegions = [] }: Zoning,
  ttls: TTLs,
  world: World,
): readonly Proposed[] => [
  ...(why === undefined
    ? []
    : [
        propose(
          ClusterIdentity,
          { name: 'cluster-identity' },
          { ...identity, ...(adoptsRegions.length === 0 ? {} : { adoptsRegions }) },
          [
            ...why,
            ...(adoptsRegions.length === 0
              ? []
              : [`Hosts that are not in every zone are in those of ${adoptsRegions.join(', ')} as well.`]),
          ],
        ),
      ]),
  ...(world.configuration.state === 'none' && controllers.length > 0
    ? [
        propose(
          DNSConfiguration,
          { name: 'dns-config' },
          { externalDNSControllers: controllers, ...ttlField(ttls) },
          [
            'The instances that DNSEndpoints name. Add txtPrefix, gatewayTxtPrefix and nameservers: no record says them.',
          ],
        ),
      ]
    : []),
]

const ttlField = (ttls: TTLs): object =>
  ttls.route === defaultTTL.route && ttls.gateway === defaultTTL.gateway ? {} : { ttl: ttls }
