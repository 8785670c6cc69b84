import type { RouteRule } from './index.ts'

export const policyFound: RouteRule = ({ policy, resource }, world) => {
  if (policy.state === 'invalid')
    return {
      code: 'DNSPolicyNotFound',
      severity: 'none',
      effect: 'pending',
      message: `the DNSPolicy of namespace ${resource.namespace} is invalid`,
      hint: 'mend the DNSPolicy',
    }
  if (policy.state !== 'none') return undefined
  const known = world.policies.size > 0
  return {
    code: 'DNSPolicyNotFound',
    severity: known ? 'error' : 'warning',
    effect: 'pending',
    message: `namespace ${resource.namespace} has no DNSPolicy, so its routes get no records`,
    hint: `add a DNSPolicy to namespace ${resource.namespace}`,
    ...(known ? {} : { group: resource.namespace }),
    incomplete: true,
  }
}
