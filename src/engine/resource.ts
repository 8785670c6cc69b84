import type { KubeObject } from '../api/object.ts'
import { byText } from '../lib/compare.ts'
import type { Issue } from './issue.ts'

/** One of our resources after decoding. `spec` is undefined where it broke its schema. */
export interface Resource<Spec> {
  readonly object: KubeObject
  readonly namespace: string
  readonly name: string
  /** `namespace/name`. */
  readonly key: string
  readonly spec: Spec | undefined
  /** What decoding found. */
  readonly issues: readonly Issue[]
}

/** An object that the API server has not seen yet is the newest: '~' sorts after every digit. */
const age = (object: KubeObject): string => object.metadata.creationTimestamp ?? '~'

interface Aged {
  readonly object: KubeObject
  readonly key: string
}

/** The older first, then by namespace/name. */
export const byAge = (a: Aged, b: Aged): number =>
  byText(age(a.object), age(b.object)) || byText(a.key, b.key)
