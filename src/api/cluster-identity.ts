import * as v from 'valibot'
import type { CelRule } from './cel.ts'
import { clusterName, commonStatus, described, dnsLabel, domainName } from './fields.ts'
import { mapping } from './mapping.ts'

const targetLength = {
  path: [],
  rule: 'size(self.cluster) + size(self.region) <= 60',
  message:
    'cluster and region together may have 60 characters, because the label {cluster}-{region}-{postfix} may have 63',
} as const satisfies CelRule

const claimLength = {
  path: [],
  rule: '!has(self.standIns) || size(self.standIns) == 0 || size(self.cluster) + size(self.region) <= 48',
  message:
    'with standIns, cluster and region together may have 48 characters, because the label ' +
    'srouter-claim-{cluster}-{region} may have 63',
} as const satisfies CelRule

const standInForItself = {
  path: [],
  rule: "!has(self.standIns) || !((self.cluster + '-' + self.region) in self.standIns)",
  message: 'a cluster cannot stand in for itself: take it out of standIns',
} as const satisfies CelRule

export const clusterIdentityRules: readonly CelRule[] = [targetLength, claimLength, standInForItself]

const clusterIdentityFields = mapping({
  region: dnsLabel('The region of this cluster, for example weu. Part of every target name.'),
  cluster: dnsLabel(
    'The name of this cluster within its region, for example aks01. Part of every target name.',
  ),
  domain: domainName('The DNS zone, the same name in every region, for example aks.example.com.'),
  environmentLetter: v.pipe(
    v.string(),
    v.regex(/^[a-z]$/, 'must be one letter from a to z'),
    v.description('One letter for the environment, for example p for production. Part of every host name.'),
  ),
  adoptsRegions: v.optional(
    described(
      v.pipe(v.array(dnsLabel('A region.')), v.maxLength(64)),
      'Regions without a cluster of their own, whose zones this cluster also serves in Active mode.',
    ),
  ),
  standIns: v.optional(
    described(
      v.pipe(v.array(clusterName('A cluster as {cluster}-{region}.')), v.maxLength(64)),
      'Clusters, as {cluster}-{region}, that may stand in for this one when it fails.',
    ),
  ),
})

export const clusterIdentitySpec = v.pipe(
  clusterIdentityFields,
  v.check(({ cluster, region }) => cluster.length + region.length <= 60, targetLength.message),
  v.check(
    ({ cluster, region, standIns = [] }) => standIns.length === 0 || cluster.length + region.length <= 48,
    claimLength.message,
  ),
  v.check(
    ({ cluster, region, standIns = [] }) => !standIns.includes(`${cluster}-${region}`),
    standInForItself.message,
  ),
)

export const orphanedRecord = v.looseObject({
  zone: v.string(),
  name: v.string(),
  type: v.string(),
  targets: v.array(v.string()),
})

export const clusterIdentityStatus = v.looseObject({
  ...commonStatus,
  applied: v.optional(
    described(
      v.looseObject({
        region: v.optional(v.string()),
        cluster: v.optional(v.string()),
        domain: v.optional(v.string()),
        environmentLetter: v.optional(v.string()),
      }),
      'The identity under which records were last written; the brake compares with it.',
    ),
  ),
  yielded: v.optional(
    described(
      v.looseObject({
        holder: v.optional(v.string()),
        epoch: v.optional(v.pipe(v.number(), v.integer())),
      }),
      'The cluster that stands in for this one, and the epoch of its claim; only a release ends it.',
    ),
  ),
  orphaned: v.optional(
    described(
      v.array(orphanedRecord),
      'Address records that nothing asks for any more, and that upsert-only leaves in their zone.',
    ),
  ),
})

export type ClusterIdentitySpec = v.InferOutput<typeof clusterIdentitySpec>
export type ClusterIdentityStatus = v.InferOutput<typeof clusterIdentityStatus>
