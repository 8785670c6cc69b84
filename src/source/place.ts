import type { KubeObject } from '../api/object.ts'
import type { FieldPath } from '../engine/finding.ts'

/** Counted from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Where objects that were read from files stand. */
export interface Places {
  /** The first line of the object; cheap. */
  start(object: KubeObject): Place | undefined
  /** The field, or the nearest one above it that exists; may parse the document again. */
  field(object: KubeObject, path: FieldPath): Place | undefined
}
