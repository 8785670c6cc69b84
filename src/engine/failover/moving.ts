import type { Evaluation } from '../evaluate.ts'
import { failoverMemory } from './memory.ts'

/** How long after its claim a stand-in is watched closely, in milliseconds: contention shows in the first minutes. */
const watchedMs = 300_000

/**
 * How soon the zones should be asked again. `step`: what the engine does next depends on it, or on the time; `watch`:
 * people want to know; `poll`: nothing is going on.
 */
export const urgency = ({ standIns, failovers, world }: Evaluation): 'step' | 'watch' | 'poll' => {
  const { now } = world.settings
  if (standIns.some(({ state }) => state === 'Claiming' || state === 'Releasing')) return 'step'
  // It has given way, and releases what it held.
  if (standIns.some(({ state, claim }) => state === 'Withdrawn' && claim !== undefined)) return 'step'
  // It is about to claim, when the zones have been asked.
  if (standIns.some(({ state, resource }) => state === 'Standby' && resource.spec?.engage === true))
    return 'step'
  if (world.home.state === 'unsure') return 'step'
  if (failovers.some(({ resource }) => resource.object.metadata.deletionTimestamp !== undefined))
    return 'step'
  const isYoung = standIns.some(
    ({ state, claim }) =>
      state === 'Engaged' && claim !== undefined && Date.parse(now) - Date.parse(claim.at) < watchedMs,
  )
  // It may be decided in a moment, by who has a claim.
  const isFailing = failovers.some(
    ({ resource: { name, spec } }) =>
      spec?.mode === 'Automatic' && world.settings.probes?.get(name)?.probe?.state === 'Failing',
  )
  return isYoung || isFailing ? 'watch' : 'poll'
}

/** Whether a status says what is over after some time, though nothing else should change. */
export const passesWithTime = ({ failovers }: Pick<Evaluation, 'failovers'>): boolean =>
  failovers.some(({ resource: { object } }) =>
    failoverMemory(object).zones.some(({ contendedAt }) => contendedAt !== undefined),
  )
