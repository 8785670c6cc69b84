/**
 * A rule across fields, as the API server checks it, in CEL. Each has a twin in the schema of its kind (`v.check`),
 * so that `validate` says offline what the API server would say; test/api/rejected.ts holds the two together.
 */
export interface CelRule {
  /** The schema that it stands at, below `spec`; `*` stands for the items of a list. */
  readonly path: readonly string[]
  readonly rule: string
  /** A whole sentence. */
  readonly message: string
}
