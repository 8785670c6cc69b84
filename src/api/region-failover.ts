import * as v from 'valibot'
import type { CelRule } from './cel.ts'
import { commonStatus, described, dnsLabel } from './fields.ts'
import { mapping } from './mapping.ts'

const claimLength = {
  path: [],
  rule: 'size(self.cluster) + size(self.region) <= 48',
  message:
    'cluster and region together may have 48 characters, because the label srouter-claim-{cluster}-{region} ' +
    'may have 63',
} as const satisfies CelRule

export const regionFailoverRules: readonly CelRule[] = [claimLength]

export const regionFailoverSpec = v.pipe(
  mapping({
    region: dnsLabel('The region of the cluster to stand in for, for example weu.'),
    cluster: dnsLabel('The name of that cluster within its region, for example aks01.'),
    engage: v.optional(
      described(
        v.boolean(),
        'True: stand in for it. Leave it out in Git: "srouter failover" sets it with a field manager of its own.',
      ),
    ),
    reason: v.optional(
      described(v.pipe(v.string(), v.maxLength(1024)), 'Who and why; kept in status.history.'),
    ),
    mode: v.optional(
      described(v.picklist(['Manual']), 'Manual: it is engaged and released by people alone.'),
      'Manual',
    ),
  }),
  v.check(({ cluster, region }) => cluster.length + region.length <= 48, claimLength.message),
)

const count = v.pipe(v.number(), v.integer())
const time = v.pipe(v.string(), v.metadata({ format: 'date-time' }))

export const failoverZoneStatus = v.looseObject({
  region: v.string(),
  claim: v.optional(
    described(v.string(), 'What the zone says of the claim: Ours, Other, Absent, NoAnswer or NotRead.'),
  ),
  redirected: v.optional(
    described(v.boolean(), 'Whether the zone has once answered with the addresses of this cluster.'),
  ),
  contendedAt: v.optional(
    described(time, 'When the zone last answered otherwise, after it had been redirected.'),
  ),
})

export const failoverHistoryEntry = v.looseObject({
  time,
  event: described(v.string(), 'Claiming, Engaged, Released or Withdrawn.'),
  epoch: v.optional(count),
  reason: v.optional(v.string()),
})

export const regionFailoverStatus = v.looseObject({
  ...commonStatus,
  state: v.optional(
    described(
      v.string(),
      'Standby, Claiming, Engaged, Releasing, Blocked (it cannot engage) or Withdrawn (it gave way).',
    ),
  ),
  epoch: v.optional(described(count, 'The greatest epoch that this cluster has claimed with.')),
  zones: v.optional(described(v.array(failoverZoneStatus), 'What each zone answers.')),
  postfixes: v.optional(described(v.array(v.string()), 'The gateways that are stood in for.')),
  missingPostfixes: v.optional(
    described(
      v.array(v.string()),
      'Gateways of this cluster that the other one has no record of; they are left out.',
    ),
  ),
  history: v.optional(described(v.array(failoverHistoryEntry), 'The last 20 changes, the newest first.')),
})

export type RegionFailoverSpec = v.InferOutput<typeof regionFailoverSpec>
export type RegionFailoverStatus = v.InferOutput<typeof regionFailoverStatus>
