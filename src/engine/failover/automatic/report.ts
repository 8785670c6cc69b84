import type { RegionFailoverStatus } from '../../../api/region-failover.ts'
import { timestamp } from '../../../lib/timestamp.ts'
import { type AutomaticMemory, firstMemory } from './decision.ts'

type Status = Pick<RegionFailoverStatus, 'probe' | 'automatic'>

/** What the daemon has found out by probing, by RegionFailover, as the status is to say it. */
export type ProbeReports = ReadonlyMap<string, Status>

/**
 * What is remembered of it after a restart. A time that a wrong clock has written must not hold it for longer than it may.
 * Where the spec was changed in between, people may have engaged and ended it, and what they ended is not armed.
 */
export const memoryFrom = (
  automatic: Status['automatic'],
  now: number,
  { holdDownSeconds, generation }: { readonly holdDownSeconds: number; readonly generation: number },
): AutomaticMemory => {
  const { state } = automatic ?? {}
  const since = Math.min(Date.parse(automatic?.since ?? '') || now, now)
  switch (state) {
    case 'Armed':
      return automatic?.observedGeneration === generation
        ? { state, since, until: undefined }
        : firstMemory(now)
    case 'Engaged':
      return { state, since, until: undefined }
    case 'HoldDown': {
      const latest = now + holdDownSeconds * 1000
      return { state, since, until: Math.min(Date.parse(automatic?.until ?? '') || latest, latest) }
    }
    default:
      return firstMemory(now)
  }
}

export const memoryAsStatus = ({ state, since, until }: AutomaticMemory) => ({
  state,
  since: timestamp(since),
  ...(until === undefined ? {} : { until: timestamp(until) }),
})
