import * as v from 'valibot'
import type { ClusterIdentitySpec } from '../api/cluster-identity.ts'
import type { DNSConfigurationSpec } from '../api/dns-configuration.ts'
import type { DNSPolicySpec } from '../api/dns-policy.ts'
import type { GatewaySpec } from '../api/gateway.ts'
import {
  ClusterIdentity,
  DNSConfiguration,
  DNSPolicy,
  Gateway,
  type KindInfo,
  Namespace,
  RegionFailover,
  Service,
  ServiceRoute,
} from '../api/kinds.ts'
import { withoutNulls } from '../api/nulls.ts'
import { groupOf, type KubeObject } from '../api/object.ts'
import type { RegionFailoverSpec } from '../api/region-failover.ts'
import type { ServiceRouteSpec } from '../api/service-route.ts'
import { byText } from '../lib/compare.ts'
import { suggest } from '../lib/suggest.ts'
import type { FieldPath } from './finding.ts'
import type { Issue } from './issue.ts'
import { byAge, type Resource } from './resource.ts'

/**
 * The inputs by kind, each valid against its schema or with the issues that say why not. The oldest first, but routes
 * by namespace and name: that is how they are listed, and 100,000 ages take long to compare.
 */
export interface Decoded {
  readonly identities: readonly Resource<ClusterIdentitySpec>[]
  readonly configurations: readonly Resource<DNSConfigurationSpec>[]
  /** Those that are being deleted are among them: their claims have to be released. */
  readonly failovers: readonly Resource<RegionFailoverSpec>[]
  readonly gateways: readonly Resource<GatewaySpec>[]
  readonly policies: readonly Resource<DNSPolicySpec>[]
  readonly routes: readonly Resource<ServiceRouteSpec>[]
  readonly services: readonly KubeObject[]
  readonly namespaces: readonly KubeObject[]
}

export const decode = (inputs: readonly KubeObject[], fromFiles: ReadonlySet<KubeObject>): Decoded => {
  const kinds = Map.groupBy(inputs, object => object.kind)
  const all = ({ group, kind }: KindInfo): KubeObject[] =>
    (kinds.get(kind) ?? []).filter(
      ({ apiVersion, metadata }) =>
        // What is being deleted counts as gone: writing for it would only delay its end.
        groupOf(apiVersion) === group &&
        (metadata.deletionTimestamp === undefined || kind === RegionFailover.kind),
    )
  const decoded = <S extends v.GenericSchema>(kind: KindInfo & { readonly spec: S }) =>
    all(kind).map(object => decodeOne(object, kind.spec, fromFiles.has(object)))
  return {
    identities: decoded(ClusterIdentity).sort(byAge),
    configurations: decoded(DNSConfiguration).sort(byAge),
    failovers: decoded(RegionFailover).sort((a, b) => byText(a.key, b.key)),
    gateways: decoded(Gateway).sort(byAge),
    policies: decoded(DNSPolicy).sort(byAge),
    routes: decoded(ServiceRoute).sort((a, b) => byText(a.key, b.key)),
    services: all(Service),
    namespaces: all(Namespace),
  }
}

const noIssues: readonly Issue[] = []

const decodeOne = <S extends v.GenericSchema>(
  object: KubeObject,
  schema: S,
  fromFile: boolean,
): Resource<v.InferOutput<S>> => {
  const { name, namespace = '' } = object.metadata
  const key = `${namespace}/${name}`
  if (valuesIn(object.spec) > mostValues)
    return { object, namespace, name, key, spec: undefined, issues: [tooLarge] }
  // The API server drops nulls before it validates.
  const given = withoutNulls(object.spec)
  const parsed = v.safeParse(schema, given ?? {}, { abortPipeEarly: true })
  if (parsed.success && !Array.isArray(object.spec))
    return { object, namespace, name, key, spec: parsed.output, issues: noIssues }
  const base = { object, namespace, name, key }
  if (typeof (object.spec ?? undefined) !== 'object' || Array.isArray(object.spec))
    return { ...base, spec: undefined, issues: [noSpec(object)] }
  const unknown = unknownFields(schema, given)
  // The API server would drop them, so what counts is the rest.
  const rest =
    unknown.length === 0 ? parsed : v.safeParse(schema, without(given, unknown), { abortPipeEarly: true })
  const wrong = rest.issues ?? []
  const issues = [
    ...wrong.slice(0, mostIssues).map(describe),
    ...unknown.slice(0, mostIssues).map(path => describeUnknown(path, schema, fromFile)),
    ...tooMany(Math.max(wrong.length, unknown.length) - mostIssues),
  ]
  return { ...base, spec: rest.success ? rest.output : undefined, issues }
}

/** Several times what the largest legal spec has. Valibot would make an issue of a kilobyte for each. */
const mostValues = 100_000

/** How many values there are, or at least that they are too many. */
const valuesIn = (value: unknown, so: number = 0): number => {
  if (typeof value !== 'object' || value === null || so > mostValues) return so + 1
  let count = so + 1
  if (Array.isArray(value))
    for (const item of value) count = count > mostValues ? count : valuesIn(item, count)
  else
    for (const key in value)
      count = count > mostValues ? count : valuesIn((value as Record<string, unknown>)[key], count)
  return count
}

/** Nobody reads more of one resource. */
const mostIssues = 100

const tooMany = (more: number): readonly Issue[] =>
  more <= 0
    ? []
    : [
        {
          code: 'TooManyFindings',
          severity: 'warning',
          effect: 'note',
          message: `there are ${more} more of the kind in this resource`,
          hint: 'correct those that are shown first',
        },
      ]

type SchemaIssue = v.BaseIssue<unknown>

/** All of them; Valibot tells only the first of each mapping. */
const unknownFields = (schema: v.GenericSchema, value: unknown, path: FieldPath = []): FieldPath[] => {
  const { entries, item } = shapeOf(schema)
  if (Array.isArray(value))
    return item === undefined
      ? []
      : value.flatMap((each, index) => unknownFields(item, each, [...path, index]))
  if (typeof value !== 'object' || value === null || entries === undefined) return []
  return Object.entries(value).flatMap(([key, field]) => {
    const known = Object.hasOwn(entries, key) ? entries[key] : undefined
    return known === undefined ? [[...path, key]] : unknownFields(known, field, [...path, key])
  })
}

const pathOf = (issue: SchemaIssue): FieldPath => (issue.path ?? []).map(item => item.key as string | number)

/** `spec.externalDNSControllers[0].name` */
export const fieldName = (path: FieldPath): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  )

const invalid = (message: string, hint: string, path: FieldPath): Issue => ({
  code: 'InvalidSpec',
  severity: 'error',
  effect: 'error',
  message,
  hint,
  path,
})

const tooLarge = invalid(
  `spec has more than ${mostValues} values`,
  'no resource of this kind has so many; remove what does not belong there',
  ['spec'],
)

const noSpec = (object: KubeObject): Issue =>
  object.spec === undefined || object.spec === null
    ? invalid(`${object.kind} has no spec`, 'add a spec with the fields of its kind', [])
    : invalid('spec must be a mapping of fields to values', 'write the fields as key: value below spec', [
        'spec',
      ])

const describe = (issue: SchemaIssue): Issue => {
  const path: FieldPath = ['spec', ...pathOf(issue)]
  const field = fieldName(path)
  if (issue.kind === 'schema') {
    if (issue.received === 'undefined') return invalid(`${field} is missing`, `set ${field}`, path)
    if (issue.type === 'picklist')
      return invalid(
        `${field} is ${issue.received}`,
        `it must be one of ${options(issue)}${didYouMean(issue)}`,
        path,
      )
    const hint =
      issue.expected === 'string' && typeof issue.input !== 'object'
        ? `put quotes around it: "${String(issue.input)}"`
        : `give ${article(issue.expected ?? '')}`
    return invalid(
      `${field} must be ${article(issue.expected ?? '')}, not ${article(issue.received)}`,
      hint,
      path,
    )
  }
  const value = typeof issue.input === 'string' ? `"${issue.input}"` : summary(issue.input)
  switch (issue.type) {
    case 'min_length':
      return invalid(`${field} is empty`, `set ${field}, or leave the field out where it is optional`, path)
    case 'max_length':
      return invalid(`${field} has length ${issue.received}`, `it may have ${bound(issue)} at most`, path)
    case 'min_value':
      return invalid(`${field} is ${value}`, `it must be ${bound(issue)} or more`, path)
    case 'max_value':
      return invalid(`${field} is ${value}`, `it must be ${bound(issue)} or less`, path)
    case 'integer':
      return invalid(`${field} is ${value}`, 'it must be a whole number', path)
    case 'check':
    case 'raw_check':
      return invalid(issue.message, `change ${field}`, path)
    default:
      return invalid(`${field} is ${value}`, `it ${issue.message}`, path)
  }
}

/** `>=1` → `1` */
const bound = (issue: SchemaIssue): string => (issue.expected ?? '').replace(/^[<>=]+/, '')

const options = (issue: SchemaIssue): string =>
  (issue.expected ?? '').replace(/[()]/g, '').replaceAll(' | ', ', ')

const didYouMean = (issue: SchemaIssue): string => {
  if (typeof issue.input !== 'string') return ''
  const best = suggest(
    issue.input,
    [...(issue.expected ?? '').matchAll(/"([^"]*)"/g)].map(match => match[1] ?? ''),
  )
  return best === undefined ? '' : `; did you mean ${best}?`
}

const article = (type: string): string => {
  const name = typeNames[type] ?? typeNames[type.replace(/^"?(.*?)"?$/, '$1')]
  return name ?? type
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'a mapping',
  null: 'null',
  true: 'true',
  false: 'false',
}

const summary = (value: unknown): string =>
  Array.isArray(value) ? `a list of ${value.length}` : typeof value === 'object' ? 'a mapping' : String(value)

const describeUnknown = (path: FieldPath, schema: v.GenericSchema, fromFile: boolean): Issue => {
  const key = String(path.at(-1) ?? '')
  const best = suggest(key, keysAt(schema, path.slice(0, -1)))
  return {
    code: 'UnknownField',
    severity: fromFile ? 'error' : 'warning',
    effect: 'note',
    message: `${fieldName(['spec', ...path])} is not a known field`,
    hint: best === undefined ? 'remove it, or look the name up in the reference' : `did you mean ${best}?`,
    path: ['spec', ...path],
  }
}

/** The field names that a schema knows at a path below it. */
const keysAt = (schema: v.GenericSchema, path: FieldPath): readonly string[] => {
  let at = shapeOf(schema)
  for (const key of path) {
    const next = typeof key === 'number' ? at.item : at.entries?.[key]
    if (next === undefined) return []
    at = shapeOf(next)
  }
  return Object.keys(at.entries ?? {})
}

interface Shape {
  readonly entries?: Readonly<Record<string, v.GenericSchema>>
  readonly item?: v.GenericSchema
}

/** The fields of a mapping or the items of a list, also where it is optional. */
const shapeOf = (schema: v.GenericSchema): Shape => {
  let at: unknown = schema
  while (typeof at === 'object' && at !== null && 'wrapped' in at) at = at.wrapped
  return at as Shape
}

/** A copy of `value` without the fields at `paths`. */
const without = (value: unknown, paths: readonly FieldPath[]): unknown => {
  const copy = structuredClone(value)
  for (const path of paths) {
    let at: unknown = copy
    for (const key of path.slice(0, -1)) at = (at as Record<string | number, unknown> | undefined)?.[key]
    const last = path.at(-1)
    if (typeof at === 'object' && at !== null && last !== undefined) Reflect.deleteProperty(at, last)
  }
  return copy
}
