import { warnFrom, withOwnership, zoneLimit } from '../../engine/diff/zones.ts'
import { type Check, problem, verdict } from '../check.ts'

export const zoneSize: Check = {
  remedy: 'use a zone of its own for some of the applications, or another DNS provider',
  look: ({ state }) => {
    if (!state.known) return { notChecked: state.why }
    const zones = [...state.value.plan.zones].map(([zone, sets]) => ({ zone, count: withOwnership(sets) }))
    return verdict(
      zones
        .filter(({ count }) => count >= warnFrom)
        .map(({ zone, count }) =>
          problem(
            count > zoneLimit ? 'error' : 'warning',
            `this cluster alone has ${count} record sets in zone ${zone}, ownership records included; Azure Private DNS allows ${zoneLimit}`,
          ),
        ),
      zones.length === 0
        ? 'no records yet'
        : `${zones.map(({ zone, count }) => `${zone} ${count}`).join(', ')} of ${zoneLimit} record sets`,
    )
  },
}
