import { describe, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import type { Reading } from '../../src/engine/readings.ts'
import { statuses } from '../../src/engine/statuses/index.ts'
import { applied, configuration, gateway, identity, policy, route, run, service } from './build.ts'

/** What a route's DNSReady says of its records in the zones. */

const host = 'api-ns-p-prod-app.aks.example.com'
const target = 'aks01-weu-internal.aks.example.com'
const keys = ['app/api-external-dns-neu', 'app/api-external-dns-weu'] as const

/** A RegionBound route, so in both zones; servers are named for these. */
const inputs = (readable: readonly string[], status?: object): KubeObject[] => [
  identity(),
  configuration({
    externalDNSControllers: ['weu', 'neu'].map(region => ({
      name: `external-dns-${region}`,
      region,
      ...(readable.includes(region) ? { nameservers: ['127.0.0.1:53'] } : {}),
    })),
  }),
  gateway(),
  service(),
  policy('app', { mode: 'RegionBound', sourceRegion: 'weu' }),
  { ...route('app', 'api'), ...(status === undefined ? {} : { status }) },
]

/** Everything as it should be, and all DNSEndpoints read but these. */
const existing = (readable: readonly string[], unread: readonly string[] = []): readonly KubeObject[] =>
  applied(run(inputs(readable))).map(object => ({
    ...object,
    metadata: { ...object.metadata, uid: `uid of ${object.metadata.name}`, generation: 2 },
    ...(unread.includes(object.metadata.name) ? {} : { status: { observedGeneration: 2 } }),
  }))

const reading = (key: string, state: Reading['state'], answer?: string, of: Partial<Reading> = {}) =>
  [
    key,
    { uid: `uid of ${key.slice('app/'.length)}`, generation: 2, state, answer, ...of },
  ] as const satisfies readonly [string, Reading]

const ready = (
  readable: readonly string[],
  readings: readonly (readonly [string, Reading])[] | undefined,
  { before, unread = [] }: { readonly before?: unknown; readonly unread?: readonly string[] } = {},
) => {
  const result = run(
    inputs(readable, before === undefined ? undefined : { conditions: before }),
    existing(readable, unread),
    { readings: readings === undefined ? undefined : new Map(readings) },
  )
  const found = statuses(result).find(({ ref }) => ref.kind === 'ServiceRoute')
  const conditions = found?.status.conditions as readonly Record<string, string>[]
  const { status, reason, message } = conditions.find(({ type }) => type === 'DNSReady') ?? {}
  return { said: `${status} ${reason}`, message }
}

const both = ['weu', 'neu']
const [neu, weu] = keys
const created = 'True DNSEndpointsCreated'
const published = 'True Published'
const differs = 'False DiffersInZone'
const was = (reason: string, status = 'True', message: unknown = 'as it was') => [
  { type: 'DNSReady', status, reason, message },
]

describe('DNSReady of a route', () => {
  test.each([
    ['nobody looks', both, undefined, created],
    ['nobody has looked yet', both, [], created],
    ['all zones have it', both, [reading(neu, 'published'), reading(weu, 'published')], published],
    ['one has it, the other was not asked yet', both, [reading(weu, 'published')], created],
    ['one has it, the other is silent', both, [reading(neu, 'silent'), reading(weu, 'published')], published],
    ['all are silent', both, [reading(neu, 'silent'), reading(weu, 'silent')], created],
    ['one differs', both, [reading(neu, 'differs'), reading(weu, 'published')], differs],
    ['one differs, the other was not asked yet', both, [reading(neu, 'differs')], differs],
    ['the only one that can be read has it', ['weu'], [reading(weu, 'published')], published],
    ['what is known is of a zone that cannot be read any more', ['weu'], [reading(neu, 'differs')], created],
    ['no zone can be read', [], [reading(neu, 'differs'), reading(weu, 'published')], created],
    [
      'what is known is of an older version',
      ['weu'],
      [reading(weu, 'differs', undefined, { generation: 1 })],
      created,
    ],
    [
      'what is known is of an object that had the name before',
      ['weu'],
      [reading(weu, 'differs', undefined, { uid: 'another' })],
      created,
    ],
  ] as const)('%s', (_, readable, readings, wanted) => {
    expect(ready(readable, readings).said).toBe(wanted)
  })

  test.each([
    ['published, and nobody looks', both, undefined, was('Published'), published],
    ['published, and the daemon has just begun', both, [], was('Published'), published],
    ['different, and nobody looks', both, undefined, was('DiffersInZone', 'False'), differs],
    [
      'different, one has it now, the other is silent',
      both,
      [reading(neu, 'silent'), reading(weu, 'published')],
      was('DiffersInZone', 'False'),
      differs,
    ],
    [
      'different, and both have it now',
      both,
      [reading(neu, 'published'), reading(weu, 'published')],
      was('DiffersInZone', 'False'),
      published,
    ],
    ['published, and no zone can be read any more', [], [], was('Published'), created],
    ['different, and no zone can be read any more', [], undefined, was('DiffersInZone', 'False'), created],
    ['different, without a message', both, [], was('DiffersInZone', 'False', 7), created],
    ['of a reason that is none', both, [], was('Whatever', 'False'), created],
    ['no list', both, [], 'Published', created],
    ['a list of nothing', both, [], [null], created],
  ] as const)('was %s', (_, readable, readings, before, wanted) => {
    expect(ready(readable, readings, { before }).said).toBe(wanted)
  })

  test.each(['Published', 'DiffersInZone'])('was %s, and ExternalDNS has not read it', reason => {
    const readings = [reading(neu, 'published'), reading(weu, 'differs')]
    const options = { before: was(reason), unread: ['api-external-dns-neu'] }
    expect(ready(both, readings, options)).toEqual({
      said: 'False DNSNotReady',
      message: 'ExternalDNS has not read 1 of 2 DNSEndpoints yet',
    })
  })

  test('it says what is there instead, of the first zone', () => {
    const other = reading(weu, 'differs', 'elsewhere.example.com')
    expect(ready(both, [other]).message).toBe(
      `zone weu answers elsewhere.example.com for ${host} and not ${target}, though ExternalDNS has read its DNSEndpoint; srouter why ${host} says more`,
    )
    expect(ready(both, [other, reading(neu, 'differs')]).message).toStartWith(
      `zone neu has no CNAME ${host},`,
    )
  })

  test('who does not look leaves the message', () => {
    expect(ready(both, undefined, { before: was('DiffersInZone', 'False') }).message).toBe('as it was')
  })

  test('without nameservers the whole status is what it is without readings', () => {
    const of = (readings: ReadonlyMap<string, Reading> | undefined) =>
      JSON.stringify(statuses(run(inputs([]), existing([]), { readings })).map(({ status }) => status))
    expect(of(new Map([reading(neu, 'differs'), reading(weu, 'published')]))).toBe(of(undefined))
  })
})
