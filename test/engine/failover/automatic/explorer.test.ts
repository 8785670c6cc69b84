import { afterAll, describe, expect, test } from 'bun:test'
import { byHand, cut, down, heal, hush, isolate, join, kill, part, revive, up } from './environment.ts'
import { explore } from './explore.ts'
import type { Scenario } from './world.ts'

/**
 * Automatic failover, exhaustively: in whatever order passes, cycles of ExternalDNS, probes, restarts and accidents come,
 * what is promised of it holds: on the way (`wrongToEngage`, `wrongToClaim`), and in the end (promises.ts).
 *
 * One moment here, though it takes a while: a look at all zones with the pass after it, and a round of all probes of one
 * cluster. Where gateways are is known.
 */

/** So many steps more than by default. */
const deeper = Number(process.env.SROUTER_TEST_DEPTH ?? 0)

interface Row extends Omit<Scenario, 'failback'> {
  readonly name: string
  /** How many steps; `all`: there are no more, however long it takes. */
  readonly depth: number | 'all'
}

const pair = { regions: ['weu', 'neu'], shape: 'mesh', threshold: 1, restarts: 0, grain: 'fine' } as const
const coarse = { ...pair, grain: 'coarse' } as const
const mesh = { ...coarse, regions: ['weu', 'neu', 'frc'] } as const
const ring = { ...mesh, shape: 'ring' } as const

const returns = [kill('weu'), revive('weu')]
const flaps = [down('weu'), up('weu'), down('weu'), up('weu')]
const cuts = [cut('weu', 'neu'), cut('neu', 'frc'), cut('weu', 'frc'), heal]
const twoDie = [kill('weu'), kill('neu'), revive('neu'), revive('weu')]

const rows: readonly Row[] = [
  { ...pair, name: 'a region dies and returns', script: returns, depth: 'all' },
  { ...coarse, name: 'gateways alone do', script: [down('weu'), up('weu')], depth: 'all' },
  { ...coarse, name: 'a region is cut off', script: [isolate('neu'), join('neu')], depth: 'all' },
  { ...pair, name: 'the gateways do not reach each other', script: [cut('weu', 'neu'), heal], depth: 9 },
  { ...coarse, name: 'the same, coarser', script: [cut('weu', 'neu'), heal], depth: 13 },
  { ...pair, name: 'the zones are apart as well', script: [part('weu', 'neu'), heal], depth: 9 },
  { ...coarse, name: 'the same, coarser', script: [part('weu', 'neu'), heal], depth: 10 },
  { ...coarse, name: 'restarts', restarts: 2, script: returns, depth: 12 },
  { ...coarse, name: 'restarts, thresholds of two', threshold: 2, restarts: 1, script: flaps, depth: 11 },
  { ...coarse, name: 'gateways come and go', script: flaps, depth: 14 },
  {
    ...coarse,
    name: 'people end it',
    restarts: 1,
    script: [kill('weu'), byHand('neu', 'weu', false), revive('weu')],
    depth: 9,
  },
  {
    ...coarse,
    name: 'people have begun it',
    script: [byHand('neu', 'weu', true), cut('weu', 'neu'), byHand('neu', 'weu', false), heal],
    depth: 8,
  },
  {
    ...coarse,
    name: 'apart, and then one dies',
    script: [part('weu', 'neu'), kill('weu'), heal, revive('weu')],
    depth: 11,
  },
  {
    ...coarse,
    name: 'the zone of the failed region is silent',
    script: [hush('neu', 'weu'), kill('weu'), revive('weu'), heal],
    depth: 14,
  },
  {
    ...coarse,
    name: 'the own zone is silent',
    script: [hush('neu', 'neu'), cut('weu', 'neu'), heal],
    depth: 11,
  },
  { ...mesh, name: 'three, and two die', script: twoDie, depth: 8 },
  { ...mesh, name: 'three, and none reaches another', script: cuts, depth: 6 },
  { ...ring, name: 'a ring, and none reaches another', script: cuts, depth: 9 },
  { ...ring, name: 'a ring, and two die', script: twoDie, depth: 12 },
]

describe.each(['Automatic', 'Manual'] as const)('explored, failback %s', failback => {
  const total = { states: 0, transitions: 0 }
  afterAll(() => {
    console.log(`explored, failback ${failback}: ${total.states} states, ${total.transitions} transitions`)
  })

  test.each(rows)(
    '$name ($grain)',
    ({ depth, ...scenario }) => {
      const limit = depth === 'all' ? Number.POSITIVE_INFINITY : depth + deeper
      const { found, isWhole, ...explored } = explore(
        { ...scenario, failback },
        { depth: limit, every: scenario.grain === 'fine' ? 3 : 1 },
      )
      total.states += explored.states
      total.transitions += explored.transitions
      if (deeper > 0) console.log(scenario.name, explored)
      expect(found).toBeUndefined()
      expect(isWhole || depth !== 'all').toBe(true)
    },
    600_000,
  )
})
