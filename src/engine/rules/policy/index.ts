import type { DNSPolicySpec } from '../../../api/dns-policy.ts'
import type { Rule } from '../../issue.ts'
import type { Resource } from '../../resource.ts'
import type { World } from '../../world.ts'
import { onePerNamespace } from './one-per-namespace.ts'
import { regionBoundSource } from './region-bound-source.ts'

export type PolicyRule = Rule<Resource<DNSPolicySpec>, World>

export const policyRules: readonly PolicyRule[] = [onePerNamespace, regionBoundSource]
