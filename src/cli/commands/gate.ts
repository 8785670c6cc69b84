import { defineCommand } from '../definition.ts'
import { waitAtGate } from '../failover/gate.ts'

export const gate = defineCommand({
  description: [
    'An initContainer for the ExternalDNS instance that writes gateways: it ends well only when the claim on this ' +
      'cluster was read and the DNSEndpoints agree with it. So a cluster that comes back with old objects publishes none ' +
      'of them over those of the cluster that stands in; nor does one that stood in, where its claim was ended meanwhile.',
    'A cluster that has no part in failover passes at once.',
  ],
  flags: {
    timeout: {
      type: 'string',
      valueHint: 'DURATION',
      default: '0',
      description: 'Give up after so long; 0 waits for ever',
    },
  },
  positionals: {},
  examples: [{ what: 'In a pod, before ExternalDNS', command: 'srouter gate' }],
  exits: ['ok', 'timedOut', 'unreachable'],
  fromEnvironment: true,
  run: waitAtGate,
})
