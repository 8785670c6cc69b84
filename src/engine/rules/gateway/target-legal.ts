import { dnsNameProblem, ownershipName, targetName } from '../../../api/names.ts'
import type { GatewayRule } from './index.ts'

const longestType = 'CNAME'

/** The target must be a DNS name, and so must the TXT record in which ExternalDNS keeps its owner. */
export const targetLegal: GatewayRule = ({ spec }, world) => {
  if (spec === undefined || world.identity.state !== 'one') return undefined
  const target = targetName(world.identity.spec, spec.targetPostfix)
  for (const name of [
    target,
    ...world.txtPrefixes.gateway.map(prefix => ownershipName(prefix, longestType, target)),
  ]) {
    const problem = dnsNameProblem(name)
    if (problem === undefined) continue
    const what = name === target ? `the target ${target}` : `the ownership record ${name} of the target`
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
