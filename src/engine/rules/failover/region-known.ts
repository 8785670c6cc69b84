import { suggest } from '../../../lib/suggest.ts'
import type { FailoverRule } from './index.ts'

/** A zone that nobody here writes would go on leading to the cluster that failed. */
export const regionKnown: FailoverRule = ({ spec }, world) => {
  if (spec === undefined || world.configuration.state !== 'one') return undefined
  const regions = new Set(world.controllers.map(({ region }) => region))
  if (regions.has(spec.region)) return undefined
  const best = suggest(spec.region, regions)
  return {
    code: 'FailoverRegionNotFound',
    severity: 'warning',
    effect: 'note',
    message: `no controller of the DNSConfiguration serves region ${spec.region}, so nothing could be redirected in its zone`,
    hint: best === undefined ? 'add a controller for it' : `did you mean ${best}?`,
    path: ['spec', 'region'],
  }
}
