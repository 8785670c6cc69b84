import type { RegionFailoverSpec } from '../../../api/region-failover.ts'
import type { Rule } from '../../issue.ts'
import type { Resource } from '../../resource.ts'
import type { World } from '../../world.ts'
import { failoverNamesLegal } from './names-legal.ts'
import { namedAfterPeer, notItself } from './peer.ts'
import { regionKnown } from './region-known.ts'

export type FailoverRule = Rule<Resource<RegionFailoverSpec>, World>

export const failoverRules: readonly FailoverRule[] = [
  namedAfterPeer,
  notItself,
  failoverNamesLegal,
  regionKnown,
]
