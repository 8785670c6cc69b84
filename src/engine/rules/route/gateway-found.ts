import { suggest } from '../../../lib/suggest.ts'
import type { RouteRule } from './index.ts'

export const gatewayFound: RouteRule = ({ gateway, gatewayKey, resource }, world) => {
  if (gateway?.spec !== undefined || resource.spec === undefined) return undefined
  const common = { code: 'GatewayNotFound', effect: 'pending', path: ['spec', 'gatewayName'] } as const
  if (gateway !== undefined)
    return {
      ...common,
      severity: 'none',
      message: `the Gateway ${gatewayKey} is invalid`,
      hint: 'mend the Gateway',
    }
  if (world.gateways.size === 0)
    return {
      ...common,
      severity: 'warning',
      message: `there is no Gateway at all, so ${gatewayKey} could not be checked`,
      hint: 'add the Gateways of the cluster, or ask the platform team',
      group: gatewayKey,
      incomplete: true,
    }
  const best = suggest(gatewayKey, world.gateways.keys())
  const sameName = [...world.gateways.keys()].find(key => key.endsWith(`/${resource.spec?.gatewayName}`))
  return {
    ...common,
    severity: 'error',
    message: `there is no Gateway ${gatewayKey}`,
    hint:
      sameName !== undefined
        ? `there is one at ${sameName}; set gatewayNamespace: ${sameName.slice(0, sameName.indexOf('/'))}`
        : best !== undefined
          ? `did you mean ${best}?`
          : 'set gatewayName and gatewayNamespace to an existing Gateway',
    incomplete: true,
  }
}
