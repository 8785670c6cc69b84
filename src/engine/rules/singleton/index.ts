import type { ClusterIdentitySpec } from '../../../api/cluster-identity.ts'
import type { DNSConfigurationSpec } from '../../../api/dns-configuration.ts'
import type { Rule } from '../../issue.ts'
import type { Resource } from '../../resource.ts'
import type { World } from '../../world.ts'
import { adoptedRegions } from './adopted-regions.ts'
import { claimRead, yielded } from './claim-read.ts'
import { oneConfiguration, oneIdentity } from './only-one.ts'

export type IdentityRule = Rule<Resource<ClusterIdentitySpec>, World>
export type ConfigurationRule = Rule<Resource<DNSConfigurationSpec>, World>

export const identityRules: readonly IdentityRule[] = [oneIdentity, adoptedRegions, claimRead, yielded]
export const configurationRules: readonly ConfigurationRule[] = [oneConfiguration]
