import { expect, test } from 'bun:test'
import type { Condition } from '../../src/api/fields.ts'
import { questionKey } from '../../src/api/questions.ts'
import { type Controller, createController } from '../../src/daemon/controller.ts'
import { createZoneReader, type ZoneReader } from '../../src/daemon/readings.ts'
import { createRoutesIndex } from '../../src/daemon/routes-index.ts'
import { createStore } from '../../src/daemon/store.ts'
import { createTaker } from '../../src/daemon/taker.ts'
import type { Answer } from '../../src/engine/failover/answers.ts'
import { defaultSettings } from '../../src/engine/snapshot.ts'
import { createLog } from '../../src/lib/log.ts'
import { configuration, gateway, identity, policy, route, service } from '../engine/build.ts'
import { random } from './support/random.ts'
import { simulate } from './support/simulation.ts'
import { virtualTime } from './support/virtual-time.ts'

/** The controller and the reader over an API server in memory: from a zone's answer to a route's status. */
test('what a zone answers is said of that route alone, without looking at all others', async () => {
  const time = virtualTime()
  const log = createLog({ level: 'error', format: 'json', clock: time.timing, write: () => {} })
  const store = createStore()
  const index = createRoutesIndex()
  const taker = createTaker(store, index)
  const passed: string[] = []
  const statuses: string[] = []
  const server = simulate(
    time,
    random(7),
    ({ type, object }) => {
      const news = type === 'put' ? taker.put(object) : taker.remove(object)
      if (news === undefined) return
      controller.note(news.kind, news.before, news.after)
      reader.note(news.kind, news.before, news.after)
    },
    // The answer to a write comes before the watch tells of it: what is told first is looked at once more.
    { requestMs: 1, watchMs: 500 },
  )
  const controller: Controller = createController({
    client: server.client,
    store,
    index,
    taker,
    settings: () => ({
      ...defaultSettings,
      readings: reader.readings(),
      now: new Date(time.timing.now()).toISOString(),
    }),
    isBehind: () => false,
    log,
    intervalMs: 3_600_000,
    observer: {
      passed: scope => passed.push(scope),
      reconciled: () => {},
      changed: () => {},
      statusChanged: ({ ref, status }) => {
        const { status: is, reason } =
          (status.conditions as readonly Condition[]).find(({ type }) => type === 'DNSReady') ?? {}
        if (ref.kind === 'ServiceRoute') statuses.push(`${ref.name} ${is} ${reason}`)
      },
      succeeded: () => {},
    },
  })
  const answers = new Map<string, Answer>()
  const right: Answer = { state: 'found', targets: ['aks01-weu-internal.aks.example.com'] }
  const reader: ZoneReader = createZoneReader({
    store,
    timing: time.timing,
    log,
    servers: () => new Map([['weu', ['127.0.0.1:53']]]),
    onNews: owners => controller.revisit([...owners].flatMap(owner => [...index.routesOf(owner)])),
    ask: async ({ questions }) =>
      new Map(
        questions.map(each => [questionKey(each), answers.get(each.name.split('-')[0] ?? '') ?? right]),
      ),
  })
  answers.set('odd', { state: 'absent' })
  const externalDNSControllers = [
    { name: 'external-dns-weu', region: 'weu', nameservers: ['127.0.0.1:53'] },
    { name: 'external-dns-neu', region: 'neu' },
  ]
  const platform = [identity(), configuration({ externalDNSControllers }), gateway(), service()]
  for (const object of [...platform, policy('app'), route('app', 'api'), route('app', 'odd')])
    server.set(object)
  await time.pass(1_000)

  const stop = new AbortController()
  const ended = Promise.all([controller.run(stop.signal, () => true), reader.run(stop.signal)])
  await time.pass(10_000)
  expect(statuses.splice(0).sort()).toEqual(['api False DNSNotReady', 'odd False DNSNotReady'])

  // ExternalDNS reads them.
  for (const object of server.objects.values())
    if (object.kind === 'DNSEndpoint' && object.metadata.namespace === 'app')
      server.set({ ...object, status: { observedGeneration: object.metadata.generation } })
  await time.pass(10_000)
  expect(statuses.splice(0).sort()).toEqual([
    'api True DNSEndpointsCreated',
    'api True Published',
    'odd True DNSEndpointsCreated',
  ])
  // What that leaves to be looked at once more is over.
  await time.pass(30_000)
  passed.length = 0
  await time.pass(60_000)
  expect([statuses.splice(0), passed.splice(0)]).toEqual([['odd False DiffersInZone'], ['slice']])
  answers.delete('odd')
  await time.pass(60_000)
  expect([statuses.splice(0), passed.splice(0)]).toEqual([['odd True Published'], ['slice']])
  await time.pass(1_200_000)
  expect([statuses, passed]).toEqual([[], []])
  stop.abort()
  await time.pass(10_000)
  await ended
})
