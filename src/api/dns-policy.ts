import * as v from 'valibot'
import { commonStatus, described, dnsLabelOrEmpty } from './fields.ts'
import { mapping } from './mapping.ts'

export const dnsPolicySpec = mapping({
  mode: v.optional(
    described(
      v.picklist(['Active', 'RegionBound']),
      "Active: every cluster writes its own region's zone. RegionBound: the source cluster writes every zone.",
    ),
    'Active',
  ),
  sourceRegion: v.optional(dnsLabelOrEmpty('Only a cluster of this region writes the records.')),
  sourceCluster: v.optional(dnsLabelOrEmpty('Only the cluster of this name writes the records.')),
})

export const dnsPolicyStatus = v.looseObject({
  ...commonStatus,
  active: v.optional(described(v.boolean(), 'Whether this cluster writes the records of this namespace.')),
  activeControllers: v.optional(described(v.array(v.string()), 'The ExternalDNS instances that write them.')),
})

export type DNSPolicySpec = v.InferOutput<typeof dnsPolicySpec>
