import type { GatewaySpec } from '../../../api/gateway.ts'
import type { Rule } from '../../issue.ts'
import type { Resource } from '../../resource.ts'
import type { World } from '../../world.ts'
import { identityOwn } from './identity-own.ts'
import { addressKnown, oneLoadBalancer } from './load-balancer.ts'
import { targetLegal } from './target-legal.ts'
import { targetReserved } from './target-reserved.ts'
import { targetUnique } from './target-unique.ts'

export type GatewayRule = Rule<Resource<GatewaySpec>, World>

export const gatewayRules: readonly GatewayRule[] = [
  targetLegal,
  targetReserved,
  targetUnique,
  oneLoadBalancer,
  addressKnown,
  identityOwn,
]
