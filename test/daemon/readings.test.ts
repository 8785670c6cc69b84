import { describe, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import { questionKey } from '../../src/api/questions.ts'
import { createZoneReader } from '../../src/daemon/readings.ts'
import { createStore, storeKey } from '../../src/daemon/store.ts'
import type { Answer } from '../../src/engine/failover/answers.ts'
import { createLog } from '../../src/lib/log.ts'
import { applied, configuration, gateway, identity, policy, route, run, service } from '../engine/build.ts'
import { virtualTime } from './support/virtual-time.ts'

/** Of a RegionBound route: one DNSEndpoint in each zone. */
const made = applied(
  run([
    identity(),
    configuration(),
    gateway(),
    service(),
    policy('app', { mode: 'RegionBound', sourceRegion: 'weu' }),
    route('app', 'api'),
  ]),
).filter(({ kind, metadata }) => kind === 'DNSEndpoint' && metadata.namespace === 'app')

const target = 'aks01-weu-internal.aks.example.com'
const right: Answer = { state: 'found', targets: [target] }
const wrong: Answer = { state: 'found', targets: ['elsewhere.example.com'] }
const silent: Answer = { state: 'silent', why: 'does not answer' }
const absent: Answer = { state: 'absent' }

let version = 0
const endpoint = (
  name: string,
  zone: 'weu' | 'neu' = 'weu',
  of: { readonly generation?: number; readonly read?: number } = {},
): KubeObject => {
  const { generation = 1, read = generation } = of
  const [model] = made.filter(({ metadata }) => metadata.labels?.['router.io/region'] === zone)
  if (model === undefined) throw new Error(`no DNSEndpoint in ${zone}`)
  return {
    ...model,
    metadata: {
      ...model.metadata,
      name: `${name}-${zone}`,
      uid: name,
      generation,
      resourceVersion: String(++version),
      labels: { ...model.metadata.labels, 'router.io/serviceroute': name },
      ownerReferences: [{ apiVersion: 'routing.router.io/v1alpha1', kind: 'ServiceRoute', name, uid: name }],
    },
    spec: {
      endpoints: [{ dnsName: `${name}.aks.example.com`, recordType: 'CNAME', targets: [target] }],
    },
    status: { observedGeneration: read },
  }
}

/** A reader in virtual time; `zone` is what each zone answers, for a name or for all. */
const start = () => {
  const time = virtualTime()
  const store = createStore()
  const zone = new Map<string, Answer>([
    ['weu', right],
    ['neu', right],
  ])
  const servers = new Map([
    ['weu', ['127.0.0.1:53']],
    ['neu', ['127.0.0.2:53']],
  ])
  const asked: { readonly at: number; readonly zone: string; readonly name: string }[] = []
  const news: string[] = []
  const takes = { ms: 20 }
  const reader = createZoneReader({
    store,
    timing: time.timing,
    log: createLog({ level: 'error', format: 'json', clock: time.timing, write: () => {} }),
    servers: () => servers,
    onNews: owners => news.push(...owners),
    ask: async ({ questions }) => {
      for (const question of questions)
        asked.push({
          at: time.timing.elapsed(),
          zone: question.zone,
          name: question.name.split('.')[0] ?? '',
        })
      const slow = questions.some(each => zone.get(each.zone)?.state === 'silent')
      await time.timing.pause(slow ? 2_000 : takes.ms)
      return new Map(
        questions.map(each => [
          questionKey(each),
          zone.get(`${each.zone} ${each.name.split('.')[0]}`) ?? zone.get(each.zone) ?? silent,
        ]),
      )
    },
  })
  const put = (object: KubeObject): void => {
    const done = store.put('DNSEndpoint', object)
    if (done.taken) reader.note('DNSEndpoint', done.before, object)
  }
  const lives = () => {
    const stop = new AbortController()
    const ended = reader.run(stop.signal)
    return async (): Promise<void> => {
      stop.abort()
      await time.pass(3_000)
      await ended
    }
  }
  return {
    time,
    store,
    zone,
    servers,
    asked,
    news,
    reader,
    put,
    lives,
    state: (name: string, of: 'weu' | 'neu' = 'weu') => reader.readings().get(`app/${name}-${of}`)?.state,
  }
}

describe('reading the zones', () => {
  test('what is published is found at once, and told once', async () => {
    const { time, put, lives, state, news, reader } = start()
    put(endpoint('api'))
    const end = lives()
    await time.pass(100)
    expect([state('api'), news]).toEqual(['published', ['app/api']])
    await time.pass(1_200_000)
    expect(news).toEqual(['app/api'])
    expect([...reader.differing()]).toEqual([
      ['weu', 0],
      ['neu', 0],
    ])
    await end()
  })

  test.each([
    ['something else', wrong, 'elsewhere.example.com'],
    ['nothing', absent, undefined],
  ])('%s, for longer than it may take, and until it is mended', async (_, answer, text) => {
    const { time, put, lives, state, news, reader, zone } = start()
    zone.set('weu', answer)
    put(endpoint('api'))
    const end = lives()
    await time.pass(59_000)
    expect([state('api'), news]).toEqual([undefined, []])
    await time.pass(10_000)
    expect([state('api'), news]).toEqual(['differs', ['app/api']])
    expect(reader.readings().get('app/api-weu')?.answer).toBe(text)
    expect(reader.differing().get('weu')).toBe(1)
    zone.set('weu', right)
    await time.pass(36_000)
    expect([state('api'), news]).toEqual(['published', ['app/api', 'app/api']])
    await end()
  })

  test('a record that comes within the time makes no other news', async () => {
    const { time, put, lives, state, news, zone } = start()
    zone.set('weu', absent)
    put(endpoint('api'))
    const end = lives()
    await time.pass(45_000)
    zone.set('weu', right)
    await time.pass(6_000)
    expect([state('api'), news]).toEqual(['published', ['app/api']])
    await end()
  })

  test('what was published and is gone stays so for the same time', async () => {
    const { time, put, lives, state, zone } = start()
    put(endpoint('api'))
    const end = lives()
    await time.pass(1_000)
    zone.set('weu', absent)
    await time.pass(300_000)
    expect(state('api')).toBe('published')
    await time.pass(80_000)
    expect(state('api')).toBe('differs')
    await end()
  })

  test('case and a dot at the end are no difference', async () => {
    const { time, put, lives, state, zone } = start()
    zone.set('weu', { state: 'found', targets: [`${target.toUpperCase()}.`] })
    put(endpoint('api'))
    const end = lives()
    await time.pass(100)
    expect(state('api')).toBe('published')
    await end()
  })

  test('only what ExternalDNS has read is asked for, and a moment after it has', async () => {
    const { time, put, lives, state, asked } = start()
    put(endpoint('api', 'weu', { read: 0 }))
    const end = lives()
    await time.pass(30_500)
    expect(asked).toEqual([])
    put(endpoint('api'))
    await time.pass(3_000)
    expect(asked.map(({ at }) => at)).toEqual([32_000])
    expect(state('api')).toBe('published')
    await end()
  })

  test('a change is asked for anew, and its time begins with it', async () => {
    const { time, put, lives, reader, zone } = start()
    zone.set('weu', absent)
    put(endpoint('api'))
    const end = lives()
    await time.pass(55_000)
    put(endpoint('api', 'weu', { generation: 2 }))
    await time.pass(50_000)
    expect(reader.readings().size).toBe(0)
    await time.pass(20_000)
    expect(reader.readings().get('app/api-weu')).toMatchObject({ generation: 2, state: 'differs' })
    await end()
  })

  test('an answer to what has changed meanwhile does not count', async () => {
    const { time, put, lives, reader } = start()
    put(endpoint('api'))
    const end = lives()
    // The question is on its way.
    await time.pass(10)
    put(endpoint('api', 'weu', { generation: 2, read: 1 }))
    await time.pass(5_000)
    expect(reader.readings().size).toBe(0)
    await end()
  })

  test('a server that falls silent changes nothing, and is left alone', async () => {
    const { time, put, lives, state, news, zone, asked } = start()
    put(endpoint('api'))
    put(endpoint('odd'))
    zone.set('weu odd', wrong)
    const end = lives()
    await time.pass(80_000)
    expect([state('api'), state('odd')]).toEqual(['published', 'differs'])
    const [told, before] = [news.length, asked.length]
    zone.set('weu', silent)
    zone.set('weu odd', silent)
    await time.pass(600_000)
    expect([state('api'), state('odd'), news.length]).toEqual(['published', 'differs', told])
    expect(asked.length - before).toBeLessThanOrEqual(40)
    zone.set('weu odd', right)
    await time.pass(70_000)
    expect(state('odd')).toBe('published')
    await end()
  })

  test('one that never answered is known to be silent, and the other zone does not wait for it', async () => {
    const { time, put, lives, state, zone } = start()
    zone.set('neu', silent)
    const end = lives()
    await time.pass(10_000)
    put(endpoint('api', 'neu'))
    put(endpoint('api', 'weu'))
    await time.pass(2_500)
    expect([state('api', 'weu'), state('api', 'neu')]).toEqual(['published', undefined])
    await time.pass(2_500)
    expect(state('api', 'neu')).toBe('silent')
    zone.set('neu', right)
    await time.pass(70_000)
    expect(state('api', 'neu')).toBe('published')
    await end()
  })

  test('10,000 routes in two zones: at the rate, what is new first, and all in the end', async () => {
    const { time, put, lives, state, store, asked, reader, news } = start()
    for (let index = 0; index < 10_000; index++)
      for (const zone of ['weu', 'neu'] as const) store.put('DNSEndpoint', endpoint(`r${index}`, zone))
    const end = lives()
    await time.pass(30_000)
    put(endpoint('new'))
    await time.pass(2_500)
    expect(state('new')).toBe('published')
    await time.pass(180_000)
    expect(reader.readings().size).toBe(20_001)
    const perSecond = Map.groupBy(asked, ({ at, zone }) => `${zone} ${Math.floor(at / 1_000)}`)
    expect(Math.max(...[...perSecond.values()].map(({ length }) => length))).toBeLessThanOrEqual(50)
    // And then slowly.
    await time.pass(120_000)
    const [before, told] = [asked.length, news.length]
    await time.pass(100_000)
    expect(asked.length - before).toBeGreaterThan(0)
    expect(asked.length - before).toBeLessThanOrEqual(2 * 10 * 100 + 100)
    expect(news.length).toBe(told)
    await end()
  }, 60_000)

  test('what is gone is forgotten', async () => {
    const { time, put, lives, reader, store } = start()
    const gone = endpoint('gone')
    put(gone)
    put(endpoint('api'))
    const end = lives()
    await time.pass(1_000)
    store.remove('DNSEndpoint', storeKey(gone), undefined)
    await time.pass(301_000)
    expect([...reader.readings().keys()]).toEqual(['app/api-weu'])
    await end()
  })

  test('who leads again begins anew, and other servers are asked anew', async () => {
    const { time, put, lives, state, servers, asked, reader } = start()
    put(endpoint('api'))
    const end = lives()
    await time.pass(1_000)
    expect(state('api')).toBe('published')
    await end()
    expect([reader.readings().size, reader.differing().size]).toEqual([0, 0])
    const again = lives()
    await time.pass(1_000)
    expect(state('api')).toBe('published')
    const before = asked.length
    servers.set('weu', ['127.0.0.3:53'])
    await time.pass(1_500)
    expect([state('api'), asked.length]).toEqual(['published', before + 1])
    servers.delete('weu')
    await time.pass(1_000)
    expect(state('api')).toBeUndefined()
    await again()
  })
})
