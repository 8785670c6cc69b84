import { toJsonSchema } from '@valibot/to-json-schema'
import * as v from 'valibot'
import { type Document, isMap, parseDocument, type YAMLMap } from 'yaml'
import packageJson from '../../package.json' with { type: 'json' }
import { described } from '../../src/api/fields.ts'

/** What charts are made of beside their templates. */

export const generated = '# Generated from src by scripts/generate. Do not edit.'

/** A chart has the version of the srouter that it was made with, and the lowest Kubernetes that docs/installation.md names. */
export const chartYaml = (name: string, description: string): string =>
  [
    generated,
    'apiVersion: v2',
    `name: ${name}`,
    `description: ${JSON.stringify(description)}`,
    'type: application',
    `version: ${packageJson.version}`,
    `appVersion: ${JSON.stringify(packageJson.version)}`,
    'kubeVersion: ">=1.24.0-0"',
    '',
  ].join('\n')

/** What Helm itself puts among the values of a chart that is part of another one. */
export const global = described(v.looseObject({}), "Helm's, for charts in charts; nothing here reads it.")

export const schemaText = (schema: v.GenericSchema): string =>
  `${JSON.stringify(toJsonSchema(schema, { typeMode: 'input', ignoreActions: ['check', 'raw_check'] }), null, 2)}\n`

/** The defaults as YAML, each below what it means. */
export const valuesText = (schema: v.GenericSchema, defaults: object): string => {
  const document = parseDocument(Bun.YAML.stringify(defaults, null, 2))
  if (isMap(document.contents)) comment(document.contents, schema, true)
  return `${generated}\n${print(document)}`
}

const print = (document: Document): string => document.toString({ lineWidth: 0 })

const comment = (map: YAMLMap, schema: v.GenericSchema, top = false): void => {
  const { entries } = schema as unknown as { readonly entries?: Readonly<Record<string, v.GenericSchema>> }
  for (const { key, value } of map.items) {
    const name = key as { value: string; commentBefore?: string; spaceBefore?: boolean }
    const field = entries?.[name.value]
    if (field === undefined) continue
    const description = v.getDescription(field)
    if (description !== undefined) name.commentBefore = wrapped(description)
    name.spaceBefore = top
    if (isMap(value)) comment(value, field)
  }
}

/** Each line with the space that stands behind `#`. */
const wrapped = (text: string, width = 100): string => {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last.length + word.length + 1 > width) lines.push(` ${word}`)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.join('\n')
}
