import type { Files } from '../folder.ts'

/** What `validate` says of some files. By default: `validate -f .` in a folder that has only them, ended with 1. */
export interface BadRow {
  readonly what: string
  readonly files: Files
  readonly args?: readonly string[]
  readonly stdin?: string | Uint8Array
  readonly code?: 0 | 1
  /** All of them: `error InvalidSpec a.yaml:5:3`, in their order. */
  readonly findings: readonly string[]
  /** Texts that messages and hints have. */
  readonly says?: readonly string[]
}
