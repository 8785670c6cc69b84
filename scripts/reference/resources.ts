import { type RouterKind, routerKinds } from '../../src/api/kinds.ts'
import { crdOf, fileNameOf } from '../crds/crd.ts'
import type { Structural } from '../crds/structural.ts'
import { cell, code, generatedBy, paragraphs, table } from './markdown.ts'

/** Every field of every kind, as the CRDs have them. */
export const resourcesPage = (): string =>
  [
    paragraphs(
      '# Fields',
      generatedBy,
      'Every field of every kind. [Concepts](../concepts.md#kinds) says what they are for, and how they work together.',
    ),
    ...routerKinds.map(kindSection),
  ]
    .join('')
    .trimEnd()
    .concat('\n')

const kindSection = (kind: RouterKind): string => {
  const file = `crds/${fileNameOf(kind)}`
  const { properties = {}, 'x-kubernetes-validations': rules = [] } =
    crdOf(kind).spec.versions[0]?.schema.openAPIV3Schema ?? {}
  const { spec = {}, status = {} } = properties
  const own = rules.map(({ message }) => cell(message))
  return [
    paragraphs(
      `## ${kind.kind}`,
      kind.description,
      `${code(`${kind.group}/${kind.version}`)}, ${kind.namespaced ? 'namespaced' : 'cluster-scoped'}, short ${kind.shortNames.map(code).join(', ')}. CRD: [${fileNameOf(kind)}](../../${file}).`,
      ...(own.length === 0 ? [] : [`The name: ${own.join('; ')}.`]),
    ),
    table(
      ['field', 'type', 'default', 'rules', ''],
      fieldsBelow(spec, 'spec').map(({ path, field, required }) => [
        code(path),
        typeOf(field),
        field.default === undefined ? '' : code(JSON.stringify(field.default)),
        rulesOf(field, required).join('; '),
        cell(field.description ?? ''),
      ]),
    ),
    table(
      ['status', 'type', ''],
      fieldsBelow(status, 'status').map(({ path, field }) => [
        code(path),
        typeOf(field),
        cell(field.description ?? ''),
      ]),
    ),
  ].join('')
}

interface Field {
  readonly path: string
  readonly field: Structural
  readonly required: boolean
}

/** Depth first, so that what belongs together stands together. Items of lists and values of maps are `[]` and `.*`. */
const fieldsBelow = (schema: Structural, path: string): readonly Field[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const here = `${path}.${name}`
    const items = field.items === undefined ? [] : fieldsBelow(field.items, `${here}[]`)
    return [
      { path: here, field, required: schema.required?.includes(name) === true },
      ...fieldsBelow(field, here),
      ...items,
    ]
  })

const typeOf = ({ type = 'object', items, additionalProperties }: Structural): string => {
  if (items !== undefined) return `list of ${typeOf(items)}`
  return additionalProperties === undefined ? type : `map to ${typeOf(additionalProperties)}`
}

/** Longer ones are for machines; the CRD has them. */
const longestPattern = 60

const rulesOf = (field: Structural, required: boolean): readonly string[] => [
  ...(required ? ['required'] : []),
  ...ownRules(field),
  ...(field.items === undefined ? [] : ownRules(field.items).map(rule => `each: ${rule}`)),
]

const ownRules = (field: Structural): readonly string[] => [
  ...(field.enum === undefined ? [] : [field.enum.map(value => code(String(value))).join(', ')]),
  ...range('characters', field.minLength, field.maxLength),
  ...range('', field.minimum, field.maximum),
  ...range('items', field.minItems, field.maxItems),
  ...(field.pattern === undefined || field.pattern.length > longestPattern ? [] : [code(field.pattern)]),
  ...(field['x-kubernetes-list-map-keys'] ?? []).map(key => `${code(key)} is unique`),
  ...(field['x-kubernetes-validations'] ?? []).map(({ message }) => cell(message)),
]

const range = (unit: string, from: number | undefined, to: number | undefined): readonly string[] => {
  if (from === undefined && to === undefined) return []
  const figures =
    to === undefined ? `${from} or more` : from === undefined ? `at most ${to}` : `${from} to ${to}`
  return [unit === '' ? figures : `${figures} ${unit}`]
}
