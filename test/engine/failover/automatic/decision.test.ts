import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  type AutomaticMemory,
  type AutomaticReason,
  type Decision,
  decide,
  firstMemory,
  rememberEngaged,
  type Situation,
} from '../../../../src/engine/failover/automatic/decision.ts'
import { type Health, unknownHealth } from '../../../../src/engine/failover/automatic/health.ts'
import { decisionText } from '../../../../src/engine/failover/automatic/message.ts'
import { memoryAsStatus, memoryFrom } from '../../../../src/engine/failover/automatic/report.ts'
import { timestamp } from '../../../../src/lib/timestamp.ts'

const now = Date.parse('2026-03-01T12:00:00Z')
const seconds = (count: number): number => now + count * 1000

const unknown = unknownHealth
const answered: Health = { ...unknown, successes: 1 }
const up: Health = { ...unknown, state: 'Up', successes: 6 }
const failing: Health = { ...up, successes: 0, failures: 1, failingSinceMs: 1 }
const neverUp: Health = { ...failing, state: 'Unknown' }
const dead: Health = { ...failing, state: 'Down', failures: 3 }
const returning: Health = { ...unknown, state: 'Down', successes: 1 }

/** The peer is down, and nothing speaks against standing in for it. */
const clear: Situation = {
  now,
  spec: { mode: 'Automatic', failback: 'Manual', holdDownSeconds: 300 },
  engagement: 'none',
  standIn: 'Standby',
  peer: dead,
  witnessAnswers: true,
  gatewayAnswers: true,
  home: 'free',
  claim: 'nobody',
  other: undefined,
}
const failback: Partial<Situation> = { spec: { ...clear.spec, failback: 'Automatic' } }
const observe: Partial<Situation> = { spec: { ...clear.spec, mode: 'Observe' } }
const itsOwn: Partial<Situation> = { engagement: 'automatic', standIn: 'Engaged', claim: 'ours' }

const waiting: AutomaticMemory = { state: 'Waiting', since: seconds(-1000), until: undefined }
const armed: AutomaticMemory = { ...waiting, state: 'Armed' }
const engaged: AutomaticMemory = { ...waiting, state: 'Engaged' }
const holding: AutomaticMemory = { state: 'HoldDown', since: seconds(-100), until: seconds(200) }

type Expected = readonly [
  state: AutomaticMemory['state'],
  action: Decision['action'],
  reason: AutomaticReason,
]
type Row = readonly [name: string, memory: AutomaticMemory, situation: Partial<Situation>, expected: Expected]

const rows: readonly Row[] = [
  ['waiting, by itself', waiting, itsOwn, ['Engaged', undefined, 'PeerDown']],
  ['armed, by itself, as after a restart', armed, itsOwn, ['Engaged', undefined, 'PeerDown']],
  ['a hold-down, by itself', holding, itsOwn, ['Engaged', undefined, 'PeerDown']],
  ['waiting, by hand', waiting, { engagement: 'byHand' }, ['Engaged', undefined, 'EngagedByHand']],
  ['armed, by hand', armed, { engagement: 'byHand', peer: up }, ['Engaged', undefined, 'EngagedByHand']],
  ['a hold-down, by hand', holding, { engagement: 'byHand' }, ['Engaged', undefined, 'EngagedByHand']],

  ['waiting, and the peer is up', waiting, { peer: up }, ['Armed', undefined, 'PeerUp']],
  ['waiting, and it is unknown', waiting, { peer: unknown }, ['Waiting', undefined, 'PeerNeverUp']],
  ['waiting, and it has begun to answer', waiting, { peer: answered }, ['Waiting', undefined, 'PeerNeverUp']],
  ['waiting, and it is down', waiting, {}, ['Waiting', undefined, 'PeerNeverUp']],
  ['waiting, down, answering again', waiting, { peer: returning }, ['Waiting', undefined, 'PeerNeverUp']],
  ['waiting, and it was up and fails', waiting, { peer: failing }, ['Armed', undefined, 'PeerUp']],

  ['armed, and the peer is up', armed, { peer: up }, ['Armed', undefined, 'PeerUp']],
  ['armed, and it fails', armed, { peer: failing }, ['Armed', undefined, 'PeerFailing']],
  ['armed, fails since the restart', armed, { peer: neverUp }, ['Armed', undefined, 'PeerFailing']],
  ['armed, and nothing is known', armed, { peer: unknown }, ['Armed', undefined, 'PeerUnknown']],
  ['armed, down, answering again', armed, { peer: returning }, ['Armed', undefined, 'PeerUnknown']],

  ['armed, down, itself claimed', armed, { home: 'claimed' }, ['Armed', undefined, 'ItselfClaimed']],
  ['armed, down, no witness', armed, { witnessAnswers: false }, ['Armed', undefined, 'NoWitness']],
  ['armed, down, its gateway too', armed, { gatewayAnswers: false }, ['Armed', undefined, 'OwnGatewayDown']],
  ['armed, down, home unread', armed, { home: 'unread' }, ['Armed', undefined, 'OwnClaimUnread']],
  ['armed, down, another claims', armed, { claim: 'another' }, ['Armed', undefined, 'ClaimHeld']],
  ['armed, down, the claim is unread', armed, { claim: 'unread' }, ['Armed', undefined, 'ClaimUnread']],
  ['armed, down, its claim is there', armed, { claim: 'ours' }, ['Armed', undefined, 'NotReady']],
  ['armed, down, releasing', armed, { standIn: 'Releasing' }, ['Armed', undefined, 'NotReady']],
  ['armed, down, blocked', armed, { standIn: 'Blocked' }, ['Armed', undefined, 'NotReady']],
  ['armed, down, withdrawn', armed, { standIn: 'Withdrawn' }, ['Armed', undefined, 'NotReady']],
  ['armed, down, stands in elsewhere', armed, { other: 'aks01-frc' }, ['Armed', undefined, 'AnotherEngaged']],
  ['armed, down, nothing against it', armed, {}, ['Engaged', 'Engage', 'PeerDown']],

  ['engaged, and somebody has ended it', engaged, {}, ['HoldDown', undefined, 'Ended']],
  ['the same, and the peer is up', engaged, { peer: up }, ['HoldDown', undefined, 'Ended']],
  ['engaged by hand', engaged, { engagement: 'byHand' }, ['Engaged', undefined, 'EngagedByHand']],
  [
    'engaged by hand, and the peer is up',
    engaged,
    { ...failback, engagement: 'byHand', peer: up },
    ['Engaged', undefined, 'EngagedByHand'],
  ],
  [
    'engaged by hand, and it gave way',
    engaged,
    { engagement: 'byHand', standIn: 'Withdrawn' },
    ['Engaged', undefined, 'EngagedByHand'],
  ],
  [
    'engaged, and it gave way',
    engaged,
    { ...itsOwn, standIn: 'Withdrawn' },
    ['HoldDown', 'Release', 'GaveWay'],
  ],
  ['engaged, and blocked', engaged, { ...itsOwn, standIn: 'Blocked' }, ['HoldDown', 'Release', 'GaveWay']],
  [
    'engaged, up, failback by hand',
    engaged,
    { ...itsOwn, peer: up },
    ['Engaged', undefined, 'FailbackByHand'],
  ],
  [
    'engaged, up, held too shortly',
    { ...engaged, since: seconds(-299) },
    { ...itsOwn, ...failback, peer: up },
    ['Engaged', undefined, 'HeldAtLeast'],
  ],
  [
    'engaged, up, held long enough',
    { ...engaged, since: seconds(-300) },
    { ...itsOwn, ...failback, peer: up },
    ['HoldDown', 'Release', 'PeerReturned'],
  ],
  ['engaged, and the peer is down', engaged, { ...itsOwn, ...failback }, ['Engaged', undefined, 'PeerDown']],
  [
    'engaged, still claiming',
    engaged,
    { ...itsOwn, standIn: 'Claiming' },
    ['Engaged', undefined, 'PeerDown'],
  ],
  [
    'engaged, and nothing is known',
    engaged,
    { ...itsOwn, ...failback, peer: unknown },
    ['Engaged', undefined, 'PeerDown'],
  ],
  [
    'engaged, no witness, no gateway',
    engaged,
    { ...itsOwn, witnessAnswers: false, gatewayAnswers: false },
    ['Engaged', undefined, 'PeerDown'],
  ],

  ['a hold-down', holding, {}, ['HoldDown', undefined, 'HoldDown']],
  ['a hold-down, and the peer is up', holding, { peer: up }, ['HoldDown', undefined, 'HoldDown']],
  ['its last moment', { ...holding, until: now + 1 }, { peer: up }, ['HoldDown', undefined, 'HoldDown']],
  ['it is over', { ...holding, until: now }, {}, ['Waiting', undefined, 'PeerNeverUp']],
  [
    'over, and the peer is up',
    { ...holding, until: now },
    { peer: up },
    ['Waiting', undefined, 'PeerNeverUp'],
  ],

  ['observed, waiting, up', waiting, { ...observe, peer: up }, ['Armed', undefined, 'PeerUp']],
  ['observed, armed, down', armed, observe, ['Engaged', 'Engage', 'PeerDown']],
  ['observed, no witness', armed, { ...observe, witnessAnswers: false }, ['Armed', undefined, 'NoWitness']],
  ['observed, it would be engaged', engaged, observe, ['Engaged', undefined, 'PeerDown']],
  [
    'observed, it would be released',
    { ...engaged, since: now },
    { ...observe, peer: up },
    ['HoldDown', 'Release', 'PeerReturned'],
  ],
  [
    'observed, engaged by hand',
    engaged,
    { ...observe, engagement: 'byHand', peer: up },
    ['Engaged', undefined, 'EngagedByHand'],
  ],
  ['observed, a hold-down', holding, { ...observe, peer: up }, ['HoldDown', undefined, 'HoldDown']],
  // What was only thought of when the mode becomes Automatic is over: nobody is engaged because of what was not so.
  ['from Observe to Automatic, as if engaged', engaged, {}, ['HoldDown', undefined, 'Ended']],
  // And what is so when it becomes Observe, people end.
  [
    'from Automatic to Observe, engaged',
    engaged,
    { ...itsOwn, ...observe },
    ['Engaged', undefined, 'EngagedByHand'],
  ],
  [
    'from Automatic to Observe, engaged, and the peer is up',
    engaged,
    { ...itsOwn, ...observe, peer: up },
    ['Engaged', undefined, 'EngagedByHand'],
  ],
  [
    'from Automatic to Observe, over a restart',
    waiting,
    { ...itsOwn, ...observe },
    ['Engaged', undefined, 'EngagedByHand'],
  ],
]

describe('decide', () => {
  test.each(rows)('%s', (_, memory, situation, [state, action, reason]) => {
    const all = { ...clear, ...situation }
    const decision = decide(memory, all)
    expect([decision.memory.state, decision.action, decision.reason]).toEqual([state, action, reason])
    // What stays stays as it was; what is new begins now, and a hold-down has an end.
    const isNew = state !== memory.state
    expect(decision.memory.since).toBe(isNew ? now : memory.since)
    expect(decision.memory.until).toBe(
      isNew ? (state === 'HoldDown' ? seconds(300) : undefined) : memory.until,
    )
  })

  test('every reason is in a row, and has a text that names the cluster or says what to do', () => {
    const said = new Map(
      rows.map(([, memory, situation, [, , reason]]) => {
        const all = { ...clear, ...situation }
        return [reason, decisionText(decide(memory, all), all, 'aks01-weu')]
      }),
    )
    const all: Readonly<Record<AutomaticReason, RegExp>> = {
      PeerNeverUp: /aks01-weu up/,
      PeerUp: /^aks01-weu answers/,
      PeerFailing: /^aks01-weu has begun/,
      PeerUnknown: /^aks01-weu has not been probed/,
      PeerDown: /^aks01-weu does not answer/,
      OwnClaimUnread: /cannot be read/,
      ItselfClaimed: /stands in for this one/,
      ClaimUnread: /no zone says/,
      ClaimHeld: /another cluster has the claim/,
      NotReady: /the RegionFailover is/,
      AnotherEngaged: /stands in for aks01-frc already/,
      NoWitness: /no witness/,
      OwnGatewayDown: /no gateway of this cluster/,
      EngagedByHand: /srouter failover end/,
      FailbackByHand: /srouter failover end aks01-weu/,
      HeldAtLeast: /at least 300 s/,
      PeerReturned: /gets its traffic back/,
      GaveWay: /gave way/,
      Ended: /before 2026-03-01T12:05:00Z/,
      HoldDown: /before 2026-03-01T12:03:20Z/,
    }
    expect([...said.keys()].sort()).toEqual(Object.keys(all).sort() as AutomaticReason[])
    for (const [reason, text] of said) expect(text).toMatch(all[reason])
  })

  test('in mode Observe nobody is told that it stands in', () => {
    const situation = { ...clear, ...observe }
    expect(decisionText(decide(armed, situation), situation, 'aks01-weu')).toContain('would stand in')
  })
})

describe('what decide never does', () => {
  const health = fc.record({
    state: fc.constantFrom('Unknown' as const, 'Up' as const, 'Down' as const),
    failures: fc.nat({ max: 4 }),
    successes: fc.nat({ max: 4 }),
    failingSinceMs: fc.option(fc.nat(), { nil: undefined }),
    answeringSinceMs: fc.constant(undefined),
    last: fc.constant(undefined),
  })
  const situations: fc.Arbitrary<Situation> = fc.record({
    now: fc.integer({ min: now - 1000, max: now + 1000 }),
    spec: fc.record({
      mode: fc.constantFrom('Automatic' as const, 'Observe' as const),
      failback: fc.constantFrom('Automatic' as const, 'Manual' as const),
      holdDownSeconds: fc.integer({ min: 1, max: 2 }),
    }),
    engagement: fc.constantFrom('none' as const, 'byHand' as const, 'automatic' as const),
    standIn: fc.constantFrom(
      'Standby' as const,
      'Claiming' as const,
      'Engaged' as const,
      'Releasing' as const,
      'Blocked' as const,
      'Withdrawn' as const,
    ),
    peer: health,
    witnessAnswers: fc.boolean(),
    gatewayAnswers: fc.boolean(),
    home: fc.constantFrom('free' as const, 'claimed' as const, 'unread' as const),
    claim: fc.constantFrom('nobody' as const, 'ours' as const, 'another' as const, 'unread' as const),
    other: fc.option(fc.constant('aks01-frc'), { nil: undefined }),
  })
  // Half of them are but for one field those that engage, so that chance comes near.
  const near = fc
    .tuple(situations, fc.constantFrom(...(Object.keys(clear) as (keyof Situation)[])))
    .map(([other, field]): Situation => ({ ...clear, [field]: other[field] }))
  const memories: fc.Arbitrary<AutomaticMemory> = fc.record({
    state: fc.constantFrom('Waiting' as const, 'Armed' as const, 'Engaged' as const, 'HoldDown' as const),
    since: fc.integer({ min: now - 5000, max: now + 5000 }),
    until: fc.option(fc.integer({ min: now - 5000, max: now + 5000 }), { nil: undefined }),
  })
  const any = fc.oneof(situations, near)

  test('it engages only when everything speaks for it', () => {
    let engagements = 0
    fc.assert(
      fc.property(memories, any, (memory, situation) => {
        if (decide(memory, situation).action !== 'Engage') return
        engagements++
        expect(memory.state).toBe('Armed')
        const { engagement, standIn, peer, witnessAnswers, gatewayAnswers, home, claim, other } = situation
        expect(peer.state).toBe('Down')
        expect(peer.failures).toBeGreaterThan(0)
        expect({ engagement, standIn, witnessAnswers, gatewayAnswers, home, claim, other }).toEqual({
          engagement: 'none',
          standIn: 'Standby',
          witnessAnswers: true,
          gatewayAnswers: true,
          home: 'free',
          claim: 'nobody',
          other: undefined,
        })
      }),
      { numRuns: 3000 },
    )
    expect(engagements).toBeGreaterThan(0)
  })

  test('it releases only what it has engaged itself, or would have', () => {
    fc.assert(
      fc.property(memories, any, (memory, situation) => {
        if (decide(memory, situation).action !== 'Release') return
        expect(memory.state).toBe('Engaged')
        const isObserved = situation.spec.mode === 'Observe' && situation.engagement === 'none'
        if (!isObserved) expect(situation.engagement).toBe('automatic')
      }),
      { numRuns: 3000 },
    )
  })

  test('between two engagements lies a hold-down, and the peer was up', () => {
    const spec = { mode: 'Automatic', failback: 'Automatic', holdDownSeconds: 2 } as const
    const lives: readonly Situation[] = [
      { ...clear, spec },
      { ...clear, spec, peer: up },
      { ...clear, ...itsOwn, spec },
      { ...clear, ...itsOwn, spec, peer: up },
      { ...clear, ...itsOwn, spec, standIn: 'Withdrawn' },
    ]
    let again = 0
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...lives), fc.nat({ max: 3000 })), { size: '+1' }),
        steps => {
          let memory = firstMemory(now)
          let at = now
          let endedAt: number | undefined
          let wasUp = false
          for (const [situation, ms] of steps) {
            at += ms
            const before = memory.state
            const decision = decide(memory, { ...situation, now: at })
            memory = decision.memory
            if (situation.peer.state === 'Up') wasUp = true
            if (before === 'Engaged' && memory.state === 'HoldDown') [endedAt, wasUp] = [at, false]
            if (decision.action !== 'Engage') continue
            expect(wasUp).toBe(true)
            if (endedAt === undefined) continue
            again++
            expect(at - endedAt).toBeGreaterThanOrEqual(2000)
          }
        },
      ),
      { numRuns: 2000 },
    )
    expect(again).toBeGreaterThan(0)
  })
})

describe('what is engaged was engaged', () => {
  test.each<[string, AutomaticMemory, Situation['engagement'], AutomaticMemory]>([
    ['waiting, none', waiting, 'none', waiting],
    ['armed, none', armed, 'none', armed],
    ['engaged, none', engaged, 'none', engaged],
    ['holding, none', holding, 'none', holding],
    ['armed, automatic', armed, 'automatic', { state: 'Engaged', since: now, until: undefined }],
    ['armed, byHand', armed, 'byHand', { state: 'Engaged', since: now, until: undefined }],
    ['holding, byHand', holding, 'byHand', { state: 'Engaged', since: now, until: undefined }],
    ['engaged, automatic', engaged, 'automatic', engaged],
  ])('%s', (_, memory, engagement, expected) => {
    expect(rememberEngaged(memory, engagement, now)).toEqual(expected)
  })
})

describe('after a restart', () => {
  const from = (automatic: Parameters<typeof memoryFrom>[0]): AutomaticMemory =>
    memoryFrom(automatic, now, { holdDownSeconds: 300, generation: 7 })
  const text = (count: number): string => timestamp(seconds(count))

  test.each<[string, Parameters<typeof memoryFrom>[0], AutomaticMemory]>([
    ['nothing', undefined, firstMemory(now)],
    ['an empty status', {}, firstMemory(now)],
    ['a state that there is not', { state: 'Ready', since: text(-10) }, firstMemory(now)],
    ['Waiting', { state: 'Waiting', since: text(-10) }, firstMemory(now)],
    [
      'Armed',
      { state: 'Armed', since: text(-10), observedGeneration: 7 },
      { state: 'Armed', since: seconds(-10), until: undefined },
    ],
    ['Armed, of another spec', { state: 'Armed', since: text(-10), observedGeneration: 6 }, firstMemory(now)],
    ['Armed, of a spec that is to come', { state: 'Armed', observedGeneration: 8 }, firstMemory(now)],
    ['Armed, of nobody knows which', { state: 'Armed', since: text(-10) }, firstMemory(now)],
    ['Engaged', { state: 'Engaged', since: text(-10) }, { ...engaged, since: seconds(-10) }],
    ['Engaged, no time', { state: 'Engaged' }, { ...engaged, since: now }],
    ['Engaged, no such time', { state: 'Engaged', since: 'yesterday' }, { ...engaged, since: now }],
    ['Engaged in the future', { state: 'Engaged', since: text(9_999_999) }, { ...engaged, since: now }],
    [
      'Engaged with an end',
      { state: 'Engaged', since: text(-10), until: text(10) },
      { ...engaged, since: seconds(-10) },
    ],
    [
      'a hold-down',
      { state: 'HoldDown', since: text(-10), until: text(10) },
      { state: 'HoldDown', since: seconds(-10), until: seconds(10) },
    ],
    [
      'a hold-down that is over',
      { state: 'HoldDown', since: text(-400), until: text(-100) },
      { state: 'HoldDown', since: seconds(-400), until: seconds(-100) },
    ],
    [
      'a hold-down without an end: a whole one',
      { state: 'HoldDown', since: text(-10) },
      { state: 'HoldDown', since: seconds(-10), until: seconds(300) },
    ],
    [
      'a hold-down for years: no longer than one',
      { state: 'HoldDown', since: text(-10), until: '9999-12-31T23:59:59Z' },
      { state: 'HoldDown', since: seconds(-10), until: seconds(300) },
    ],
    [
      'a hold-down from the future, until nonsense',
      { state: 'HoldDown', since: text(500), until: 'soon' },
      { state: 'HoldDown', since: now, until: seconds(300) },
    ],
  ])('%s', (_, automatic, expected) => {
    expect(from(automatic)).toEqual(expected)
  })

  test('what was written is read as it was', () => {
    for (const memory of [armed, engaged, holding])
      expect(from({ ...memoryAsStatus(memory), observedGeneration: 7 })).toEqual(memory)
  })

  test('whatever it says, it holds nothing for longer than one hold-down, and has seen nothing of the future', () => {
    const time = fc.oneof(
      fc.date({ noInvalidDate: true }).map(date => date.toISOString()),
      fc.string(),
    )
    const status = fc.record(
      {
        state: fc.oneof(fc.constantFrom('Waiting', 'Armed', 'Engaged', 'HoldDown'), fc.string()),
        since: time,
        until: time,
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(status, automatic => {
        const { since, until = now } = from(automatic)
        expect(since).toBeLessThanOrEqual(now)
        expect(until).toBeLessThanOrEqual(seconds(300))
      }),
    )
  })
})
