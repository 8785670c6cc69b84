import { adoptOwnership } from '../adopt/adopt.ts'
import { defineCommand } from '../definition.ts'
import { outputFlag } from './shared-flags.ts'

export const adopt = defineCommand({
  description: [
    'Leads from another set-up of ExternalDNS to the split one, without a change of any DNS answer. For each record that ' +
      'this cluster publishes and that a zone has, it prints what makes it owned under the new prefix and owner id: ' +
      'DNSEndpoints with TXT records, for "kubectl apply". Nothing is written by srouter.',
    'With --check it says of each zone which step it is at, what to do next, and what would be lost if an instance went ' +
      'on, or were started, as it is set up. It looks at the Deployments of ExternalDNS, at the DNSEndpoints, and at what ' +
      'the zones answer.',
  ],
  flags: {
    check: {
      type: 'boolean',
      description: 'Say which step each zone is at, and what is next.',
    },
    output: outputFlag('text', 'json'),
  },
  positionals: {},
  examples: [
    { what: 'What is the next step?', command: 'srouter adopt --check' },
    { what: 'Write the ownership records', command: 'srouter adopt | kubectl apply -f -' },
  ],
  exits: ['ok', 'invalidInput', 'unreachable'],
  run: adoptOwnership,
})
