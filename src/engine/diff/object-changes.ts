import { type KubeObject, refOf } from '../../api/object.ts'
import type { ObjectChange } from '../change.ts'
import { differences, owned } from './owned.ts'

/** An object that should be there after the plan; `kept` says why where nothing asks for it. */
export interface Target {
  readonly object: KubeObject
  readonly kept?: string
}

/** What to write so that the objects before become those after. */
export const objectChanges = (
  before: ReadonlyMap<string, KubeObject>,
  after: ReadonlyMap<string, Target>,
  whyRemoved: (key: string) => string,
): readonly ObjectChange[] => {
  const changes: ObjectChange[] = []
  for (const [key, { object, kept }] of after) {
    const existing = before.get(key)
    changes.push(existing === undefined ? create(object) : compare(existing, object, kept))
  }
  for (const [key, object] of before)
    if (!after.has(key))
      changes.push({
        action: 'delete',
        ref: refOf(object),
        before: owned(object, object),
        reason: whyRemoved(key),
      })
  return changes
}

const create = (object: KubeObject): ObjectChange => ({
  action: 'create',
  ref: refOf(object),
  after: object,
  reason: 'new',
})

const compare = (existing: KubeObject, wanted: KubeObject, kept: string | undefined): ObjectChange => {
  const ref = refOf(wanted)
  const parts = existing === wanted ? [] : differences(existing, wanted)
  if (parts.length === 0) {
    const same = owned(wanted, wanted)
    return { action: 'unchanged', ref, before: same, after: same, reason: kept ?? '' }
  }
  return {
    action: 'update',
    ref,
    before: owned(existing, wanted),
    after: wanted,
    reason: kept ?? `${parts.join(', ')} differ`,
  }
}
