import { defineCommand } from '../../definition.ts'
import { reclaimCluster } from '../../failover/reclaim.ts'
import { switchFlags } from './flags.ts'

export const reclaim = defineCommand({
  description: [
    'Run it against the cluster that was stood in for, where the one that holds its claim is gone: it ends the claim ' +
      'itself and publishes its own addresses.',
  ],
  flags: switchFlags,
  positionals: {
    cluster: {
      type: 'positional',
      valueHint: 'CLUSTER-REGION',
      required: true,
      description: 'This cluster, so that nobody reclaims another one by mistake: for example aks01-weu.',
    },
  },
  examples: [{ what: 'The holder will not come back', command: 'srouter failover reclaim aks01-weu --wait' }],
  exits: ['ok', 'invalidInput', 'timedOut', 'unreachable'],
  run: reclaimCluster,
})
