import { expect, test } from 'bun:test'
import { questionKey } from '../../src/api/questions.ts'
import { createNudge } from '../../src/daemon/nudge.ts'
import type { Answer, Answers } from '../../src/engine/failover/answers.ts'
import type { KubeClient } from '../../src/kube/index.ts'
import { createLog } from '../../src/lib/log.ts'
import { applied, platform, route, run } from '../engine/build.ts'
import { virtualTime } from './support/virtual-time.ts'

const elsewhere: Answer = { state: 'found', targets: ['aks01-neu-internal.aks.example.com'] }
const here: Answer = { state: 'found', targets: ['aks01-weu-internal.aks.example.com'] }
const absent: Answer = { state: 'absent' }
const silent: Answer = { state: 'silent', why: 'it does not answer' }

/** Which answers of the zone, one a second, make it touch the DNSEndpoint, and after how many. */
test.each([
  ['a host that moves here', [elsewhere, elsewhere, absent, here], 3],
  ['and whose old record goes while the zone cannot be read', [elsewhere, silent, absent], 3],
  ['a new host', [absent, absent, here], undefined],
  ['one that is here at once', [here, absent], undefined],
  ['one that stays elsewhere', [elsewhere, elsewhere, elsewhere], undefined],
] as const)('%s', async (_, answers, touchedAt) => {
  const time = virtualTime()
  const touched: number[] = []
  let asked = 0
  const client: KubeClient = {
    target: { server: 'https://127.0.0.1', user: {} } as KubeClient['target'],
    timing: time.timing,
    json: async <T>() => {
      touched.push(asked)
      return {} as T
    },
    open: () => Promise.reject(new Error('not opened')),
    close: () => {},
  }
  const nudge = createNudge({
    client,
    log: createLog({ level: 'error', format: 'json', clock: time.timing, write: () => {} }),
    servers: () => new Map([['weu', ['127.0.0.1:53']]]),
    ask: async ({ questions }): Promise<Answers> => {
      const answer = answers[Math.min(asked++, answers.length - 1)] ?? absent
      return new Map(questions.map(question => [questionKey(question), answer]))
    },
  })
  const stop = new AbortController()
  const running = nudge.run(stop.signal)
  for (const object of applied(run([...platform(), route('app', 'api')]))) nudge.watch(object)
  await time.pass(60_000)
  expect(touched).toEqual(touchedAt === undefined ? [] : [touchedAt])
  stop.abort()
  await running
})
