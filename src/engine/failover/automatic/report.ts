import type { RegionFailoverStatus } from '../../../api/region-failover.ts'
import { timestamp } from '../../../lib/timestamp.ts'
import { type AutomaticMemory, firstMemory, inTime } from './decision.ts'

type Status = Pick<RegionFailoverStatus, 'probe' | 'automatic'>

/** What the daemon has found out by probing, by RegionFailover, as the status is to say it. */
export type ProbeReports = ReadonlyMap<string, Status>

/**
 * What is remembered of it after a restart. Where the spec was changed in between, people may have engaged and ended it, and what they ended is not armed.
 */
export const memoryFrom = (
  automatic: Status['automatic'],
  now: number,
  { holdDownSeconds, generation }: { readonly holdDownSeconds: number; readonly generation: number },
): AutomaticMemory => {
  const { state } = automatic ?? {}
  const since = Date.parse(automatic?.since ?? '') || now
  const remembered = (known: AutomaticMemory): AutomaticMemory => inTime(known, now, holdDownSeconds)
  switch (state) {
    case 'Armed':
      return automatic?.observedGeneration === generation
        ? remembered({ state, since, until: undefined })
        : firstMemory(now)
    case 'Engaged':
      return remembered({ state, since, until: undefined })
    case 'HoldDown':
      return remembered({ state, since, until: Date.parse(automatic?.until ?? '') || Infinity })
    default:
      return firstMemory(now)
  }
}

export const memoryAsStatus = ({ state, since, until }: AutomaticMemory) => ({
  state,
  since: timestamp(since),
  ...(until === undefined ? {} : { until: timestamp(until) }),
})
