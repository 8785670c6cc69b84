import type { ClusterIdentitySpec, ClusterIdentityStatus } from '../../api/cluster-identity.ts'
import type { Reconciliation } from '../engine.ts'
import type { Evaluation, Judged } from '../evaluate.ts'
import { type Fields, ready, type Stated } from './stated.ts'

export const brakeCondition = ({ verdict }: Reconciliation): readonly Stated[] =>
  verdict.reason === undefined
    ? []
    : [
        {
          type: 'BrakeTripped',
          status: 'True',
          reason: 'BrakeTripped',
          message: `${verdict.held.length} record changes are held back: ${verdict.reason}`,
        },
      ]

export const identityStatus = (
  identity: Judged<ClusterIdentitySpec>,
  { world }: Evaluation,
  held: readonly Stated[],
): Fields => {
  const spec = identity.resource.spec
  const before = (identity.resource.object.status as ClusterIdentityStatus | undefined)?.applied
  // What was last written stays remembered until the brake lets its records go.
  const settled = identity.trouble === undefined && spec !== undefined && held.length === 0
  const applied =
    settled && world.identity.state === 'one' && world.configuration.state === 'one'
      ? { region: spec.region, cluster: spec.cluster, domain: spec.domain }
      : before
  return {
    ...(applied === undefined ? {} : { applied }),
    conditions: [ready(identity), adoptedRegions(identity), ...held],
  }
}

const adoptedRegions = ({ resource, issues }: Judged<ClusterIdentitySpec>): Stated => {
  const missing = issues.find(issue => issue.code === 'AdoptedRegionNotFound')
  const type = 'AdoptedRegionsValid'
  if (missing !== undefined) return { type, status: 'False', reason: missing.code, message: missing.message }
  const adopted = resource.spec?.adoptsRegions ?? []
  return adopted.length === 0
    ? { type, status: 'True', reason: 'NoAdoptedRegions', message: 'no region is adopted' }
    : { type, status: 'True', reason: 'AllAdoptedRegionsValid', message: `adopted: ${adopted.join(', ')}` }
}
