import * as v from 'valibot'
import { commonStatus, described, dnsLabel, domainName } from './fields.ts'

export const clusterIdentitySpec = v.strictObject({
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
      v.pipe(v.array(dnsLabel('A cluster as {cluster}-{region}.')), v.maxLength(64)),
      'Clusters, as {cluster}-{region}, that may stand in for this one when it fails.',
    ),
  ),
})

export const clusterIdentityStatus = v.looseObject({
  ...commonStatus,
  applied: v.optional(
    described(
      v.looseObject({
        region: v.optional(v.string()),
        cluster: v.optional(v.string()),
        domain: v.optional(v.string()),
      }),
      'The identity under which records were last written; the brake compares with it.',
    ),
  ),
})

export type ClusterIdentitySpec = v.InferOutput<typeof clusterIdentitySpec>
export type ClusterIdentityStatus = v.InferOutput<typeof clusterIdentityStatus>
