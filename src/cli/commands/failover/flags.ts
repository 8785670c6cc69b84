import type { BooleanFlag, Positionals, StringFlag } from '../../definition.ts'

/** What the commands that switch a failover have in common. */
export const switchFlags = {
  wait: { type: 'boolean', description: 'Show progress until clients get the new addresses in every zone.' },
  timeout: {
    type: 'string',
    valueHint: 'DURATION',
    default: '5m',
    description: 'How long to try, and to wait',
  },
  interval: {
    type: 'string',
    valueHint: 'DURATION',
    default: '30s',
    description: 'What "srouter run" has as --interval: a claim that cannot be seen counts after two of them',
  },
  autoApprove: { type: 'boolean', description: 'Do not ask.' },
  dryRun: { type: 'boolean', description: 'Show what would be done, and do nothing.' },
} as const satisfies Readonly<Record<string, BooleanFlag | StringFlag>>

export const reasonFlag = {
  type: 'string',
  valueHint: 'TEXT',
  description: 'Who and why; kept in the history.',
} as const satisfies StringFlag

export const clusterPositional = {
  cluster: {
    type: 'positional',
    valueHint: 'CLUSTER-REGION',
    completes: 'regionFailovers',
    required: true,
    description: 'The failed cluster, exactly as its RegionFailover is named, for example aks01-weu.',
  },
} as const satisfies Positionals
