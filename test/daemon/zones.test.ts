import { expect, test } from 'bun:test'
import { questionKey } from '../../src/api/questions.ts'
import { createStore } from '../../src/daemon/store.ts'
import { createZones } from '../../src/daemon/zones.ts'
import type { Answers } from '../../src/engine/failover/answers.ts'
import { defaultSettings } from '../../src/engine/snapshot.ts'
import { configuration, gateway, identity } from '../engine/build.ts'
import { failover } from '../engine/failover/model.ts'
import { virtualTime } from './support/virtual-time.ts'

/** What the daemon may go by of a claim that it has polled, when its RegionFailover is switched on. */
test('a claim that was polled before a RegionFailover was switched on is asked for anew', async () => {
  const time = virtualTime()
  const store = createStore()
  const claim = 'neu CNAME srouter-claim-aks01-neu.aks.example.com'
  const platform = [
    identity(),
    configuration({
      externalDNSControllers: [{ name: 'external-dns-neu', region: 'neu', nameservers: ['127.0.0.1:53'] }],
    }),
    gateway(),
  ]
  for (const object of [...platform, failover('aks01-neu')])
    store.put(object.kind as Parameters<typeof store.put>[0], object)
  let holder = 'aks01-frc'
  let asked = 0
  const zones = createZones({
    store,
    timing: time.timing,
    settings: () => ({ ...defaultSettings, now: '2026-11-22T12:00:00Z' }),
    intervalMs: 30_000,
    onNews: () => {},
    ask: async ({ questions }): Promise<Answers> => {
      asked++
      const target = `held-e1.${holder}.srouter-claim.aks.example.com`
      await time.timing.pause(500)
      return new Map(questions.map(each => [questionKey(each), { state: 'found', targets: [target] }]))
    },
  })
  const said = () => {
    const answer = zones.answers().get(claim)
    return answer?.state === 'found' ? answer.targets[0]?.split('.')[1] : answer?.state
  }
  const stop = new AbortController()
  const { ended } = zones.start(stop.signal)
  await time.pass(1_000)
  expect([asked, said()]).toEqual([1, 'aks01-frc'])

  holder = 'aks01-weu'
  // The next poll is under way when it is switched on.
  await time.pass(4_700)
  expect([asked, said()]).toEqual([2, 'aks01-frc'])
  holder = 'nobody'
  store.put('RegionFailover', failover('aks01-neu', { engage: true }))
  expect(said()).toBeUndefined()
  await time.pass(400)
  expect(said()).toBeUndefined()
  await time.pass(600)
  await time.pass(1_000)
  expect(said()).toBe('nobody')
  // And then no sooner than before.
  const enough = asked
  await time.pass(3_000)
  expect(asked).toBe(enough)
  stop.abort()
  await time.pass(1_000)
  await ended
})
