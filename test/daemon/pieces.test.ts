import { describe, expect, test } from 'bun:test'
import type { Flags } from '../../src/cli/definition.ts'
import { variableOf, withEnvironment } from '../../src/cli/environment.ts'
import { recordStatus } from '../../src/daemon/events.ts'
import { healthRoutes, parseAddress, serve } from '../../src/daemon/http.ts'
import { leadershipTeller } from '../../src/daemon/leadership.ts'
import { multiMap } from '../../src/daemon/multi-map.ts'
import type { Happening, LeaderChange } from '../../src/kube/index.ts'
import { parseDuration } from '../../src/lib/duration.ts'
import { route } from '../engine/build.ts'

describe('an address', () => {
  for (const [text, hostname, port] of [
    [':8080', '::', 8080],
    ['127.0.0.1:0', '127.0.0.1', 0],
    ['localhost:65535', 'localhost', 65535],
    ['[::1]:8081', '::1', 8081],
    ['[::]:1', '::', 1],
  ] as const)
    test(text, () => expect(parseAddress(text, '--x')).toEqual({ hostname, port }))

  test('0 is none', () => expect(parseAddress('0', '--x')).toBeUndefined())

  for (const text of ['', '8080', ':', ':65536', 'host:', '::1:80', 'a b:-1', '[::1]', ':80:80'])
    test(`"${text}" is refused`, () => expect(() => parseAddress(text, '--metrics')).toThrow('--metrics'))
})

describe('a server', () => {
  const listening = () =>
    serve(
      { hostname: '127.0.0.1', port: 0 },
      { routes: healthRoutes({ unhealthy: () => undefined, unready: () => 'not yet' }) },
    )
  const ask = async (port: number, path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method })
    return [response.status, await response.text()]
  }

  test('answers on its paths and on no others, to GET and HEAD', async () => {
    const served = listening()
    expect(await ask(served.port, '/healthz')).toEqual([200, 'ok\n'])
    expect(await ask(served.port, '/readyz')).toEqual([503, 'not yet\n'])
    expect((await ask(served.port, '/'))[0]).toBe(404)
    expect((await ask(served.port, '/healthz', 'HEAD'))[0]).toBe(200)
    expect((await ask(served.port, '/healthz', 'POST'))[0]).toBe(405)
    await served.stop()
  })

  test('on all addresses', async () => {
    const served = serve({ hostname: '::', port: 0 }, { routes: { '/': () => new Response('x') } })
    expect((await ask(served.port, '/'))[1]).toBe('x')
    await served.stop()
  })

  test('asks its gate first', async () => {
    const gate = async (request: Request) =>
      request.headers.has('authorization') ? undefined : new Response('no', { status: 401 })
    const served = serve(
      { hostname: '127.0.0.1', port: 0 },
      { routes: { '/': () => new Response('x') }, gate },
    )
    expect(await ask(served.port, '/')).toEqual([401, 'no'])
    await served.stop()
  })
})

describe('a duration', () => {
  for (const [text, ms] of [
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['0.5s', 500],
    ['250ms', 250],
    ['1h', 3_600_000],
    ['1h1m1s1ms', 3_661_001],
    ['0s', 0],
  ] as const)
    test(text, () => expect(parseDuration(text, '--x')).toBe(ms))
  for (const text of ['', '30', 's', '-1s', '1 s', '1d', '1s1', '1.s', '1,5s', 'often'])
    test(`"${text}" is refused`, () => expect(() => parseDuration(text, '--interval')).toThrow('--interval'))
})

describe('flags from the environment', () => {
  const flags = {
    metricsBindAddress: { type: 'string', valueHint: 'A', description: '' },
    once: { type: 'boolean', description: '' },
    color: { type: 'boolean', default: true, description: '' },
  } as const satisfies Flags
  const read = (env: Readonly<Record<string, string>>, given: readonly string[] = []) =>
    withEnvironment(
      {
        given: given.map(key => ({ key, flag: flags.once, spelled: `--${key}`, value: 'given' })),
        positionals: [],
      } as never,
      flags,
      env,
    ).given.map(({ key, value, spelled }) => [key, value, spelled])

  test('their names', () => {
    expect(variableOf('metricsBindAddress', flags.metricsBindAddress)).toBe('SROUTER_METRICS_BIND_ADDRESS')
    expect(variableOf('color', flags.color)).toBe('SROUTER_NO_COLOR')
  })

  test('are taken', () => {
    expect(read({ SROUTER_METRICS_BIND_ADDRESS: ':1', SROUTER_ONCE: 'true', SROUTER_OTHER: 'x' })).toEqual([
      ['metricsBindAddress', ':1', 'SROUTER_METRICS_BIND_ADDRESS'],
      ['once', undefined, 'SROUTER_ONCE'],
    ])
  })

  test('unless the command line says it, or they are empty or false', () => {
    expect(read({ SROUTER_METRICS_BIND_ADDRESS: ':1' }, ['metricsBindAddress'])).toEqual([
      ['metricsBindAddress', 'given', '--metricsBindAddress'],
    ])
    expect(read({ SROUTER_METRICS_BIND_ADDRESS: '', SROUTER_ONCE: 'false' })).toEqual([])
    expect(read({ SROUTER_ONCE: '0' })).toEqual([])
  })

  test('and are refused where they make no sense', () => {
    expect(() => read({ SROUTER_ONCE: 'maybe' })).toThrow('SROUTER_ONCE')
  })
})

test('a multi-map', () => {
  const map = multiMap<string>()
  const all = (key: string) => [...map.get(key)].sort()
  expect(all('a')).toEqual([])
  map.add('a', '1')
  map.add('a', '1')
  expect(all('a')).toEqual(['1'])
  map.add('a', '2')
  map.add('b', '3')
  expect([all('a'), all('b')]).toEqual([['1', '2'], ['3']])
  map.delete('a', '9')
  map.delete('a', '1')
  expect(all('a')).toEqual(['2'])
  map.delete('a', '2')
  map.delete('b', '1')
  expect([all('a'), all('b')]).toEqual([[], ['3']])
  map.clear()
  expect(all('b')).toEqual([])
})

describe('events', () => {
  const condition = (type: string, status: string, reason: string, message = 'm') => ({
    type,
    status,
    reason,
    message,
  })
  const happens = (before: readonly object[], after: readonly object[]): readonly string[] => {
    const recorded: Happening[] = []
    const subject = { ...route('app', 'api'), status: { conditions: before } }
    recordStatus(
      { record: happening => recorded.push(happening) },
      { subject, status: { conditions: after } },
    )
    return recorded.map(({ type, reason }) => `${type} ${reason}`)
  }
  const ready = condition('Ready', 'True', 'ReconciliationSucceeded')

  for (const [what, before, after, events] of [
    ['the first status', [], [ready], ['Normal ReconciliationSucceeded']],
    ['nothing new', [ready], [ready], []],
    ['only another message', [ready], [{ ...ready, message: 'n' }], []],
    ['trouble', [ready], [condition('Ready', 'False', 'HostConflict')], ['Warning HostConflict']],
    [
      'a stand-by cluster',
      [ready],
      [condition('Ready', 'True', 'DNSPolicyInactive'), condition('Active', 'False', 'PolicyInactive')],
      ['Normal DNSPolicyInactive', 'Normal PolicyInactive'],
    ],
    [
      'a gateway without routes',
      [],
      [condition('Ready', 'False', 'NoServiceRoutes')],
      ['Normal NoServiceRoutes'],
    ],
    [
      'the brake',
      [ready],
      [ready, condition('BrakeTripped', 'True', 'BrakeTripped')],
      ['Warning BrakeTripped'],
    ],
    ['what ExternalDNS has read', [ready], [ready, condition('DNSReady', 'True', 'DNSEndpointsCreated')], []],
  ] as const)
    test(what, () => expect(happens(before, after)).toEqual([...events]))

  test('a status that is none', () => {
    const recorded: Happening[] = []
    const subject = { ...route('app', 'api'), status: 'broken' }
    recordStatus(
      { record: happening => recorded.push(happening) },
      { subject, status: { conditions: [ready] } },
    )
    expect(recorded.length).toBe(1)
  })
})

test('a renewal that fails once is no loss of the lease', () => {
  const told: unknown[] = []
  const say = (message: string) => told.push(message)
  const log = { error: say, warn: say, info: say, debug: say }
  const tell = leadershipTeller(log, isLeader => told.push(isLeader))
  const changes: readonly LeaderChange[] = [
    { type: 'observed', holder: 'other' },
    { type: 'acquired' },
    { type: 'failed', error: new Error('x') },
    { type: 'lost', holder: undefined },
    { type: 'acquired' },
    { type: 'released' },
  ]
  for (const change of changes) tell(change)
  expect(told).toEqual([
    'Another replica leads',
    true,
    'Lease acquired',
    'Lease not reached',
    false,
    'Lease lost',
    true,
    'Lease acquired',
    false,
    'Lease released',
  ])
})
