import { defineCommand } from '../../definition.ts'
import { endFailover } from '../../failover/end.ts'
import { clusterPositional, reasonFlag, switchFlags } from './flags.ts'

export const end = defineCommand({
  description: [
    'Run it against the cluster that stands in: it withdraws its records and releases the claim. The other cluster sees ' +
      'that and publishes its own addresses; at no moment is there none.',
  ],
  flags: { reason: reasonFlag, ...switchFlags },
  positionals: clusterPositional,
  examples: [{ what: 'Back to normal, and watch it', command: 'srouter failover end aks01-weu --wait' }],
  exits: ['ok', 'invalidInput', 'timedOut', 'unreachable'],
  run: endFailover,
})
