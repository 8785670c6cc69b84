import type { FieldPath } from '../../engine/finding.ts'
import { suggest } from '../../lib/suggest.ts'
import type { Code } from './codes.ts'
import type { MetadataIssue } from './metadata-schema.ts'

export interface MetadataTrouble {
  readonly code: Code
  readonly path: FieldPath
  readonly message: string
  readonly hint?: string
}

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

export const explainIssue = (issue: MetadataIssue, metadata: Record<string, unknown>): MetadataTrouble => {
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
