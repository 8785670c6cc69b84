import type { RecordChange } from '../../../engine/change.ts'
import type { Palette } from '../style.ts'

/**
 * What is to happen to a record. A held one has a sign of its own: nothing happens to it, and nobody should read
 * past that.
 */
export type Verb = 'add' | 'change' | 'delete' | 'held'

export const verbOf = (record: RecordChange): Verb =>
  record.held ? 'held' : record.action === 'unchanged' ? 'change' : record.action

export const signs: Readonly<Record<Verb, string>> = { add: '+', change: '~', delete: '-', held: '!' }

export const paintOf = (palette: Palette, verb: Verb): ((text: string) => string) =>
  palette[verb === 'delete' ? 'remove' : verb]

/**
 * | before | after | answer      |
 * | ------ | ----- | ----------- |
 * | (none) | 300   | 300         |
 * | 60     | 300   | 60 → 300    |
 * | 300    | none  | 300 → unset |
 * | none   | none  | (nothing)   |
 */
export const ttlChange = ({ action, before, ttl }: RecordChange): string => {
  const old = action === 'change' && before !== null ? before.ttl : ttl
  if (old !== ttl) return `${old ?? 'unset'} → ${ttl ?? 'unset'}`
  return ttl === null ? '' : String(ttl)
}

/** The targets before a change, where it changes them. */
export const oldTargets = ({ action, before, targets }: RecordChange): readonly string[] | undefined =>
  action !== 'change' || before === null || sameList(before.targets, targets) ? undefined : before.targets

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index])

/** Why, for the changes that somebody may be surprised by; of the others the source says enough. */
export const reasonOf = (record: RecordChange): string | undefined => {
  const reason = record.reason === '' ? 'no reason is known' : record.reason
  if (record.held) return `held back, not ${record.action === 'delete' ? 'deleted' : 'changed'}: ${reason}`
  return record.action === 'delete' ? reason : undefined
}
