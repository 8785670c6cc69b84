import { suggest } from '../../../lib/suggest.ts'
import type { IdentityRule } from './index.ts'

export const adoptedRegions: IdentityRule = (_, world) => {
  if (world.identity.state !== 'one' || world.configuration.state !== 'one') return undefined
  const regions = new Set(world.controllers.map(controller => controller.region))
  const adopted = world.identity.spec.adoptsRegions ?? []
  const index = adopted.findIndex(region => !regions.has(region))
  const missing = adopted.filter(region => !regions.has(region))
  if (index < 0) return undefined
  const best = suggest(missing[0] ?? '', regions)
  return {
    code: 'AdoptedRegionNotFound',
    severity: 'warning',
    effect: 'note',
    message: `no controller of the DNSConfiguration serves the adopted region ${missing.join(', ')}`,
    hint:
      best === undefined
        ? 'add a controller for it, or remove it from adoptsRegions'
        : `did you mean ${best}?`,
    path: ['spec', 'adoptsRegions', index],
  }
}
