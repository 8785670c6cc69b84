import { clusterNameOf, ownName } from '../../../api/claims.ts'
import { dnsNameProblem, ownershipName, targetName } from '../../../api/names.ts'
import type { GatewayRule } from './index.ts'

const longestType = 'CNAME'

/** The target must be a DNS name, and so must the TXT record in which ExternalDNS keeps its owner. */
export const targetLegal: GatewayRule = ({ spec }, world) => {
  if (spec === undefined || world.identity.state !== 'one') return undefined
  const target = targetName(world.identity.spec, spec.targetPostfix)
  const names = world.takesPart
    ? [target, ownName(clusterNameOf(world.identity.spec), spec.targetPostfix, world.identity.spec.domain)]
    : [target]
  for (const name of [
    ...names,
    ...names.flatMap(each =>
      world.txtPrefixes.gateway.map(prefix => ownershipName(prefix, longestType, each)),
    ),
  ]) {
    const problem = dnsNameProblem(name)
    if (problem === undefined) continue
    const what = names.includes(name) ? `the target ${name}` : `the ownership record ${name} of the target`
    return {
      code: 'InvalidSpec',
      severity: 'error',
      effect: 'error',
      message: `${what} is no legal DNS name: ${problem}`,
      hint: 'shorten targetPostfix',
      path: ['spec', 'targetPostfix'],
    }
  }
  return undefined
}
