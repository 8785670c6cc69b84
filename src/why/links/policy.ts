import type { JudgedRoute } from '../../engine/evaluate.ts'
import { policyActive } from '../../engine/rules/route/policy-active.ts'
import { policyFound } from '../../engine/rules/route/policy-found.ts'
import { brokenBy, type Known, type Link } from '../link.ts'

/** The policy of its namespace. That it is for another cluster is how a stand-by cluster should be. */
export const policyOf = (
  { facts, resource }: JudgedRoute,
  { evaluation: { world, policies } }: Known,
): Link => {
  const missing = policyFound(facts, world)
  if (missing !== undefined) {
    const counting = policies.find(policy => policy.resource.namespace === resource.namespace)
    const invalid = counting?.resource.spec === undefined ? counting?.resource.issues[0] : undefined
    return brokenBy(
      'policy',
      invalid === undefined
        ? missing
        : { ...missing, message: `${missing.message}: ${invalid.message}`, hint: invalid.hint },
    )
  }
  const inactive = policyActive(facts, world)
  if (inactive !== undefined)
    return {
      link: 'policy',
      state: 'note',
      reason: inactive.code,
      message: `${inactive.message}. So this cluster writes no record of it, which is how a stand-by cluster should be`,
    }
  const [policy] = world.policies.get(resource.namespace) ?? []
  return {
    link: 'policy',
    state: 'ok',
    message: `DNSPolicy ${policy?.name}${facts.policy.state === 'active' ? ' is for this cluster' : ''}, mode ${policy?.spec?.mode}`,
  }
}
