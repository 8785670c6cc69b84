import { expect, test } from 'bun:test'
import { engagedByAnnotation } from '../../src/api/labels.ts'
import { automatic, down, running, up } from './support/automatic.ts'

/** The loop around the decision, which has tests of its own: what it writes, onto what, and what it says meanwhile. */

test('a peer that was up goes down: engage is written, with who and why, onto what was decided on', async () => {
  const { state, pass, round, failover, word, loop, stop } = await running()
  await round()
  expect(word()).toMatchObject({ state: 'Armed', reason: 'PeerUp' })
  state.health = down
  await round()
  expect(state.writes).toHaveLength(1)
  const { engage, reason } = failover().spec as { engage?: unknown; reason?: string }
  expect(engage).toBe(true)
  expect(reason).toMatch(/^automatic: aks01-weu does not answer/)
  expect(failover().metadata.annotations?.[engagedByAnnotation]).toBe('automatic')
  expect(state.decided).toEqual([
    { peer: 'aks01-weu', decision: 'Engage', reason: 'PeerDown', mode: 'Automatic' },
  ])
  // The engine has not seen that yet: nothing is concluded from what it knows.
  await round()
  expect(word()).toMatchObject({ state: 'Engaged' })
  pass()
  await round()
  expect(word()).toMatchObject({ state: 'Engaged', reason: 'PeerDown' })
  expect(state.writes).toHaveLength(1)
  expect(loop.reports().get('aks01-weu')?.probe?.state).toBe('Down')
  await stop()
})

test('what is known of it is in the status, and another replica goes on from there', async () => {
  const first = await running()
  await first.round()
  first.pass()
  const { automatic: remembered } = first.failover().status as { automatic?: object }
  expect(remembered).toMatchObject({ state: 'Armed' })
  await first.stop()
  const second = await running(automatic, {}, { automatic: remembered })
  // Before its first round it says what it was told.
  expect(second.word()).toMatchObject({ state: 'Armed', reason: 'PeerUp' })
  second.state.health = down
  await second.round()
  expect(second.failover().spec).toMatchObject({ engage: true })
  await second.stop()
})

test('but not where the spec was changed in between: people may have engaged it, and ended it', async () => {
  const armed = { state: 'Armed', observedGeneration: 1 }
  const { state, round, word, stop } = await running(automatic, { generation: 3 }, { automatic: armed })
  state.health = down
  await round()
  expect(word()).toMatchObject({ state: 'Waiting', reason: 'PeerNeverUp' })
  await stop()
})

test('nor where it was engaged and ended while nobody looked', async () => {
  const { state, set, pass, round, word, stop } = await running()
  await round()
  state.health = down
  for (const engage of [true, false])
    set(object => ({ ...object, spec: { ...(object.spec as object), engage } }))
  pass()
  await round()
  expect(word()).toMatchObject({ state: 'Waiting' })
  expect(state.writes).toEqual([])
  await stop()
})

test('what was engaged by hand and ended between two rounds was engaged', async () => {
  const { state, set, pass, round, word, stop } = await running()
  await round()
  state.health = down
  for (const engage of [true, false]) {
    set(object => ({ ...object, spec: { ...(object.spec as object), engage } }))
    pass()
  }
  await round()
  expect(word()).toMatchObject({ state: 'HoldDown', reason: 'Ended' })
  expect(state.writes).toEqual([])
  await stop()
})

test('a peer that was never up moves nothing', async () => {
  const { state, round, word, stop } = await running()
  state.health = down
  await round()
  expect(word()).toMatchObject({ state: 'Waiting', reason: 'PeerNeverUp' })
  expect(state.writes).toEqual([])
  await stop()
})

test('mode Observe decides, says so, and writes nothing', async () => {
  const { state, round, word, failover, stop } = await running({ ...automatic, mode: 'Observe' })
  await round()
  state.health = down
  await round()
  expect(word()).toMatchObject({ state: 'Engaged', reason: 'PeerDown' })
  expect(state.decided).toEqual([
    { peer: 'aks01-weu', decision: 'Engage', reason: 'PeerDown', mode: 'Observe' },
  ])
  state.health = up
  await round()
  expect(word()).toMatchObject({ state: 'HoldDown', reason: 'PeerReturned' })
  expect(state.writes).toEqual([])
  expect(failover().spec).not.toHaveProperty('engage')
  await stop()
})

test('what speaks against it is told once, and not with every round', async () => {
  const { state, round, stop } = await running()
  await round()
  state.health = down
  state.witness = false
  for (let rounds = 0; rounds < 5; rounds++) await round()
  expect(state.decided.map(({ decision, reason }) => `${decision} ${reason}`)).toEqual(['Refuse NoWitness'])
  state.witness = true
  state.own = false
  await round()
  expect(state.decided.at(-1)).toMatchObject({ decision: 'Refuse', reason: 'OwnGatewayDown' })
  expect(state.writes).toEqual([])
  await stop()
})

test('another version of the status meanwhile is no reason not to write', async () => {
  const { state, round, failover, stop } = await running()
  await round()
  state.health = down
  state.interfering = 2
  await round()
  expect(failover().spec).toMatchObject({ engage: true })
  await stop()
})

test('a spec that somebody changes meanwhile is decided on anew, when the engine has seen it', async () => {
  const { state, pass, round, failover, stop } = await running()
  await round()
  state.health = down
  state.interfering = 1
  state.interferes = 'spec'
  await round()
  await round()
  expect(state.writes).toEqual([])
  pass()
  await round()
  expect(failover().spec).toMatchObject({ engage: true })
  await stop()
})

test('what could not be written is decided anew after the next round', async () => {
  const { state, round, word, failover, stop } = await running()
  await round()
  state.health = down
  state.failing = true
  await round()
  expect(word()).toMatchObject({ state: 'Armed' })
  state.failing = false
  await round()
  expect(failover().spec).toMatchObject({ engage: true })
  await stop()
})

test('failback: by itself only where that was asked for, and after the hold-down', async () => {
  const { state, time, pass, round, failover, word, stop } = await running({
    ...automatic,
    failback: 'Automatic',
    holdDownSeconds: 60,
  })
  await round()
  state.health = down
  await round()
  pass()
  state.health = up
  await round()
  expect(word()).toMatchObject({ state: 'Engaged', reason: 'HeldAtLeast' })
  await time.pass(60_000)
  await round()
  expect(failover().spec).toMatchObject({ engage: false })
  expect(failover().metadata.annotations?.[engagedByAnnotation]).toBeUndefined()
  pass()
  state.health = down
  await round()
  expect(word()).toMatchObject({ state: 'HoldDown' })
  expect(state.writes).toHaveLength(2)
  await stop()
})

test('who engaged it before is forgotten when people switch it off by hand', async () => {
  const { set, pass, failover, time, stop } = await running(automatic, {
    annotations: { [engagedByAnnotation]: 'automatic' },
  })
  set(object => ({ ...object, spec: { ...(object.spec as object), engage: false } }))
  pass()
  await time.pass(10)
  expect(failover().metadata.annotations?.[engagedByAnnotation]).toBeUndefined()
  await stop()
})

test('in mode Manual a probe tells and decides nothing; own gateways and witnesses are left alone', async () => {
  const { state, round, word, stop } = await running({ ...automatic, mode: 'Manual' })
  expect(state.probed).toMatchObject([{ peer: 'aks01-weu', ownAddresses: [], witnesses: [] }])
  await round()
  state.health = down
  await round()
  expect(word()).toBeUndefined()
  expect(state.writes).toEqual([])
  await stop()
})

test('of two that go down at once one is stood in for, though the engine has seen neither yet', async () => {
  const both = ['aks01-weu', 'aks01-frc']
  const { state, pass, round, failover, stop } = await running(automatic, {}, undefined, ['aks01-frc'])
  await round(...both)
  state.health = down
  // The first is still being written when the second is decided on, and after that the engine has not seen it.
  await round(...both)
  await round(...both)
  expect(state.decided.filter(({ decision }) => decision === 'Engage')).toHaveLength(1)
  pass()
  await round(...both)
  expect(both.map(peer => (failover(peer).spec as { engage?: boolean }).engage)).toEqual([true, undefined])
  expect(state.decided.map(({ peer, decision, reason }) => [peer, decision, reason]).sort()).toEqual([
    ['aks01-frc', 'Refuse', 'AnotherEngaged'],
    ['aks01-weu', 'Engage', 'PeerDown'],
  ])
  await stop()
})

test('what people begin and end between two rounds stays ended', async () => {
  const { state, set, pass, round, word, stop } = await running()
  await round()
  for (const engage of [true, false]) {
    set(object => ({ ...object, spec: { ...(object.spec as object), engage } }))
    pass()
  }
  state.health = down
  await round()
  expect(word()).toMatchObject({ state: 'HoldDown', reason: 'Ended' })
  expect(state.writes).toEqual([])
  await stop()
})
