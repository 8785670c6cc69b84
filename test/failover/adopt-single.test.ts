import { adopting } from './adopting.ts'
import { hosts } from './pair.ts'

adopting({
  name: 'one instance with an owner of the zone',
  ownership: () => ({}),
  prefixes: { txtPrefix: 'srr-', gatewayTxtPrefix: 'srgw-' },
  trouble: 'txtPrefix sr- is in use',
  // In zone neu it is the cluster there that publishes an Active route.
  lostWithOldOwner: `${hosts.active} CNAME`,
})
