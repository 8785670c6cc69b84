import { Counter, Gauge, type Registry } from 'prom-client'
import type { Reconciliation } from '../engine/engine.ts'
import type { AutomaticMemory } from '../engine/failover/automatic/decision.ts'
import { failoverMemory } from '../engine/failover/memory.ts'
import type { StandInState } from '../engine/failover/stand-in.ts'
import type { Decided } from './automatic.ts'
import type { Sample } from './probing.ts'

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
  /** Asked at every scrape: what the last probes have found. */
  samplesFrom(samples: () => readonly Sample[]): void
  decided(decided: Decided): void
}

const automaticStates: readonly AutomaticMemory['state'][] = ['Waiting', 'Armed', 'Engaged', 'HoldDown']
const probeLabels = ['failover', 'role', 'address'] as const

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
  const automatic = new Gauge({
    name: 'srouter_automatic_state',
    help: 'By RegionFailover in mode Automatic or Observe: 1 for the state of its decision, 0 for the others.',
    labelNames: ['failover', 'mode', 'state'] as const,
    registers,
  })
  const decisions = new Counter({
    name: 'srouter_automatic_decisions_total',
    help: 'Decisions by RegionFailover: Engage, Release or Refuse, and why. In mode Observe nothing was done.',
    labelNames: ['failover', 'mode', 'decision', 'reason'] as const,
    registers,
  })
  let samplesOf: () => readonly Sample[] = () => []
  const probeSeconds = new Gauge({
    name: 'srouter_probe_duration_seconds',
    help: 'How long the last probe of an address took, answered or not.',
    labelNames: probeLabels,
    registers,
  })
  new Gauge({
    name: 'srouter_probe_up',
    help: 'By RegionFailover, role (peer, own or witness) and address: 1 where the last probe was answered, else 0.',
    labelNames: probeLabels,
    registers,
    collect() {
      this.reset()
      probeSeconds.reset()
      for (const { peer: failover, role, address, outcome } of samplesOf()) {
        this.set({ failover, role, address }, outcome.ok ? 1 : 0)
        probeSeconds.set({ failover, role, address }, outcome.milliseconds / 1000)
      }
    },
  })
  let cluster = ''
  yielded.set(0)
  return {
    reconciled: ({ evaluation: { standIns, world } }) => {
      state.reset()
      contended.reset()
      automatic.reset()
      for (const standIn of standIns) {
        for (const each of states)
          state.set({ failover: standIn.peer, state: each }, each === standIn.state ? 1 : 0)
        const { zones } = failoverMemory(standIn.resource.object)
        const count = zones.filter(({ contendedAt }) => contendedAt !== undefined).length
        contended.set({ failover: standIn.peer }, count)
        const { mode = 'Manual' } = standIn.resource.spec ?? {}
        const found = world.settings.probes?.get(standIn.peer)?.automatic?.state
        if (mode !== 'Manual' && found !== undefined)
          for (const each of automaticStates)
            automatic.set({ failover: standIn.peer, mode, state: each }, each === found ? 1 : 0)
      }
      yielded.set(world.home.state === 'yielded' ? 1 : 0)
      if (world.identity.state === 'one')
        cluster = `${world.identity.spec.cluster}-${world.identity.spec.region}`
    },
    ageFrom: age => {
      ageOf = age
    },
    samplesFrom: samples => {
      samplesOf = samples
    },
    decided: ({ peer: failover, mode, decision, reason }) =>
      decisions.inc({ failover, mode, decision, reason }),
  }
}
