import * as v from 'valibot'

/**
 * Field types that several kinds share. Each pattern is written so that the same text works as a JavaScript
 * regular expression and as an OpenAPI `pattern` (RE2) in the CRD.
 */

// Without leading zeros, which some parsers read as octal and Go refuses.
const octet = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
const ipv4 = `${octet}(\\.${octet}){3}`

/** Groups of hexadecimal digits; the forms with an IPv4 tail or a zone id have no place in a AAAA record. */
const group = '[0-9A-Fa-f]{1,4}'
export const ipv6 = `(${[
  `(${group}:){7}${group}`,
  // "::" may stand anywhere, and for one group or more.
  `(${group}:){1,7}:`,
  ...[1, 2, 3, 4, 5, 6].map(after => `(${group}:){1,${7 - after}}(:${group}){1,${after}}`),
  `:(:${group}){1,7}`,
  '::',
].join('|')})`
const address = new RegExp(`^(${ipv4}|${ipv6})$`)
const port = '(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})'

/** The return type is spelled out, because TypeScript would infer `unknown` for what the schema gives. */
export const described = <T extends v.GenericSchema>(
  schema: T,
  description: string,
): v.SchemaWithPipe<readonly [T, v.DescriptionAction<v.InferOutput<T>, string>]> =>
  v.pipe(schema, v.description<v.InferOutput<T>, string>(description))

/** A region, cluster or postfix: a piece of a DNS label that can stand at its start and at its end. */
export const dnsLabel = (description: string) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(63),
    v.regex(
      /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
      'must be lower-case letters, digits and hyphens, and begin and end with a letter or digit',
    ),
    v.description(description),
  )

/** A cluster in full: `{cluster}-{region}`. */
export const clusterName = (description: string) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(63),
    v.regex(
      /^[a-z0-9][a-z0-9-]*-[a-z0-9-]*[a-z0-9]$/,
      'must be {cluster}-{region}, for example aks01-weu: lower-case letters, digits and hyphens',
    ),
    v.description(description),
  )

/**
 * A label that may also be "", which means "not set": the earlier operator took it so, and charts write
 * `sourceCluster: ""`.
 */
export const dnsLabelOrEmpty = (description: string) =>
  v.pipe(
    v.string(),
    v.maxLength(63),
    v.regex(
      /^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$/,
      'must be lower-case letters, digits and hyphens, and begin and end with a letter or digit',
    ),
    v.description(description),
    v.transform(value => (value === '' ? undefined : value)),
  )

/** The name of another Kubernetes object. */
export const objectNameField = (description: string) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(253),
    v.regex(
      /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
      'must be a legal object name: lower-case letters, digits, hyphens and dots',
    ),
    v.description(description),
  )

export const labelValueField = (description: string) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(63),
    v.regex(
      /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/,
      'must be a legal label value: letters, digits, ".", "_" and "-", and begin and end with a letter or digit',
    ),
    v.description(description),
  )

/** At most 242 characters: the shortest host has 11 before its domain, and a name may have 253. */
export const domainName = (description: string) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(242),
    v.regex(
      /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
      'must be a domain of at least two labels, each of at most 63 characters, for example aks.example.com',
    ),
    v.description(description),
  )

/** Seconds, as DNS has them (RFC 2181 §8: at most 2^31 - 1); 0 would mean "not set" to ExternalDNS. */
export const ttlSeconds = (description: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2147483647), v.description(description))

export const isIpAddress = (value: unknown): value is string =>
  typeof value === 'string' && address.test(value)

export const ipAddress = (description: string) =>
  v.pipe(v.string(), v.regex(address, 'must be an IPv4 or IPv6 address'), v.description(description))

export const nameserver = (description: string) =>
  v.pipe(
    v.string(),
    v.regex(
      new RegExp(`^(${ipv4}(:${port})?|${ipv6}|\\[${ipv6}\\](:${port})?)$`),
      'must be ip[:port], with the port after brackets for IPv6, for example 10.0.0.4 or [fd00::4]:53',
    ),
    v.description(description),
  )

export const txtPrefix = (description: string) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(63),
    v.regex(
      /^([a-z0-9_.-]|%\{record_type\})+$/,
      'must be what ExternalDNS has as --txt-prefix: lower-case letters, digits, "_", "-", "." and %{record_type}',
    ),
    v.description(description),
  )

/** A condition as in k8s.io/apimachinery meta/v1. No enums: what an earlier version stored stays editable. */
const condition = v.looseObject({
  type: v.string(),
  status: v.string(),
  observedGeneration: v.optional(v.pipe(v.number(), v.integer())),
  lastTransitionTime: v.pipe(v.string(), v.metadata({ format: 'date-time' })),
  reason: v.string(),
  message: v.string(),
})

export const commonStatus = {
  phase: v.optional(described(v.string(), 'Pending, Active or Error.')),
  observedGeneration: v.optional(
    described(v.pipe(v.number(), v.integer()), 'The generation of the spec that this status describes.'),
  ),
  conditions: v.optional(
    v.pipe(
      v.array(condition),
      v.metadata({ listType: 'map', listMapKeys: ['type'] }),
      v.description('Ready, and what else applies to the kind.'),
    ),
  ),
}

export type Condition = v.InferOutput<typeof condition>
