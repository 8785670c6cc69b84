import type { FieldPath } from '../../engine/finding.ts'
import type { SourceFile } from './source-file.ts'

/** A stretch of a file that can be parsed by itself: a document, or an item of a List. */
export interface Slice {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

/** Where an object is: in a slice, at a path. There is one per object, so it is small. */
export interface Origin extends Slice {
  readonly path: FieldPath
}

/** The paths of objects that have a slice to themselves: a document, and an item of a block sequence with its dash. */
export const whole: FieldPath = []
export const onlyItem: FieldPath = [0]
