import { clusterNameOf } from '../api/claims.ts'
import type { Instances } from './instances.ts'

/** Whom an owner id or a TXT prefix tells apart from others. */
export type Whose = 'cluster' | 'zone' | 'unclear'

/**
 * Whom a name is about, of an instance in cluster aks01-weu; other clusters cannot be seen from here.
 *
 * | name         | for zone | other cluster | answer  |                                     |
 * | ------------ | -------- | ------------- | ------- | ----------------------------------- |
 * | aks01-weu    | any      |               | cluster |                                     |
 * | aks01        | any      | aks02-neu     | cluster |                                     |
 * | aks01        | any      | aks01-neu     | unclear | both are called so                  |
 * | x-weu        | neu      |               | cluster | the region is not that of the zone  |
 * | zone-neu     | neu      |               | zone    |                                     |
 * | zone-weu     | weu      |               | zone    |                                     |
 * | sr-          | any      |               | unclear |                                     |
 */
export const whose = (name: string, zone: string, { identity, world }: Instances): Whose => {
  if (identity === undefined) return 'unclear'
  const { cluster, region, standIns = [] } = identity
  const peers = [...standIns, ...world.failovers.map(({ name: peer }) => peer)]
  const isShared = peers.some(peer => peer.startsWith(`${cluster}-`) && peer !== clusterNameOf(identity))
  if (has(name, cluster) && (!isShared || has(name, region))) return 'cluster'
  if (has(name, region) && region !== zone) return 'cluster'
  return has(name, zone) ? 'zone' : 'unclear'
}

/** As a word of its own: `weu` is in `x-weu.y` and not in `weurope`. */
const has = (name: string, word: string): boolean => {
  const isPart = (character: string | undefined) => character !== undefined && /[a-z0-9]/i.test(character)
  for (let at = name.indexOf(word); at >= 0; at = name.indexOf(word, at + 1))
    if (!isPart(name[at - 1]) && !isPart(name[at + word.length])) return true
  return false
}
