import { failoverFinalizer, label } from '../../api/labels.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ObjectChange } from '../change.ts'
import type { Evaluation } from '../evaluate.ts'
import { failoverObjects } from './claims.ts'

/** Whether a RegionFailover should have our finalizer from now on. */
export interface FinalizerChange {
  readonly subject: KubeObject
  /** `add` comes before what it protects is written. */
  readonly action: 'add' | 'remove'
}

/**
 * A RegionFailover that claims cannot go before its claim is released: the claim's record would stay, with nobody left to
 * end it.
 */
export const finalizerChanges = ({ failovers, standIns, world }: Evaluation): readonly FinalizerChange[] => {
  // Without an identity it is not known what a RegionFailover has claimed.
  if (world.identity.state !== 'one') return []
  return failovers.flatMap(({ resource: { object } }): readonly FinalizerChange[] => {
    const { name, finalizers = [], deletionTimestamp } = object.metadata
    const standIn = standIns.find(({ resource }) => resource.object === object)
    const isNeeded = standIn?.claim !== undefined || failoverObjects(world.current, name).length > 0
    const isThere = finalizers.includes(failoverFinalizer)
    if (isNeeded && !isThere && deletionTimestamp === undefined) return [{ subject: object, action: 'add' }]
    if (!isNeeded && isThere) return [{ subject: object, action: 'remove' }]
    return []
  })
}

/** What could be left behind where the finalizer could not be written: it waits for that. */
export const needsFinalizer = ({ action, after }: ObjectChange): boolean =>
  action === 'create' && after?.metadata.labels?.[label.regionFailover] !== undefined
