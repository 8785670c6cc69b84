import { describe, expect, test } from 'bun:test'
import { createAgenda } from '../../src/daemon/agenda.ts'
import { fakeTiming } from '../kube/support/timing.ts'

const interval = 30_000

/** After the first full pass, which has found the brake quiet. */
const begun = (settled = true, thoughtMs = 0) => {
  const timing = fakeTiming()
  const agenda = createAgenda(timing, interval)
  agenda.reset()
  expect(agenda.next()).toBe('full')
  agenda.beginFull()
  agenda.thought(settled, thoughtMs)
  agenda.endFull()
  const signal = new AbortController().signal
  /** How long it would wait. */
  const waits = async (): Promise<number> => {
    const before = timing.pauses.length
    await agenda.due(signal)
    return timing.pauses[before] ?? 0
  }
  return { timing, agenda, waits }
}

describe('what is due', () => {
  test('a full pass at first and after every interval', () => {
    const { timing, agenda } = begun()
    expect(agenda.next()).toBeUndefined()
    timing.advance(interval - 1)
    expect(agenda.next()).toBeUndefined()
    timing.advance(1)
    expect(agenda.next()).toBe('full')
  })

  test('routes at once, and a full pass a second later', () => {
    const { timing, agenda } = begun()
    agenda.add({ routes: ['app/a', 'app/b'], full: 'soon' })
    expect(agenda.next()).toBe('slice')
    expect([...agenda.takeRoutes()]).toEqual(['app/a', 'app/b'])
    expect(agenda.next()).toBeUndefined()
    timing.advance(1_000)
    expect(agenda.next()).toBe('full')
  })

  test('the first of two wishes counts', () => {
    const { timing, agenda } = begun()
    agenda.add({ full: 'soon' })
    timing.advance(600)
    agenda.add({ full: 'soon' })
    timing.advance(400)
    expect(agenda.next()).toBe('full')
  })

  test('the longer a full pass thinks, the rarer it is', () => {
    const { timing, agenda } = begun(true, 500)
    agenda.add({ full: 'soon' })
    timing.advance(9_999)
    expect(agenda.next()).toBeUndefined()
    timing.advance(1)
    expect(agenda.next()).toBe('full')
  })

  test('a change that everything depends on stops slices until it is worked on', () => {
    const { agenda } = begun()
    agenda.add({ routes: ['app/a'] })
    agenda.add({ full: 'now' })
    expect(agenda.slicesMayWork()).toBe(false)
    expect(agenda.next()).toBe('full')
    agenda.beginFull()
    agenda.thought(true, 0)
    // It has worked on the route as well.
    expect(agenda.next()).toBeUndefined()
  })

  test('while the brake is on, routes are worked on by full passes, soon', () => {
    const { timing, agenda } = begun(false)
    agenda.add({ routes: ['app/a'] })
    expect(agenda.next()).toBeUndefined()
    timing.advance(1_000)
    expect(agenda.next()).toBe('full')
  })

  test('Istio, at most every 100 ms, for a tenth of the time, and one at a time', () => {
    const { timing, agenda } = begun()
    agenda.touch(['istio-system/internal'])
    expect(agenda.next()).toBe('istio')
    expect([...agenda.beginIstio()]).toEqual(['istio-system/internal'])
    agenda.touch(['istio-system/internal'])
    timing.advance(1_000)
    expect(agenda.next()).toBeUndefined()
    agenda.endIstio()
    timing.advance(9_999)
    expect(agenda.next()).toBeUndefined()
    timing.advance(1)
    expect(agenda.next()).toBe('istio')
    agenda.beginIstio()
    agenda.endIstio()
    agenda.touch(['istio-system/external'])
    expect(agenda.next()).toBeUndefined()
    timing.advance(100)
    expect(agenda.next()).toBe('istio')
  })

  test('Istio is not kept waiting by routes that never end', () => {
    const { agenda } = begun()
    agenda.add({ routes: ['app/a'] })
    agenda.touch(['istio-system/internal'])
    expect(agenda.next()).toBe('istio')
    agenda.beginIstio()
    expect(agenda.next()).toBe('slice')
  })

  test('what failed: after 1, 2, 4 … 30 seconds; from the beginning after a success', () => {
    const { timing, agenda } = begun()
    const waited: number[] = []
    const wait = () => {
      agenda.retry()
      let ms = 0
      for (; agenda.next() !== 'full'; ms += 500) timing.advance(500)
      waited.push(ms)
      agenda.beginFull()
      agenda.thought(true, 0)
      agenda.endFull()
    }
    for (let count = 0; count < 7; count++) wait()
    agenda.succeeded()
    wait()
    expect(waited).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 1_000])
  })
})

describe('a full pass that is under way', () => {
  test('does not write for whom something newer is known', () => {
    const { agenda } = begun()
    const pass = agenda.beginFull()
    expect(pass.isCurrent(['app/a'])).toBe(true)
    agenda.add({ routes: ['app/a'] })
    agenda.outdate(['app/b', 'istio istio-system/internal'])
    expect(pass.isCurrent(['app/a'])).toBe(false)
    expect(pass.isCurrent(['app/c', 'app/b'])).toBe(false)
    expect(pass.isCurrent(['istio istio-system/internal'])).toBe(false)
    expect(pass.isCurrent(['app/c'])).toBe(true)
    expect(pass.isCurrent([])).toBe(true)
    agenda.endFull()
    expect(agenda.beginFull().isCurrent(['app/a'])).toBe(true)
  })

  test('is given up when everything is different', () => {
    const { agenda } = begun()
    const pass = agenda.beginFull()
    agenda.thought(true, 0)
    agenda.add({ full: 'soon' })
    expect(pass.isSuperseded()).toBe(false)
    agenda.add({ full: 'now' })
    expect(pass.isSuperseded()).toBe(true)
    expect(pass.isCurrent([])).toBe(false)
    // The next one does not begin beside it.
    expect(agenda.next()).toBeUndefined()
    agenda.endFull()
    expect(agenda.next()).toBe('full')
  })
})

describe('waiting', () => {
  test('a second at most, so that the loop is seen to live', async () => {
    const { waits } = begun()
    expect(await waits()).toBe(1_000)
  })

  test('not at all where something came before', async () => {
    const { agenda } = begun()
    const slow = { ...fakeTiming(), pause: () => new Promise<void>(() => {}) }
    const other = createAgenda(slow, interval)
    other.add({ full: 'soon' })
    await other.due(new AbortController().signal)
    const stop = new AbortController()
    const waiting = other.due(stop.signal)
    other.add({ routes: ['app/a'] })
    await waiting
    expect(agenda.next()).toBeUndefined()
  })
})
