import type { BooleanFlag, EnumFlag, IntegerFlag, StringFlag } from '../definition.ts'

/** Flags that several commands have, with the same meaning in each. */

export const fileFlag = {
  type: 'string',
  valueHint: 'PATH',
  completes: 'files',
  alias: ['f', 'filename'],
  repeatable: true,
  description: 'A file, a folder (with all below it), or - for standard input. YAML or JSON.',
} as const satisfies StringFlag

export const namespaceFlag = {
  type: 'string',
  valueHint: 'NAMESPACE',
  alias: ['n'],
  names: 'namespace',
  description: 'The namespace of namespaced resources in files that name none.',
} as const satisfies StringFlag

export const adoptFlag = {
  type: 'string',
  valueHint: 'REGION',
  repeatable: true,
  description: "What if this region were among the ClusterIdentity's adoptsRegions?",
} as const satisfies StringFlag

export const onlyFilesFlag = {
  type: 'boolean',
  description: 'Take the files as the whole input, and nothing from the cluster.',
} as const satisfies BooleanFlag

export const allowDeletesFlag = {
  type: 'integer',
  valueHint: 'N',
  description: 'Let the deletions through that the brake holds back, if they are exactly N.',
} as const satisfies IntegerFlag

export const concurrencyFlag = {
  type: 'integer',
  valueHint: 'N',
  default: 32,
  // with none at a time the first request would wait for ever
  least: 1,
  description: 'Requests to the API server at the same time',
} as const satisfies IntegerFlag

/** `-o`, with the formats of this command; the first is the default. */
export const outputFlag = <const Formats extends readonly [string, ...string[]]>(...options: Formats) =>
  ({
    type: 'enum',
    valueHint: 'FORMAT',
    alias: ['o'],
    options,
    default: options[0],
    description: 'The form of the result',
  }) as const satisfies EnumFlag
