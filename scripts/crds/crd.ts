import { stringify } from 'yaml'
import type { PrinterColumn, RouterKind } from '../../src/api/kinds.ts'
import { type Structural, structural, withRule } from './structural.ts'

export interface CustomResourceDefinition {
  readonly apiVersion: 'apiextensions.k8s.io/v1'
  readonly kind: 'CustomResourceDefinition'
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly group: string
    readonly names: {
      readonly kind: string
      readonly listKind: string
      readonly plural: string
      readonly singular: string
      readonly shortNames: readonly string[]
      readonly categories: readonly string[]
    }
    readonly scope: 'Namespaced' | 'Cluster'
    readonly versions: readonly {
      readonly name: string
      readonly served: boolean
      readonly storage: boolean
      readonly subresources: { readonly status: object }
      readonly additionalPrinterColumns: readonly PrinterColumn[]
      readonly schema: { readonly openAPIV3Schema: Structural }
    }[]
  }
}

export const crdOf = (kind: RouterKind): CustomResourceDefinition => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${kind.plural}.${kind.group}` },
  spec: {
    group: kind.group,
    names: {
      kind: kind.kind,
      listKind: `${kind.kind}List`,
      plural: kind.plural,
      singular: kind.singular,
      shortNames: kind.shortNames,
      categories: ['srouter'],
    },
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    versions: [
      {
        name: kind.version,
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: kind.columns,
        schema: { openAPIV3Schema: schemaOf(kind) },
      },
    ],
  },
})

const schemaOf = (kind: RouterKind): Structural => ({
  description: kind.description,
  type: 'object',
  properties: {
    apiVersion: { description: `${kind.group}/${kind.version}`, type: 'string' },
    kind: { description: kind.kind, type: 'string' },
    metadata: { type: 'object' },
    spec: specOf(kind),
    // Fields that no schema names are dropped: the earlier operator wrote none, and every column has its type.
    status: {
      description: 'What srouter found and did.',
      ...refuseEnums(structural(kind.status), kind.kind),
    },
  },
  ...(needsSpec(kind) ? { required: ['spec'] } : {}),
  ...(kind.nameRule === undefined ? {} : { 'x-kubernetes-validations': [kind.nameRule] }),
})

const needsSpec = (kind: RouterKind): boolean => (structural(kind.spec).required ?? []).length > 0

/** Where every field is optional the spec itself is, and is there all the same, so that its defaults are. */
const specOf = (kind: RouterKind): Structural => ({
  description: 'What is wanted.',
  ...kind.rules.reduce(withRule, structural(kind.spec)),
  ...(needsSpec(kind) ? {} : { default: {} }),
})

/** A status that another version wrote must not make its object impossible to edit. */
const refuseEnums = (schema: Structural, at: string): Structural => {
  if (schema.enum !== undefined) throw new Error(`the status of ${at} has an enum`)
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    refuseEnums(property, `${at}.${name}`)
  for (const below of [schema.items, schema.additionalProperties])
    if (below !== undefined) refuseEnums(below, at)
  return schema
}

export const fileNameOf = (kind: RouterKind): string => `${kind.group}_${kind.plural}.yaml`

export const generatedBy = '# Generated from src/api by scripts/generate. Do not edit.'

/** The file as it is committed. `compat` puts quotes around what YAML 1.1, as Kubernetes reads it, takes for a boolean. */
export const yamlOf = (kind: RouterKind): string =>
  `${generatedBy}\n${stringify(crdOf(kind), { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' })}`
