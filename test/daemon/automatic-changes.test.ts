import { expect, test } from 'bun:test'
import fc from 'fast-check'
import type { KubeObject } from '../../src/api/object.ts'
import { automatic, down, running, up } from './support/automatic.ts'

/** What is decided by a probe, while that on which it was decided changes. */

const withSpec =
  (spec: object) =>
  (object: KubeObject): KubeObject => ({ ...object, spec: { ...(object.spec as object), ...spec } })

test('another probe has to find the peer up itself: what it cannot find may not be there', async () => {
  const { state, set, pass, round, word, stop } = await running()
  await round()
  expect(word()).toMatchObject({ state: 'Armed' })
  set(withSpec({ probe: { host: 'typo.example.com' } }))
  pass()
  state.health = down
  await round()
  expect(word()).toMatchObject({ state: 'Waiting', reason: 'PeerNeverUp' })
  expect(state.writes).toEqual([])
  await stop()
})

test('another reason or hold-down leaves it armed', async () => {
  const { state, set, pass, round, failover, stop } = await running()
  await round()
  set(withSpec({ holdDownSeconds: 60 }))
  pass()
  state.health = down
  await round()
  expect(failover().spec).toMatchObject({ engage: true })
  await stop()
})

test('another RegionFailover of that name knows nothing of the one before', async () => {
  const { state, put, pass, round, word, failover, stop } = await running()
  await round()
  const created = failover()
  state.health = down
  await round()
  pass()
  put(() => ({ ...created, status: undefined, metadata: { ...created.metadata, uid: 'u2' } }))
  pass()
  await round()
  expect(word()).toMatchObject({ state: 'Waiting', reason: 'PeerNeverUp' })
  state.health = up
  await round()
  expect(word()).toMatchObject({ state: 'Armed', observedGeneration: 1 })
  await stop()
})

test('a cluster that was set back to a backup is gone on with from what that says', async () => {
  const { state, put, pass, round, word, failover, stop } = await running()
  await round()
  pass()
  const backup = failover()
  state.health = down
  await round()
  pass()
  put(() => backup)
  pass()
  state.health = up
  await round()
  expect(word()).toMatchObject({ state: 'Armed', reason: 'PeerUp', observedGeneration: 1 })
  await stop()
})

test('a peer that comes back before the decision could be written keeps its traffic', async () => {
  const { state, time, round, word, stop } = await running()
  await round()
  state.health = down
  state.slowMs = 10_000
  await round()
  state.health = up
  await time.pass(10_000)
  expect(state.writes).toEqual([])
  expect(word()?.reason).not.toBe('NotWritten')
  await round()
  expect(word()).toMatchObject({ state: 'Armed', reason: 'PeerUp' })
  await stop()
})

test('a replica that has lost the lease, and does not know it yet, moves nothing', async () => {
  const { state, round, stop } = await running()
  await round()
  state.health = down
  state.isHeld = false
  await round()
  expect(state.writes).toEqual([])
  await stop()
})

test('a decision that cannot be written is said to be none', async () => {
  const { state, round, word, stop } = await running()
  await round()
  state.health = down
  state.failing = true
  for (let rounds = 0; rounds < 3; rounds++) await round()
  expect(word()).toMatchObject({ state: 'Armed', reason: 'NotWritten' })
  expect(word()?.message).toContain('it is away')
  expect(word()?.message).not.toContain('so this cluster stands in for it')
  expect(state.decided).toEqual([
    { peer: 'aks01-weu', decision: 'Refuse', reason: 'NotWritten', mode: 'Automatic' },
  ])
  await stop()
})

test('nor is it said while it is being written', async () => {
  const { state, time, round, word, stop } = await running()
  await round()
  state.health = down
  state.slowMs = 1_000
  await round()
  expect(word()?.message).not.toContain('so this cluster stands in for it')
  await time.pass(1_000)
  expect(word()?.message).toContain('so this cluster stands in for it')
  await stop()
})

test('a RegionFailover that is being deleted engages nothing', async () => {
  const { state, put, pass, round, word, stop } = await running()
  await round()
  put(object => ({ ...object, metadata: { ...object.metadata, deletionTimestamp: '2026-11-22T12:00:00Z' } }))
  pass()
  state.health = down
  await round()
  expect(state.writes).toEqual([])
  expect(word()).toBeUndefined()
  await stop()
})

test('one that is deleted, and has nothing to release any more, is in the way of no other', async () => {
  const both = ['aks01-weu', 'aks01-frc']
  const { state, put, pass, round, failover, stop } = await running(automatic, {}, undefined, ['aks01-frc'])
  put(object =>
    object.metadata.name === 'aks01-weu'
      ? {
          ...withSpec({ engage: true })(object),
          metadata: {
            ...object.metadata,
            annotations: { 'router.io/engaged-by': 'automatic' },
            deletionTimestamp: '2026-11-22T12:00:00Z',
          },
        }
      : object,
  )
  pass()
  await round(...both)
  state.health = down
  await round(...both)
  expect(failover('aks01-frc').spec).toMatchObject({ engage: true })
  await stop()
})

test('nor does one that cannot be read any more let another one be engaged beside it', async () => {
  const both = ['aks01-weu', 'aks01-frc']
  const { state, put, pass, round, failover, stop } = await running(automatic, {}, undefined, ['aks01-frc'])
  put(object =>
    object.metadata.name === 'aks01-weu'
      ? {
          ...withSpec({ engage: true, holdDownSeconds: -1 })(object),
          metadata: { ...object.metadata, annotations: { 'router.io/engaged-by': 'automatic' } },
        }
      : object,
  )
  pass()
  await round(...both)
  state.health = down
  await round(...both)
  expect(failover('aks01-frc').spec).not.toHaveProperty('engage')
  expect(state.decided.at(-1)).toMatchObject({ peer: 'aks01-frc', reason: 'AnotherEngaged' })
  await stop()
})

test('who engaged it before is forgotten without a probe, too, and not where that is news', async () => {
  const { state, put, pass, time, failover, stop } = await running({})
  const annotations = { 'router.io/engaged-by': 'automatic' }
  put(object => ({
    ...object,
    spec: { region: 'weu', cluster: 'aks01' },
    metadata: { ...object.metadata, annotations },
  }))
  state.interfering = 1
  pass()
  await time.pass(10)
  expect(failover().metadata.annotations).toEqual({})
  expect(state.writes).toMatchObject([{ metadata: { resourceVersion: '1' } }])
  await stop()
})

test('a hold-down goes on where the mode was Manual in between', async () => {
  const { state, set, pass, round, word, stop } = await running()
  await round()
  for (const engage of [true, false]) {
    set(withSpec({ engage }))
    pass()
  }
  await round()
  expect(word()).toMatchObject({ state: 'HoldDown' })
  for (const mode of ['Manual', 'Automatic']) {
    set(withSpec({ mode }))
    pass()
    pass()
    await round()
  }
  expect(word()).toMatchObject({ state: 'HoldDown' })
  expect(state.decided).toEqual([])
  await stop()
})

test('a term that ends while it is being written leaves nothing for the next one', async () => {
  const { state, round, loop, pass, stop } = await running()
  await round()
  state.health = down
  state.slowMs = 10
  const ended = round()
  await stop()
  await ended
  const next = new AbortController()
  const run = loop.run(next.signal, () => true)
  pass()
  expect([...loop.reports().values()].flatMap(({ automatic }) => automatic?.state ?? [])).not.toContain(
    'Engaged',
  )
  next.abort()
  await run
})

test('a clock that is set back holds nothing for longer than it may', async () => {
  const { state, time, set, pass, round, word, stop } = await running({ ...automatic, holdDownSeconds: 60 })
  await round()
  for (const engage of [true, false]) {
    set(withSpec({ engage }))
    pass()
  }
  await round()
  expect(word()).toMatchObject({ state: 'HoldDown' })
  time.jump(-86_400_000)
  await round()
  await time.pass(60_000)
  await round()
  await round()
  expect(word()).toMatchObject({ state: 'Armed' })
  state.health = up
  await stop()
})

test('whatever somebody has written into its status: only what was armed on this very spec engages', async () => {
  const time = fc.constantFrom(
    '2026-11-22T11:00:00Z',
    '9999-12-31T23:59:59Z',
    '-271821-04-20T00:00:00Z',
    'soon',
    '',
  )
  const remembered = fc.record(
    {
      state: fc.constantFrom('Waiting', 'Armed', 'Engaged', 'HoldDown', 'constructor', ''),
      since: fc.oneof(time, fc.integer()),
      until: fc.oneof(time, fc.constant(null)),
      reason: fc.string(),
      message: fc.string({ unit: 'binary' }),
      observedGeneration: fc.constantFrom(0, 1, 2, -1, Number.MAX_SAFE_INTEGER, '1'),
    },
    { requiredKeys: [] },
  )
  const probe = fc.oneof(fc.jsonValue(), fc.record({ state: fc.string(), addresses: fc.jsonValue() }))
  await fc.assert(
    fc.asyncProperty(fc.oneof(remembered, fc.jsonValue()), probe, async (status, found) => {
      const { state, round, loop, stop } = await running(automatic, {}, { automatic: status, probe: found })
      state.health = down
      await round()
      JSON.stringify([...loop.reports()])
      const { state: was, observedGeneration } = (status ?? {}) as Record<string, unknown>
      const isArmed = was === 'Armed' && observedGeneration === 1
      if (!isArmed) expect(state.writes).toEqual([])
      await stop()
    }),
    { numRuns: 100 },
  )
})
