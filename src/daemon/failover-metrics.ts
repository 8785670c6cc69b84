import { Gauge, type Registry } from 'prom-client'
import type { Reconciliation } from '../engine/engine.ts'
import { failoverMemory } from '../engine/failover/memory.ts'
import type { StandInState } from '../engine/failover/stand-in.ts'

const states: readonly StandInState[] = [
  'Standby',
  'Claiming',
  'Engaged',
  'Releasing',
  'Blocked',
  'Withdrawn',
]

export interface FailoverMetrics {
  reconciled(reconciliation: Pick<Reconciliation, 'evaluation'>): void
  /** Asked at every scrape: seconds since some zone last answered, or undefined where none is asked. */
  ageFrom(age: () => number | undefined): void
}

export const createFailoverMetrics = (registry: Registry): FailoverMetrics => {
  const registers = [registry]
  let ageOf: () => number | undefined = () => undefined
  const state = new Gauge({
    name: 'srouter_failover_state',
    help: 'By RegionFailover: 1 for the state that it is in, 0 for the others.',
    labelNames: ['failover', 'state'] as const,
    registers,
  })
  const contended = new Gauge({
    name: 'srouter_failover_contended_zones',
    help: 'By RegionFailover: zones that went back to other addresses in the last five minutes.',
    labelNames: ['failover'] as const,
    registers,
  })
  const yielded = new Gauge({
    name: 'srouter_yielded',
    help: '1 where another cluster stands in for this one, else 0.',
    registers,
  })
  new Gauge({
    name: 'srouter_claim_read_age_seconds',
    help: 'Seconds since some zone last answered; absent where this cluster asks none.',
    // Without labels a gauge is there from the start, as 0; with this one only when it is set.
    labelNames: ['cluster'] as const,
    registers,
    collect() {
      this.reset()
      const age = ageOf()
      if (age !== undefined) this.set({ cluster }, age)
    },
  })
  let cluster = ''
  yielded.set(0)
  return {
    reconciled: ({ evaluation: { standIns, world } }) => {
      state.reset()
      contended.reset()
      for (const standIn of standIns) {
        for (const each of states)
          state.set({ failover: standIn.peer, state: each }, each === standIn.state ? 1 : 0)
        const { zones } = failoverMemory(standIn.resource.object)
        const count = zones.filter(({ contendedAt }) => contendedAt !== undefined).length
        contended.set({ failover: standIn.peer }, count)
      }
      yielded.set(world.home.state === 'yielded' ? 1 : 0)
      if (world.identity.state === 'one')
        cluster = `${world.identity.spec.cluster}-${world.identity.spec.region}`
    },
    ageFrom: age => {
      ageOf = age
    },
  }
}
