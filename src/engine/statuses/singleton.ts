import type { ClusterIdentitySpec, ClusterIdentityStatus } from '../../api/cluster-identity.ts'
import type { Decoded } from '../decode.ts'
import type { Judgement } from '../engine.ts'
import type { Judged } from '../evaluate.ts'
import { orphaned, orphanedCondition } from './orphaned.ts'
import { type Fields, ready, type Stated } from './stated.ts'
import { yieldedCondition, yieldedTo } from './yielded.ts'

export const brakeCondition = ({ verdict }: Judgement): readonly Stated[] =>
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
  judgement: Judgement,
  held: readonly Stated[],
): Fields => {
  const {
    evaluation: { world },
    remembered,
  } = judgement
  const spec = identity.resource.spec
  const yielded = yieldedTo(identity, world)
  const orphans = orphaned(identity, judgement)
  const before = (identity.resource.object.status as ClusterIdentityStatus | undefined)?.applied
  // What was last written stays remembered until the brake lets its records go.
  const settled = identity.trouble === undefined && spec !== undefined && held.length === 0
  const isKnown = world.identity.state === 'one' && world.configuration.state === 'one'
  const applied = settled && isKnown ? appliedOf(spec) : (before ?? appliedOf(remembered))
  return {
    ...(applied === undefined ? {} : { applied }),
    ...(yielded === undefined ? {} : { yielded }),
    ...(orphans.length === 0 ? {} : { orphaned: orphans }),
    conditions: [
      ready(identity),
      adoptedRegions(identity),
      ...yieldedCondition(world.home),
      ...orphanedCondition(orphans),
      ...held,
    ],
  }
}

const appliedOf = (spec: ClusterIdentitySpec | undefined) =>
  spec === undefined
    ? undefined
    : {
        region: spec.region,
        cluster: spec.cluster,
        domain: spec.domain,
        environmentLetter: spec.environmentLetter,
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

/** Whether the last pass held something back, as the statuses of the platform's singletons tell. */
export const wasTripped = ({ identities, configurations }: Decoded): boolean =>
  [...identities, ...configurations].some(({ object }) => {
    const conditions = (object.status as { readonly conditions?: unknown } | undefined)?.conditions
    return (
      Array.isArray(conditions) &&
      conditions.some(condition => condition?.type === 'BrakeTripped' && condition.status === 'True')
    )
  })
