import * as v from 'valibot'
import { foreignMeta, legalName, legalNamespace, type MetadataSchema, ourMeta } from './metadata-schema.ts'
import { explainIssue, type MetadataTrouble, unknownField } from './metadata-trouble.ts'
import { isMap } from './shape.ts'

export interface CheckedMetadata {
  /** Undefined where the object cannot be used. */
  readonly metadata: UsableMetadata | undefined
  readonly troubles: readonly MetadataTrouble[]
}

export interface UsableMetadata {
  readonly name: string
  namespace?: string
}

const none: readonly MetadataTrouble[] = []

export const checkMetadata = (raw: unknown, router: boolean): CheckedMetadata => {
  if (!isMap(raw)) {
    const message = raw === undefined || raw === null ? 'there is no metadata' : 'metadata must be a map'
    const path = raw === undefined ? [] : ['metadata']
    return unusable([{ code: 'InvalidMetadata', path, message, hint: 'Add metadata with a name.' }])
  }
  if (isPlain(raw)) return { metadata: raw, troubles: none }
  const metadata = pruned(raw)
  const schema = router ? ourMeta : foreignMeta
  if (isValid(schema, metadata)) return { metadata, troubles: none }
  return explain(metadata, schema)
}

/**
 * Whether there is only a name and a namespace, both legal. Most objects are like that, and the schema, which says
 * the same, would take a tenth of the time of reading a file.
 */
const isPlain = (metadata: Record<string, unknown>): metadata is Record<string, unknown> & UsableMetadata => {
  for (const key in metadata) if (key !== 'name' && key !== 'namespace') return false
  const { name, namespace = '' } = metadata
  return (
    typeof name === 'string' &&
    name.length <= 253 &&
    legalName.test(name) &&
    typeof namespace === 'string' &&
    namespace.length <= 63 &&
    legalNamespace.test(namespace)
  )
}

const isValid = (schema: MetadataSchema, value: unknown): value is UsableMetadata => v.is(schema, value)

/** Without nulls, which mean "not set" (`creationTimestamp: null`), and without managedFields, which is large. */
const pruned = (raw: Record<string, unknown>): Record<string, unknown> => {
  let complete = true
  for (const key in raw) if (raw[key] === null || key === 'managedFields') complete = false
  if (complete) return raw
  return Object.fromEntries(
    Object.entries(raw).filter(([key, value]) => value !== null && key !== 'managedFields'),
  )
}

const explain = (metadata: Record<string, unknown>, schema: MetadataSchema): CheckedMetadata => {
  const fields = Object.keys(ourMeta.entries)
  const isKnown = (field: string): boolean => schema === foreignMeta || fields.includes(field)
  const known = Object.fromEntries(Object.entries(metadata).filter(([field]) => isKnown(field)))
  const unknown = Object.keys(metadata).filter(field => !isKnown(field))
  const troubles = few(unknown).map(field => unknownField(['metadata', field], fields))
  const large = Object.keys(known).filter(field => sizeOf(known[field]) > mostEntries)
  if (large.length > 0) return unusable([...troubles, ...large.map(tooLarge)])
  const issues = v.safeParse(schema, known).issues ?? []
  troubles.push(...few(issues).map(issue => explainIssue(issue, metadata)))
  return issues.length > 0 || !isValid(schema, known) ? unusable(troubles) : { metadata: known, troubles }
}

/** etcd's limit lets no object have more labels or annotations. */
const mostEntries = 10_000
const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? Object.keys(value).length : 0
const tooLarge = (field: string): MetadataTrouble => ({
  code: 'InvalidMetadata',
  path: ['metadata', field],
  message: `metadata.${field} has more than ${mostEntries} entries`,
})

/** Enough of the same mistake in one object. The others show once these are corrected. */
export const few = <T>(mistakes: readonly T[]): readonly T[] => mistakes.slice(0, 20)

const unusable = (troubles: readonly MetadataTrouble[]): CheckedMetadata => ({
  metadata: undefined,
  troubles,
})
