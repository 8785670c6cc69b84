import type { RouteRule } from './index.ts'

export const controllersFound: RouteRule = ({ policy, resource }, world) => {
  if (policy.state !== 'active' || policy.controllers.length > 0 || world.identity.state !== 'one')
    return undefined
  return {
    code: 'NoActiveControllers',
    severity: 'error',
    effect: 'error',
    message: `no ExternalDNS controller serves region ${world.identity.spec.region}, so namespace ${resource.namespace} has no zone`,
    hint: 'add a controller for the region to the DNSConfiguration, or use mode RegionBound',
    group: resource.namespace,
  }
}
