import { type KubeObject, refOf } from '../../api/object.ts'
import { keysOfEither } from '../../lib/compare.ts'
import type { ObjectChange } from '../change.ts'
import { differences, owned } from './owned.ts'

/** An object that should be there after the plan; `kept` says why where nothing asks for it. */
export interface Target {
  readonly object: KubeObject
  readonly kept?: string
}

/** What to write so that the objects before become those after, sorted by `namespace/name`. */
export const objectChanges = (
  before: ReadonlyMap<string, KubeObject>,
  after: ReadonlyMap<string, Target>,
  whyRemoved: (key: string) => string,
): readonly ObjectChange[] => {
  const changes: ObjectChange[] = []
  for (const key of keysOfEither(after, before)) {
    const existing = before.get(key)
    const target = after.get(key)
    if (target === undefined) {
      if (existing !== undefined) changes.push(remove(existing, whyRemoved(key)))
    } else
      changes.push(
        existing === undefined ? create(target.object) : compare(existing, target.object, target.kept),
      )
  }
  return changes
}

const create = (object: KubeObject): ObjectChange => ({
  action: 'create',
  ref: refOf(object),
  after: object,
  reason: 'new',
})

const remove = (object: KubeObject, reason: string): ObjectChange => ({
  action: 'delete',
  ref: refOf(object),
  before: owned(object, object),
  reason,
})

const compare = (existing: KubeObject, wanted: KubeObject, kept: string | undefined): ObjectChange => {
  const ref = refOf(wanted)
  const parts = existing === wanted ? [] : differences(existing, wanted)
  if (parts.length === 0) {
    // What was derived is all ours; what is kept is the object as it is, with everybody's fields.
    const same = kept === undefined ? wanted : owned(wanted, wanted)
    return { action: 'unchanged', ref, before: same, after: same, reason: kept ?? '' }
  }
  return {
    action: 'update',
    ref,
    before: owned(existing, wanted),
    after: wanted,
    reason: kept ?? `differs in ${parts.join(', ')}`,
  }
}
