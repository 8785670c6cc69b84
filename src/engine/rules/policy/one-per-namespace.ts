import type { PolicyRule } from './index.ts'

export const onePerNamespace: PolicyRule = (policy, world) => {
  const counting = world.policies.get(policy.namespace)?.[0]
  if (counting === undefined || counting.key === policy.key) return undefined
  return {
    code: 'DuplicatePolicy',
    severity: 'error',
    effect: 'error',
    message: `namespace ${policy.namespace} has the older DNSPolicy ${counting.name}, which counts`,
    hint: 'remove one of the two',
    path: ['metadata', 'name'],
  }
}
