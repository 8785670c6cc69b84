import { matches } from '../../../api/selector.ts'
import type { RouteRule } from './index.ts'

const autoLabel = 'kubernetes.io/metadata.name'

export const gatewayAllows: RouteRule = ({ gateway, gatewayKey, resource }, world) => {
  const allowed = gateway?.spec?.allowedRoutes?.namespaces
  if (allowed === undefined || allowed.from === 'All') return undefined
  const refused = {
    code: 'NotAllowedByGateway',
    severity: 'error',
    effect: 'error',
    message: `the Gateway ${gatewayKey} does not allow routes from namespace ${resource.namespace}`,
    hint: 'use a Gateway that does, or ask its owner to extend allowedRoutes',
    path: ['spec', 'gatewayName'],
  } as const
  if (allowed.from === 'Same') return resource.namespace === gateway?.namespace ? undefined : refused
  const selector = allowed.selector ?? {}
  const namespace = world.namespaces.get(resource.namespace)
  const keys = [
    ...Object.keys(selector.matchLabels ?? {}),
    ...(selector.matchExpressions ?? []).map(e => e.key),
  ]
  if (namespace === undefined && keys.some(key => key !== autoLabel))
    return {
      ...refused,
      severity: 'warning',
      effect: 'pending',
      message: `the Gateway ${gatewayKey} selects namespaces by label, and the labels of ${resource.namespace} are unknown`,
      hint: 'add the Namespace object to the input',
      group: `${gatewayKey} ${resource.namespace}`,
      incomplete: true,
    }
  // The API server puts this label on every namespace (Kubernetes 1.21 and later).
  const labels = { ...namespace?.metadata.labels, [autoLabel]: resource.namespace }
  return matches(selector, labels) ? undefined : refused
}
