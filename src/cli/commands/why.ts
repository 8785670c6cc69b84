import { defineCommand } from '../definition.ts'
import { runWhy } from '../why/run.ts'
import { outputFlag } from './shared-flags.ts'

export const why = defineCommand({
  description: [
    'Follows one host from its route to what clients get: route, policy, identity and ExternalDNS instances, Gateway ' +
      "and its address; then in each zone the DNSEndpoint, whether ExternalDNS has read it, and what the zone's name " +
      'server answers and who owns that. It stops at the first link that is broken, and says why and what to do. ' +
      'Nothing is written.',
    "HOST is a host name, its first label, namespace/route, or the target of a Gateway. The zones' name servers are " +
      "those of the DNSConfiguration; without any, this cluster's own zone is asked by the system's resolver.",
  ],
  flags: { output: outputFlag('text', 'json') },
  positionals: {
    host: { type: 'positional', valueHint: 'HOST', required: true, description: 'What to follow.' },
  },
  examples: [
    { what: 'Why is my record not there?', command: 'srouter why web-ns-p-prod-shop.aks.example.com' },
    { what: 'The same, by the route', command: 'srouter why shop/web' },
    { what: 'A gateway', command: 'srouter why aks01-weu-internal.aks.example.com' },
  ],
  exits: ['ok', 'invalidInput', 'unreachable'],
  run: runWhy,
})
