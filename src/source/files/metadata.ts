import * as v from 'valibot'
import type { FieldPath } from '../../engine/finding.ts'
import { suggest } from '../../lib/suggest.ts'
import type { Code } from './codes.ts'

/** Kubernetes, "Object Names and IDs" and "Labels and Selectors". */
const legalName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/
const legalNamespace = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$/
const name = v.pipe(
  v.string(),
  v.minLength(1, 'must not be empty'),
  v.maxLength(253, 'must have 253 characters at most'),
  v.regex(
    legalName,
    'must be lower-case letters, digits, hyphens and dots, and begin and end with a letter or digit',
  ),
)
const namespace = v.pipe(
  v.string(),
  v.maxLength(63, 'must have 63 characters at most'),
  v.regex(
    legalNamespace,
    'must be lower-case letters, digits and hyphens, and begin and end with a letter or digit',
  ),
)
const qualifiedName = v.pipe(
  v.string(),
  v.regex(
    /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/i,
    'is no legal key: at most 63 letters, digits, ".", "_" and "-", after an optional domain and "/"',
  ),
)
const labels = v.record(
  qualifiedName,
  v.pipe(
    v.string(),
    v.regex(
      /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/,
      'must be at most 63 letters, digits, ".", "_" and "-", and begin and end with a letter or digit',
    ),
  ),
)
const count = v.pipe(v.number(), v.integer())

/** ObjectMeta of k8s.io/apimachinery meta/v1, and no other fields. */
const ourMeta = v.strictObject({
  name,
  generateName: v.optional(v.string()),
  namespace: v.optional(namespace),
  labels: v.optional(labels),
  annotations: v.optional(v.record(qualifiedName, v.string())),
  uid: v.optional(v.string()),
  resourceVersion: v.optional(v.string()),
  generation: v.optional(count),
  creationTimestamp: v.optional(v.string()),
  deletionTimestamp: v.optional(v.string()),
  deletionGracePeriodSeconds: v.optional(count),
  ownerReferences: v.optional(
    v.array(
      v.strictObject({
        apiVersion: v.string(),
        kind: v.string(),
        name: v.string(),
        uid: v.string(),
        controller: v.optional(v.boolean()),
        blockOwnerDeletion: v.optional(v.boolean()),
      }),
    ),
  ),
  finalizers: v.optional(v.array(v.string())),
  managedFields: v.optional(v.unknown()),
  selfLink: v.optional(v.string()),
})

/** Of other projects' objects, what is read of them. */
const foreignMeta = v.looseObject({
  name: v.pipe(v.string(), v.minLength(1, 'must not be empty')),
  namespace: v.optional(v.string()),
  labels: v.optional(v.record(v.string(), v.string())),
  annotations: v.optional(v.record(v.string(), v.string())),
  creationTimestamp: v.optional(v.string()),
  ownerReferences: v.optional(v.array(v.looseObject({ uid: v.optional(v.string()) }))),
})

export interface MetadataTrouble {
  readonly code: Code
  readonly path: FieldPath
  readonly message: string
  readonly hint?: string
}

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

const isValid = (schema: typeof ourMeta | typeof foreignMeta, value: unknown): value is UsableMetadata =>
  v.is(schema, value)

/** Without nulls, which mean "not set" (`creationTimestamp: null`), and without managedFields, which is large. */
const pruned = (raw: Record<string, unknown>): Record<string, unknown> => {
  let complete = true
  for (const key in raw) if (raw[key] === null || key === 'managedFields') complete = false
  if (complete) return raw
  return Object.fromEntries(
    Object.entries(raw).filter(([key, value]) => value !== null && key !== 'managedFields'),
  )
}

const explain = (
  metadata: Record<string, unknown>,
  schema: typeof ourMeta | typeof foreignMeta,
): CheckedMetadata => {
  const unknown = schema === ourMeta ? Object.keys(metadata).filter(key => !(key in ourMeta.entries)) : []
  const known = Object.fromEntries(Object.entries(metadata).filter(([key]) => !unknown.includes(key)))
  const troubles: MetadataTrouble[] = unknown.map(key =>
    unknownField(['metadata', key], Object.keys(ourMeta.entries)),
  )
  const issues = v.safeParse(schema, known).issues ?? []
  for (const issue of issues) troubles.push(explainIssue(issue, metadata))
  if (issues.length > 0 || !isValid(schema, known)) return unusable(troubles)
  return { metadata: known, troubles }
}

const unusable = (troubles: readonly MetadataTrouble[]): CheckedMetadata => ({
  metadata: undefined,
  troubles,
})

export const unknownField = (path: readonly string[], candidates: readonly string[]): MetadataTrouble => {
  const field = path.at(-1) ?? ''
  const near = suggest(field, candidates)
  return {
    code: 'UnknownField',
    path,
    message: `there is no field ${path.join('.')}`,
    ...(near === undefined ? {} : { hint: `Did you mean ${near}?` }),
  }
}

const explainIssue = (
  issue: v.InferIssue<typeof ourMeta> | v.InferIssue<typeof foreignMeta>,
  metadata: Record<string, unknown>,
): MetadataTrouble => {
  const steps = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)))
  const path: FieldPath = ['metadata', ...steps]
  const field = path.join('.')
  const [top] = steps
  if (top === 'name' && !('name' in metadata)) return missingName(metadata)
  const { input } = issue
  if (issue.type === 'string' && (typeof input === 'number' || typeof input === 'boolean'))
    return {
      code: 'InvalidMetadata',
      path,
      message: `${field} must be a text and is the ${typeof input} ${input}`,
      hint: `Put it in quotes: "${input}".`,
    }
  if (issue.kind === 'schema')
    return {
      code: 'InvalidMetadata',
      path,
      message: `${field} must be ${expected(issue.expected)}, not ${shown(input)}`,
    }
  return { code: 'InvalidMetadata', path, message: `${field} ${shown(input)} ${issue.message}` }
}

const missingName = (metadata: Record<string, unknown>): MetadataTrouble => ({
  code: 'InvalidMetadata',
  path: ['metadata'],
  message: 'metadata has no name',
  hint:
    'generateName' in metadata
      ? 'Give it a fixed name; generateName is not supported.'
      : 'Add metadata.name; this resource was left out.',
})

const expected = (type: string | null): string => {
  switch (type) {
    case 'string':
      return 'a text'
    case 'Array':
      return 'a list'
    case 'Object':
      return 'a map'
    case 'boolean':
      return 'true or false'
    case 'never':
      return 'absent'
    default:
      return type === null ? 'something else' : `a ${type}`
  }
}

const shown = (value: unknown): string => {
  if (typeof value === 'string') return `"${value.length > 80 ? `${value.slice(0, 80)}…` : value}"`
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a map' : String(value)
}

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
