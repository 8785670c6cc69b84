import type { RouteFacts } from '../../facts.ts'
import type { Rule } from '../../issue.ts'
import type { World } from '../../world.ts'
import { controllersFound } from './controllers-found.ts'
import { gatewayAllows } from './gateway-allows.ts'
import { gatewayFound } from './gateway-found.ts'
import { legalNames } from './legal-names.ts'
import { policyActive } from './policy-active.ts'
import { policyFound } from './policy-found.ts'
import { reservedName } from './reserved-name.ts'
import { configurationAvailable, identityAvailable } from './singleton-available.ts'
import { targetUsable } from './target-usable.ts'

export type RouteRule = Rule<RouteFacts, World>

/**
 * What must hold for a route to have records. All are asked; the first one that fails gives the status its reason.
 * The last question, whether another route holds the host, is host-unique.ts.
 */
export const routeRules: readonly RouteRule[] = [
  identityAvailable,
  configurationAvailable,
  legalNames,
  reservedName,
  gatewayFound,
  gatewayAllows,
  targetUsable,
  policyFound,
  policyActive,
  controllersFound,
]
