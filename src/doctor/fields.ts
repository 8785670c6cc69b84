import type { RouterKind } from '../api/kinds.ts'

/** A part of a schema as valibot has it, as far as fields are concerned. */
interface Schema {
  readonly entries?: Readonly<Record<string, Schema>>
  readonly wrapped?: Schema
  readonly item?: Schema
}

/** A part of a schema as the API server shows it. */
export interface OpenApiSchema {
  readonly properties?: Readonly<Record<string, OpenApiSchema>>
  readonly items?: OpenApiSchema
}

/** Every field of a kind's spec by its path, `externalDNSControllers.nameservers`; a list's items count as the list. */
export const fieldsOf = ({ spec }: RouterKind): readonly string[] =>
  pathsIn(spec as unknown as Schema, schema => {
    let at = schema
    while (at.wrapped !== undefined || at.item !== undefined) at = at.wrapped ?? at.item ?? at
    return at.entries
  })

/** The same of what an API server knows. */
export const servedFields = (spec: OpenApiSchema): readonly string[] =>
  pathsIn(spec, schema => {
    let at = schema
    while (at.items !== undefined) at = at.items
    return at.properties
  })

const pathsIn = <T>(
  schema: T,
  fields: (schema: T) => Readonly<Record<string, T>> | undefined,
): readonly string[] =>
  Object.entries(fields(schema) ?? {}).flatMap(([name, below]) => [
    name,
    ...pathsIn(below, fields).map(path => `${name}.${path}`),
  ])
