import { defineCommand } from '../../definition.ts'
import { failoverStatus } from '../../failover/status.ts'
import { outputFlag } from '../shared-flags.ts'

export const status = defineCommand({
  description: [
    'Shows whether another cluster stands in for this one, for whom this one may and does, and what each zone answers ' +
      'at this moment. Nothing is written.',
  ],
  flags: { output: outputFlag('text', 'json') },
  positionals: {
    cluster: {
      type: 'positional',
      valueHint: 'CLUSTER-REGION',
      completes: 'regionFailovers',
      description: 'Only this one; none for all.',
    },
  },
  examples: [{ what: 'What does each zone answer?', command: 'srouter failover status aks01-weu' }],
  exits: ['ok', 'invalidInput', 'unreachable'],
  run: failoverStatus,
})
