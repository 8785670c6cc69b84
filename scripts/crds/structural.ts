import { toJsonSchema } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import type { CelRule } from '../../src/api/cel.ts'

/** A schema as CustomResourceDefinitions have it: the part of Kubernetes' structural OpenAPI v3 that we use. */
export interface Structural {
  readonly description?: string
  readonly type?: string
  readonly format?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly items?: Structural
  readonly properties?: Readonly<Record<string, Structural>>
  readonly additionalProperties?: Structural
  readonly required?: readonly string[]
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'map' | 'set'
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message: string }[]
}

/** `v.check` and `v.rawCheck` have no form in a schema; their twins are the CEL rules and the list types. */
const inCelInstead = ['check', 'raw_check']

export const structural = (schema: v.GenericSchema): Structural =>
  convert(toJsonSchema(schema, { target: 'openapi-3.0', typeMode: 'input', ignoreActions: inCelInstead }), '')

type Keyword = (value: unknown, at: string, json: Readonly<Record<string, unknown>>) => Structural

const asItIs =
  (key: keyof Structural): Keyword =>
  value => ({ [key]: value })

/**
 * What becomes of each JSON Schema keyword; the order is that of the YAML. A keyword that is not here is an error:
 * better than a rule of the schema that is missing from the CRD in silence.
 */
const keywords: Readonly<Record<string, Keyword>> = {
  description: asItIs('description'),
  type: (value, _, json) => ({
    type: value as string,
    ...(value === 'integer' ? { format: integerFormat(json) } : {}),
  }),
  format: asItIs('format'),
  default: asItIs('default'),
  enum: asItIs('enum'),
  pattern: asItIs('pattern'),
  minLength: asItIs('minLength'),
  maxLength: asItIs('maxLength'),
  minimum: asItIs('minimum'),
  maximum: asItIs('maximum'),
  minItems: asItIs('minItems'),
  maxItems: asItIs('maxItems'),
  listType: asItIs('x-kubernetes-list-type'),
  listMapKeys: asItIs('x-kubernetes-list-map-keys'),
  items: (value, at) => ({ items: convert(value, `${at}[]`) }),
  properties: (value, at) => ({
    properties: Object.fromEntries(
      Object.entries(value as object).map(([name, property]) => [name, convert(property, `${at}.${name}`)]),
    ),
  }),
  // `false` says that unknown fields are an error. The API server drops them instead, and strict field validation
  // (which kubectl asks for) refuses them; beside `properties` the keyword itself is forbidden.
  additionalProperties: (value, at) =>
    value === false ? {} : { additionalProperties: convert(value, `${at}{}`) },
  required: value => ((value as unknown[]).length === 0 ? {} : { required: value as string[] }),
}

const noMeaning = new Set(['$schema'])

const convert = (value: unknown, at: string): Structural => {
  const json = value as Readonly<Record<string, unknown>>
  for (const key of Object.keys(json))
    if (keywords[key] === undefined && !noMeaning.has(key))
      throw new Error(`a CRD has no place for "${key}" at ${at === '' ? 'the root' : at}`)
  return Object.assign(
    {},
    ...Object.entries(keywords)
      .filter(([key]) => json[key] !== undefined)
      .map(([key, keyword]) => keyword(json[key], at, json)),
  ) as Structural
}

const integerFormat = (json: Readonly<Record<string, unknown>>): string =>
  typeof json.maximum === 'number' && json.maximum <= 2 ** 31 - 1 ? 'int32' : 'int64'

/** `schema` with a CEL rule at the place that its path names. */
export const withRule = (schema: Structural, { path, rule, message }: CelRule): Structural => {
  const [key, ...rest] = path
  if (key === undefined)
    return {
      ...schema,
      'x-kubernetes-validations': [...(schema['x-kubernetes-validations'] ?? []), { rule, message }],
    }
  const next = key === '*' ? schema.items : schema.properties?.[key]
  if (next === undefined) throw new Error(`the CEL rule "${rule}" has a path that is not there: ${key}`)
  const below = withRule(next, { path: rest, rule, message })
  return key === '*'
    ? { ...schema, items: below }
    : { ...schema, properties: { ...schema.properties, [key]: below } }
}
