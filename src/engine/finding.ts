import type { KubeObject, ResourceRef } from '../api/object.ts'

export type Severity = 'error' | 'warning'

/** Keys and indexes from an object's root: `['spec', 'externalDNSControllers', 0, 'name']`. */
export type FieldPath = readonly (string | number)[]

/**
 * Expected trouble, as data. `code` is stable and public. `subject` and `path` say where it is, for whoever knows
 * the files; what is shown to people has a place instead (see LocatedFinding).
 */
export interface Finding {
  readonly code: string
  readonly severity: Severity
  /** What is wrong, with the values that make it so. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string
  readonly resource?: ResourceRef
  readonly subject?: KubeObject
  readonly path?: FieldPath
}

/** A finding as it leaves the program. `line` and `column` count from 1. */
export interface LocatedFinding {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly hint: string
  readonly resource?: ResourceRef
  readonly file?: string
  readonly line?: number
  readonly column?: number
}
