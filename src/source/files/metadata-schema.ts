import * as v from 'valibot'

/** Kubernetes, "Object Names and IDs" and "Labels and Selectors". */
export const legalName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/
export const legalNamespace = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$/
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
    /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/,
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
const annotations = v.record(qualifiedName, v.string())
const texts = v.record(v.string(), v.string())
/** To valibot a list is a record as well. */
const noList = v.pipe(
  v.unknown(),
  v.check(value => !Array.isArray(value), 'must be a map'),
)
const count = v.pipe(v.number(), v.integer())

/** ObjectMeta of k8s.io/apimachinery meta/v1, and no other fields. */
export const ourMeta = v.strictObject({
  name,
  generateName: v.optional(v.string()),
  namespace: v.optional(namespace),
  labels: v.optional(v.pipe(noList, labels)),
  annotations: v.optional(v.pipe(noList, annotations)),
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
export const foreignMeta = v.looseObject({
  name: v.pipe(v.string(), v.minLength(1, 'must not be empty')),
  namespace: v.optional(v.string()),
  labels: v.optional(v.pipe(noList, texts)),
  annotations: v.optional(v.pipe(noList, texts)),
  creationTimestamp: v.optional(v.string()),
  uid: v.optional(v.string()),
  ownerReferences: v.optional(
    v.array(
      v.looseObject({
        apiVersion: v.string(),
        kind: v.string(),
        name: v.string(),
        uid: v.optional(v.string()),
      }),
    ),
  ),
})

export type MetadataSchema = typeof ourMeta | typeof foreignMeta
export type MetadataIssue = v.InferIssue<MetadataSchema>
