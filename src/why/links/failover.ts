import type { RegionFailoverSpec } from '../../api/region-failover.ts'
import type { Judged } from '../../engine/evaluate.ts'
import { brokenBy, type Known, type Link } from '../link.ts'

/** A RegionFailover, for a name of the cluster that it is about. */
export const failoverItself = (
  { resource, trouble }: Judged<RegionFailoverSpec>,
  { evaluation: { standIns } }: Known,
): Link => {
  if (trouble !== undefined) return brokenBy('failover', trouble)
  const standIn = standIns.find(({ peer }) => peer === resource.name)
  const link = { link: 'failover', state: 'note' } as const
  if (standIn === undefined || standIn.state === 'Standby')
    return {
      ...link,
      reason: 'NotEngaged',
      message: `the name is that of cluster ${resource.name}, which publishes it; this cluster may stand in for it, and does not`,
      hint: `ask there: --context of ${resource.name}`,
    }
  const reason = standIn.state === 'Engaged' ? 'StandingIn' : standIn.state
  return { ...link, reason, message: `the name is that of cluster ${resource.name}: ${standIn.why}` }
}
