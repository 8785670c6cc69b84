import type { GatewaySpec } from '../../api/gateway.ts'
import { shortName } from '../../api/object.ts'
import { addressesOf } from '../../engine/addresses.ts'
import type { Judged, JudgedRoute } from '../../engine/evaluate.ts'
import { addressText } from '../../engine/failover/answers.ts'
import { gatewayAllows } from '../../engine/rules/route/gateway-allows.ts'
import { gatewayFound } from '../../engine/rules/route/gateway-found.ts'
import { targetUsable } from '../../engine/rules/route/target-usable.ts'
import { yielded } from '../../engine/rules/singleton/claim-read.ts'
import { brokenBy, type Known, type Link } from '../link.ts'

/** The Gateway that a route names. */
export const gatewayOf = ({ facts }: JudgedRoute, known: Known): Link => {
  const { world } = known.evaluation
  const gateway = gatewayNamed(facts.gatewayKey, known)
  const refused = gatewayFound(facts, world) ?? gatewayAllows(facts, world)
  // Of a Gateway in error its own words say more.
  if (gateway?.trouble !== undefined) return brokenBy('gateway', gateway.trouble)
  const issue = refused ?? targetUsable(facts, world)
  return issue === undefined
    ? {
        link: 'gateway',
        state: 'ok',
        message: `Gateway ${facts.gatewayKey} serves it${facts.target === undefined ? '' : ` as ${facts.target}`}`,
      }
    : brokenBy('gateway', issue)
}

export const gatewayItself = ({ resource, trouble }: Judged<GatewaySpec>): Link =>
  trouble === undefined
    ? {
        link: 'gateway',
        state: 'ok',
        message: `Gateway ${resource.key}, targetPostfix ${resource.spec?.targetPostfix}`,
      }
    : brokenBy('gateway', trouble)

export const routeAddress = ({ facts }: JudgedRoute, known: Known): Link | undefined => {
  const gateway = gatewayNamed(facts.gatewayKey, known)
  return gateway === undefined ? undefined : addressOf(gateway, known)
}

const gatewayNamed = (key: string, { evaluation }: Known): Judged<GatewaySpec> | undefined =>
  evaluation.gateways.find(({ resource }) => resource.key === key)

/** Issues of a Gateway for which it gets no address record. */
const withoutAddress = new Set(['LoadBalancerIPPending', 'IdentityConflict'])

/** Its addresses; those of another cluster where that stands in for this one. */
export const addressOf = ({ resource, issues }: Judged<GatewaySpec>, { evaluation }: Known): Link => {
  const { world, identities } = evaluation
  const [identity] = identities
  const standsIn = identity === undefined ? undefined : yielded(identity.resource, world)
  if (standsIn !== undefined)
    return {
      link: 'address',
      state: 'note',
      reason: standsIn.code,
      message: `${standsIn.message}: the name has the addresses of that cluster`,
    }
  const issue = issues.find(({ code }) => withoutAddress.has(code))
  if (issue !== undefined) return brokenBy('address', issue)
  const addresses = resource.spec === undefined ? undefined : addressesOf(resource.spec, world)
  if (addresses?.state !== 'known')
    return { link: 'address', state: 'broken', reason: 'LoadBalancerIPPending', message: 'it has no address' }
  const from =
    addresses.service === undefined
      ? 'as its spec has it'
      : `of load balancer ${shortName(addresses.service.metadata)}`
  const text = `its address is ${addressText(addresses.sets)}, ${from}`
  const unsure = identity?.issues.find(({ code }) => code === 'ClaimUnknown')
  return unsure === undefined
    ? { link: 'address', state: 'ok', message: text }
    : {
        link: 'address',
        state: 'note',
        reason: unsure.code,
        message: `${text}; ${unsure.message}`,
        hint: unsure.hint,
      }
}
