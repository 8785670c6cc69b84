import { expect, test } from 'bun:test'
import { claimName } from '../../../../src/api/claims.ts'
import { type Decision, decide } from '../../../../src/engine/failover/automatic/decision.ts'
import { byHand, cut, down, type Event, heal, isolate, kill, part, up } from './environment.ts'
import { explore } from './explore.ts'
import { domain, nameOf, type Rules } from './node.ts'
import { asTheyAre } from './world.ts'

/** The explorer finds what it is there to find: the code is broken in one place, and what it promised with it. */

const two = ['weu', 'neu']
const three = ['weu', 'neu', 'frc']

const claimOn = (region: string): string => claimName(nameOf(region), domain)
const isOf = (targets: readonly string[], region: string): boolean =>
  targets.some(target => target.includes(`.${nameOf(region)}.`))

const changed = (decision: Decision, state: Decision['memory']['state']): Decision => ({
  ...decision,
  memory: { ...decision.memory, state, until: undefined },
})

const breaks = {
  'a witness need not answer': {
    decide: (memory, situation) => decide(memory, { ...situation, witnessAnswers: true }),
  },
  'who is claimed engages': {
    decide: (memory, situation) => decide(memory, { ...situation, home: 'free' }),
  },
  'what else is engaged does not count': {
    decide: (memory, situation) => decide(memory, { ...situation, other: undefined }),
  },
  'no hold-down': {
    decide: (memory, situation) => {
      const decision = decide(memory, situation)
      return decision.memory.state === 'HoldDown' ? changed(decision, 'Armed') : decision
    },
  },
  'a hold-down of no time': {
    decide: (memory, situation) =>
      decide(memory, { ...situation, spec: { ...situation.spec, holdDownSeconds: 0 } }),
  },
  'nothing is ever released': {
    decide: (memory, situation) => {
      const decision = decide(memory, situation)
      return decision.action === 'Release' ? { ...decision, memory, action: undefined } : decision
    },
  },
  'the claim on itself is not heard': {
    hears: (me, name, targets) => (name === claimOn(me) ? undefined : targets),
  },
  /** Of two that claim each other each takes its own claim for the one that counts more. */
  'no tie-break of mutual claims': {
    hears: (me, name, targets) =>
      name === claimOn(me) ? targets.map(target => target.replace('held-e2.', 'held-e1.')) : targets,
  },
  'the claims of others are not heard': {
    hears: (me, name, targets) =>
      name.startsWith('srouter-claim-') && name !== claimOn(me) && !isOf(targets, me) ? undefined : targets,
  },
  'a release is not heard': {
    hears: (me, name, targets) =>
      name === claimOn(me) && targets.some(target => target.startsWith('released-')) ? undefined : targets,
  },
} as const satisfies Readonly<Record<string, Partial<Rules>>>

interface Row {
  readonly broken: keyof typeof breaks
  readonly regions: readonly string[]
  readonly script: readonly Event[]
  readonly before?: readonly Event[]
  readonly failback?: 'Manual'
  readonly endsOnly?: true
  readonly finds: string
}

const rows: readonly Row[] = [
  {
    broken: 'a witness need not answer',
    regions: two,
    script: [isolate('neu')],
    finds: 'aks01-weu engages aks01-neu without a witness',
  },
  {
    broken: 'who is claimed engages',
    regions: two,
    script: [cut('weu', 'neu')],
    finds: 'aks01-neu engages aks01-weu, and what it saw of the claim on itself is: claimed',
  },
  {
    broken: 'what else is engaged does not count',
    regions: three,
    script: [kill('weu'), kill('neu')],
    finds: 'aks01-frc engages aks01-weu, and another one as well',
  },
  {
    broken: 'no hold-down',
    regions: two,
    script: [kill('weu'), byHand('neu', 'weu', false)],
    finds: 'aks01-neu engages aks01-weu within the hold-down',
  },
  {
    broken: 'a hold-down of no time',
    regions: two,
    script: [down('weu'), up('weu'), down('weu')],
    finds: 'aks01-neu engages aks01-weu within the hold-down',
  },
  {
    broken: 'nothing is ever released',
    regions: two,
    script: [kill('weu')],
    finds: 'aks01-neu for aks01-weu is still engaged, because of PeerReturned',
  },
  {
    broken: 'the claim on itself is not heard',
    regions: two,
    script: [cut('weu', 'neu')],
    finds: 'aks01-neu claims aks01-weu, and is itself claimed',
  },
  {
    broken: 'the claim on itself is not heard',
    regions: two,
    script: [cut('weu', 'neu')],
    endsOnly: true,
    finds: 'aks01-weu stands in for aks01-neu, and aks01-neu for it',
  },
  {
    broken: 'no tie-break of mutual claims',
    regions: two,
    before: [
      byHand('neu', 'weu', true),
      byHand('neu', 'weu', false),
      byHand('weu', 'neu', true),
      byHand('weu', 'neu', false),
    ],
    script: [part('weu', 'neu'), heal],
    failback: 'Manual',
    finds: 'aks01-weu is 10.2.0.1 in zone weu, not 10.1.0.1',
  },
  {
    broken: 'the claims of others are not heard',
    regions: three,
    script: [kill('weu')],
    finds: 'aks01-frc claims aks01-weu, which aks01-neu holds',
  },
  {
    broken: 'the claims of others are not heard',
    regions: three,
    script: [kill('weu')],
    endsOnly: true,
    finds: 'aks01-frc and aks01-neu both stand in for aks01-weu',
  },
  {
    broken: 'a release is not heard',
    regions: two,
    script: [kill('weu')],
    finds: 'aks01-weu is 10.2.0.1 in zone weu, not 10.1.0.1',
  },
]

const base = { shape: 'mesh', failback: 'Automatic', threshold: 1, restarts: 0, grain: 'coarse' } as const

test.each(rows)('$broken: $finds', ({ broken, endsOnly = false, finds, ...scenario }) => {
  const rules: Rules = { ...asTheyAre, ...breaks[broken] }
  const { found } = explore({ ...base, ...scenario }, { depth: 12, endsOnly }, rules)
  expect(found?.broken).toEndWith(finds)
  expect(found?.path.length).toBeGreaterThan(0)
})

test('every way to break it is tried', () => {
  expect(new Set<string>(rows.map(({ broken }) => broken))).toEqual(new Set(Object.keys(breaks)))
})

test.each(rows)(
  'as it is, nothing is found: $broken',
  ({ broken: _, endsOnly: __, finds: ___, ...scenario }) => {
    expect(explore({ ...base, ...scenario }, { depth: 4 }).found).toBeUndefined()
  },
)
