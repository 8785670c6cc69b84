import type { ClusterIdentityStatus } from '../../api/cluster-identity.ts'
import type { Judged } from '../evaluate.ts'
import type { Home } from '../failover/home.ts'
import { identityMemory } from '../failover/memory.ts'
import type { World } from '../world.ts'
import type { Stated } from './stated.ts'

/** On the ClusterIdentity and on every Gateway, as long as another cluster stands in for this one. */
export const yieldedCondition = (home: Home): readonly Stated[] =>
  home.state !== 'yielded'
    ? []
    : [
        {
          type: 'Yielded',
          status: 'True',
          reason: 'Yielded',
          message: `${home.holder} stands in for this cluster, with epoch ${home.epoch}`,
        },
      ]

/** What to remember of it: only a release ends it, and that may be read by another replica, or after a restart. */
export const yieldedTo = (
  { resource }: Judged<unknown>,
  { home, identity }: World,
): ClusterIdentityStatus['yielded'] => {
  if (identity.state !== 'one') return identityMemory(resource.object).yielded
  return home.state === 'yielded' ? { holder: home.holder, epoch: home.epoch } : undefined
}
