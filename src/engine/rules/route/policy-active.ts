import type { RouteRule } from './index.ts'

/** Not trouble: on a stand-by cluster this is how it should be. */
export const policyActive: RouteRule = ({ policy }) =>
  policy.state === 'inactive'
    ? {
        code: 'DNSPolicyInactive',
        severity: 'none',
        effect: 'inactive',
        message: `the DNSPolicy ${policy.policy.name} is for another cluster: ${policy.mismatch}`,
        hint: '',
      }
    : undefined
