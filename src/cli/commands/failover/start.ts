import { defineCommand } from '../../definition.ts'
import { startFailover } from '../../failover/start.ts'
import { clusterPositional, reasonFlag, switchFlags } from './flags.ts'

export const start = defineCommand({
  description: [
    'Run it against the healthy cluster: its gateways take the traffic of the failed one. It shows what will change, ' +
      'asks, writes the claim, and when that is seen, the address records; neither the daemon nor the failed side is ' +
      'needed.',
    'It refuses where this cluster has no gateway address or is itself stood in for, where another one holds the claim, ' +
      'and where a record of another type would stay behind.',
  ],
  flags: {
    reason: reasonFlag,
    ...switchFlags,
    force: {
      type: 'boolean',
      description:
        'Go on although a zone has records of another type, or another cluster, which is gone, holds the claim.',
    },
  },
  positionals: clusterPositional,
  examples: [
    { what: 'What would it do?', command: 'srouter failover start aks01-weu --dry-run' },
    {
      what: 'Do it, and watch until clients are redirected',
      command: 'srouter failover start aks01-weu --reason "weu is down, INC-42" --wait',
    },
  ],
  exits: ['ok', 'invalidInput', 'timedOut', 'unreachable'],
  run: startFailover,
})
