import { describe, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import { createRoutesIndex } from '../../src/daemon/routes-index.ts'
import { createStore } from '../../src/daemon/store.ts'
import { createTaker } from '../../src/daemon/taker.ts'
import { createTombstones } from '../../src/daemon/tombstones.ts'
import { isOlder } from '../../src/daemon/versions.ts'
import { route } from '../engine/build.ts'

const at = (resourceVersion: string, uid = 'one', name = 'api'): KubeObject => {
  const made = route('app', name)
  return { ...made, metadata: { ...made.metadata, resourceVersion, uid } }
}
const versionOf = (store: ReturnType<typeof createStore>, name = 'api') =>
  store.objects('ServiceRoute').get(`app/${name}`)?.metadata.resourceVersion

describe('a version is older', () => {
  for (const [a, b, older] of [
    ['9', '10', true],
    ['10', '9', false],
    ['10', '10', false],
    ['99', '100', true],
    ['0', '1', true],
    ['12345678901234567890', '12345678901234567891', true],
    ['x9', '10', false],
    ['9', 'x10', false],
    ['09', '10', false],
    [undefined, '10', false],
    ['9', undefined, false],
  ] as const)
    test(`${a} than ${b}: ${older}`, () => expect(isOlder(a, b)).toBe(older))
})

describe('the store', () => {
  test('takes what is new and newer, and says what was there', () => {
    const store = createStore()
    expect(store.put('ServiceRoute', at('9'))).toEqual({ taken: true, before: undefined })
    expect(store.put('ServiceRoute', at('10'))).toEqual({ taken: true, before: at('9') })
    expect(store.version()).toBe(2)
  })

  test('leaves what it has, and what is older', () => {
    const store = createStore()
    store.put('ServiceRoute', at('10'))
    const version = store.version()
    expect(store.put('ServiceRoute', at('10'))).toEqual({ taken: false })
    expect(store.put('ServiceRoute', at('9'))).toEqual({ taken: false })
    // Of an object that is gone and had its name.
    expect(store.put('ServiceRoute', at('8', 'zero'))).toEqual({ taken: false })
    expect([versionOf(store), store.version()]).toEqual(['10', version])
  })

  test('takes versions that are no numbers as they come', () => {
    const store = createStore()
    store.put('ServiceRoute', at('b'))
    store.put('ServiceRoute', at('a'))
    expect(versionOf(store)).toBe('a')
  })

  test('removes only the object that is meant', () => {
    const store = createStore()
    store.put('ServiceRoute', at('10', 'two'))
    expect(store.remove('ServiceRoute', 'app/api', 'one')).toBeUndefined()
    expect(store.remove('ServiceRoute', 'app/other', undefined)).toBeUndefined()
    expect(versionOf(store)).toBe('10')
    expect(store.remove('ServiceRoute', 'app/api', 'two')).toEqual(at('10', 'two'))
    expect(versionOf(store)).toBeUndefined()
  })
})

describe('what is taken in', () => {
  const begin = () => {
    const store = createStore()
    const index = createRoutesIndex()
    return { store, index, taker: createTaker(store, index) }
  }
  const state = (resourceVersion: string, objects: readonly KubeObject[], isBack = false) => ({
    resourceVersion,
    objects,
    isBack,
  })

  test('an answer to a write that comes after the watch has said that the object is gone, is not believed', () => {
    const { store, taker } = begin()
    taker.put(at('10'))
    taker.remove(at('12'))
    taker.written(at('11'))
    expect(versionOf(store)).toBeUndefined()
    taker.written(at('13', 'two'))
    expect(versionOf(store)).toBe('13')
  })

  test('a deletion that is told late does not take the object that was made since', () => {
    const { store, taker } = begin()
    taker.put(at('10'))
    taker.removed(
      { apiVersion: 'routing.router.io/v1alpha1', kind: 'ServiceRoute', namespace: 'app', name: 'api' },
      'one',
    )
    taker.written(at('12', 'two'))
    expect(taker.remove(at('11', 'one'))).toBeUndefined()
    expect(versionOf(store)).toBe('12')
  })

  test('a whole state: what is not in it goes, what is comes, and what is newer than it stays', () => {
    const { store, taker } = begin()
    taker.put(at('5', 'gone', 'gone'))
    taker.put(at('6', 'kept', 'kept'))
    taker.written(at('25', 'new', 'new'))
    taker.written(at('26', 'kept', 'kept'))
    const news = taker.replace(
      'ServiceRoute',
      state('20', [at('6', 'kept', 'kept'), at('19', 'more', 'more')]),
    )
    expect(news.map(({ before, after }) => [before?.metadata.name, after?.metadata.name])).toEqual([
      ['gone', undefined],
      [undefined, 'more'],
    ])
    expect([...store.objects('ServiceRoute').keys()].sort()).toEqual(['app/kept', 'app/more', 'app/new'])
    expect(versionOf(store, 'kept')).toBe('26')
  })

  test('a state of a server that was restored from a backup counts, older as it is', () => {
    const { store, taker } = begin()
    taker.put(at('50'))
    taker.put(at('60', 'two', 'lost'))
    taker.replace('ServiceRoute', state('20', [at('7')], true))
    expect([...store.objects('ServiceRoute').keys()]).toEqual(['app/api'])
    expect(versionOf(store)).toBe('7')
  })

  test('what one state leaves out may be in the next', () => {
    const { store, taker } = begin()
    taker.put(at('5'))
    taker.replace('ServiceRoute', state('20', []))
    expect(versionOf(store)).toBeUndefined()
    taker.replace('ServiceRoute', state('21', [at('5')]))
    taker.written(at('22'))
    expect(versionOf(store)).toBe('22')
  })

  test('the index goes with it', () => {
    const { index, taker } = begin()
    taker.put(at('1'))
    expect([...index.routesIn('app')]).toEqual(['app/api'])
    taker.remove(at('2'))
    expect([...index.routesIn('app')]).toEqual([])
  })

  test('kinds that nobody asked for', () => {
    const { store, taker } = begin()
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }
    expect(taker.put(pod)).toBeUndefined()
    taker.written(pod)
    expect(store.version()).toBe(0)
  })
})

test('tombstones are kept for a while, and not for ever', () => {
  let now = 0
  const gone = createTombstones(() => now, { count: 3, ms: 1_000 })
  for (const uid of ['a', 'b', 'c', 'd']) gone.add(uid)
  expect(['a', 'b', 'c', 'd'].map(gone.has)).toEqual([true, true, true, true])
  for (const uid of ['e', 'f', 'g']) gone.add(uid)
  expect(['a', 'c', 'd', 'g'].map(gone.has)).toEqual([false, false, true, true])
  // Where few go, time counts.
  now = 1_000
  gone.add('h')
  expect(['d', 'g', 'h'].map(gone.has)).toEqual([false, true, true])
  now = 2_000
  gone.add('i')
  expect(['g', 'h', 'i'].map(gone.has)).toEqual([false, true, true])
})
