import { claimName, claimTarget, clusterNameOf, maxEpoch } from '../../../api/claims.ts'
import { dnsNameProblem, ownershipName, targetName } from '../../../api/names.ts'
import type { FailoverRule } from './index.ts'

/** The claim, the stand-in names, and the TXT records in which ExternalDNS keeps their owner must be DNS names. */
export const failoverNamesLegal: FailoverRule = ({ spec }, world) => {
  if (spec === undefined || world.identity.state !== 'one') return undefined
  const { domain } = world.identity.spec
  const peer = clusterNameOf(spec)
  const claim = claimName(peer, domain)
  const standIns = [...world.postfixHolders.keys()].map(postfix => targetName({ ...spec, domain }, postfix))
  const target = claimTarget(
    { state: 'released', epoch: maxEpoch, holder: clusterNameOf(world.identity.spec) },
    domain,
  )
  const ownership = [claim, ...standIns].flatMap(name =>
    world.txtPrefixes.gateway.map(prefix => ownershipName(prefix, 'CNAME', name)),
  )
  for (const name of [claim, target, ...standIns, ...ownership]) {
    const problem = dnsNameProblem(name)
    if (problem === undefined) continue
    return {
      code: 'InvalidSpec',
      severity: 'error',
      effect: 'error',
      message: `${name}, which this RegionFailover needs, is no legal DNS name: ${problem}`,
      hint: 'shorten the gatewayTxtPrefix, the targetPostfix or the names of the clusters',
      path: ['spec', 'cluster'],
    }
  }
  return undefined
}
