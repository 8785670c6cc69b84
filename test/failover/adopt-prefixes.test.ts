import { adopting } from './adopting.ts'

adopting({
  name: 'a TXT prefix for each cluster',
  ownership: region => ({ ownerId: 'shared', txtPrefix: `${region}-` }),
  prefixes: { txtPrefix: 'sr-', gatewayTxtPrefix: 'srgw-' },
  trouble: 'no gatewayTxtPrefix',
  // What it owns under a prefix of its own, it publishes.
  lostWithOldOwner: undefined,
})
