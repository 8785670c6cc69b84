import { type Check, problem, verdict } from '../check.ts'

/** Azure Private DNS. Every record has an ownership TXT record beside it. */
const limit = 25_000
const warnFrom = 0.8 * limit

export const zoneSize: Check = {
  remedy: 'use a zone of its own for some of the applications, or another DNS provider',
  look: ({ state }) => {
    if (!state.known) return { notChecked: state.why }
    const zones = [...state.value.plan.zones].map(([zone, sets]) => ({ zone, count: 2 * sets }))
    return verdict(
      zones
        .filter(({ count }) => count >= warnFrom)
        .map(({ zone, count }) =>
          problem(
            count > limit ? 'error' : 'warning',
            `this cluster alone has ${count} record sets in zone ${zone}, ownership records included; Azure Private DNS allows ${limit}`,
          ),
        ),
      zones.length === 0
        ? 'no records yet'
        : `${zones.map(({ zone, count }) => `${zone} ${count}`).join(', ')} of ${limit} record sets`,
    )
  },
}
