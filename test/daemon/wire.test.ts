import { expect, test } from 'bun:test'
import { type StoredKind, storedKindNames, storedKinds } from '../../src/daemon/store.ts'
import { endpointRef, routeRef } from '../cluster/support/refs.ts'
import { gateway, route } from '../engine/build.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { recordOf, withFaults, worldRecords } from './support/faulty.ts'
import type { Fault } from './support/proxy.ts'
import { becomes } from './support/records.ts'
import { addresses } from './support/scene.ts'
import { set } from './support/world.ts'

const isOf = (
  path: string,
  { group, plural }: { readonly group: string; readonly plural: string },
): boolean => path.startsWith(group === '' ? '/api/v1/' : `/apis/${group}/`) && path.endsWith(`/${plural}`)

/** One fault each on the way. The daemon comes to what the engine says, and no record is lost. */
describeLab('faults at the wire', () => {
  const on = withFaults()

  test('every watch is closed every second', async () => {
    on.proxy.cutWatches()
    await on.during(
      ({ isWatch }) => (isWatch ? { closeAfterMs: 1_000 } : undefined),
      async () => {
        for (const name of ['one', 'two', 'three', 'four']) {
          // Through the watches, and not after one of the long pauses that follow failures.
          expect(await on.works(name)).toBeLessThan(10_000)
          const seen = on.proxy.passed.length
          await waitFor(() => on.proxy.passed.slice(seen).filter(({ isWatch }) => isWatch).length > 10, {
            what: 'the watches to be opened anew',
          })
        }
      },
    )
    await on.unharmed()
  })

  const expired = {
    kind: 'Status',
    status: 'Failure',
    code: 410,
    reason: 'Expired',
    message: 'too old resource version',
  }
  for (const [what, trouble] of [
    ['as an answer', { status: 410 }],
    ['as an event', { events: [{ type: 'ERROR', object: expired }] }],
  ] as const)
    test(`410 ${what} on every watch that goes on from somewhere, for some time`, async () => {
      on.proxy.cutWatches()
      await on.during(
        ({ isWatch, query }) => (isWatch && query.has('resourceVersion') ? trouble : undefined),
        async () => {
          await on.works('one')
          for (const kind of storedKindNames)
            await waitFor(
              async () => {
                const labels = { kind: storedKinds[kind].kind, cause: 'expired' }
                return (await on.daemon.metric('srouter_watch_restarts_total', labels)) > 0
              },
              { what: `${kind} to be read anew` },
            )
          await on.works('two')
        },
      )
      await on.works('three')
      await on.unharmed()
    })

  test('a storm of 429 with Retry-After: it is obeyed', async () => {
    const from = on.proxy.passed.length
    const refused = () => on.proxy.passed.slice(from).filter(({ status }) => status === 429)
    const watchesOf = (kind: StoredKind) =>
      refused().filter(({ isWatch, path }) => isWatch && isOf(path, storedKinds[kind]))
    await on.during(
      () => ({ status: 429, headers: { 'retry-after': '1' } }),
      async () => {
        on.proxy.cutWatches()
        await set(on.plane, route('app', 'one'))
        for (const kind of storedKindNames)
          await waitFor(() => watchesOf(kind).length >= 3, { what: `${kind} to be asked for thrice` })
      },
    )
    for (const kind of storedKindNames) {
      const times = watchesOf(kind).map(({ at }) => at)
      const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0))
      // A timer may come a moment too early.
      expect(Math.min(...pauses)).toBeGreaterThan(990)
    }
    await on.works('two')
    await becomes(on.plane, [...worldRecords, recordOf('one'), recordOf('two')], 30_000)
    await on.unharmed()
  }, 120_000)

  test('every answer is two seconds late', async () => {
    await on.during(
      () => ({ lateMs: 2_000 }),
      async () => {
        await on.works('one')
        // What is gone before the answer to the write of it has come, stays gone.
        await set(on.plane, route('app', 'two'))
        await waitFor(() => on.plane.read(endpointRef('app', 'two-external-dns-weu')), {
          what: 'the record of two',
        })
        await on.plane.remove(routeRef('app', 'two'))
        await on.works('three')
      },
    )
    await becomes(on.plane, [...worldRecords, recordOf('one'), recordOf('three')], 20_000)
    await on.unharmed([`- ${recordOf('two')}`])
  }, 120_000)

  test('500 on one kind: whatever is known of it stays', async () => {
    await on.during(
      ({ resource }) => (resource === 'dnspolicies' ? { status: 500 } : undefined),
      async () => {
        on.proxy.cutWatches()
        await on.daemon.says('Watch restarted', { kind: 'DNSPolicy', cause: 'failed' })
        await on.works('one')
        // Not removed: the garbage collector would take its record, whatever the daemon does.
        await set(on.plane, route('app', 'r0', { serviceName: 'moved' }))
        await on.daemon.says('Changes postponed, because an input is behind')
        await becomes(on.plane, [...worldRecords, recordOf('one')])
      },
    )
    await becomes(
      on.plane,
      [...worldRecords.filter(record => record !== recordOf('r0')), recordOf('moved'), recordOf('one')],
      30_000,
    )
    await on.unharmed([`- ${recordOf('r0')}`])
  })

  test('an input that it cannot watch, and an engineer who acts meanwhile: it undoes nothing', async () => {
    await on.during(
      ({ resource, isWatch }) =>
        ['serviceroutes', 'gateways'].includes(resource) && isWatch ? { status: 500 } : undefined,
      async () => {
        on.proxy.cutWatches()
        await on.daemon.says('Watch restarted', { kind: 'ServiceRoute', cause: 'failed' })
        await on.daemon.says('Watch restarted', { kind: 'Gateway', cause: 'failed' })
        await set(on.plane, route('app', 'one'))
        await set(on.plane, gateway('internal', { ttl: 77 }))
        expect((await on.srouter.apply()).code).toBe(0)
        // It has heard of the DNSEndpoints, and of no reason for them.
        await on.daemon.says('Changes postponed, because an input is behind')
        expect((await on.srouter.plan()).code).toBe(0)
      },
    )
    await on.works('two', 60_000)
    await on.unharmed([...addresses].map(record => `- ${record}`))
  }, 120_000)

  for (const resource of ['dnspolicies', 'serviceroutes', 'dnsendpoints', 'namespaces'])
    test(`500 on ${resource} when it starts: nothing is touched until they are known`, async () => {
      await on.daemon.stop()
      await on.during(
        asked => (asked.resource === resource ? { status: 500 } : undefined),
        async () => {
          on.startAgain()
          await on.daemon.says('Watch restarted', { cause: 'failed' })
          await waitFor(async () => (await on.daemon.get('health', '/readyz')).text.includes('not filled'), {
            what: '/readyz to say why',
          })
        },
      )
      expect(on.daemon.log.some(({ message }) => message === 'Working')).toBe(false)
      await on.works('one', 60_000)
      await on.unharmed()
    }, 120_000)

  test('500 on writes: they are repeated, and the status says so', async () => {
    const api = routeRef('app', 'one')
    await on.during(
      ({ resource, method }) =>
        resource === 'dnsendpoints' && method !== 'GET' ? { status: 500 } : undefined,
      async () => {
        await set(on.plane, route('app', 'one'))
        await waitFor(
          async () =>
            JSON.stringify((await on.plane.read(api))?.status ?? {}).includes('DNSEndpointGenerationFailed'),
          { what: 'the status to say so', timeoutMs: 30_000 },
        )
      },
    )
    await becomes(on.plane, [...worldRecords, recordOf('one')], 60_000)
    await on.unharmed()
  }, 120_000)

  const emptyState = (resource: string, times: number): Fault => {
    let left = times
    const version = '1'
    const end = {
      type: 'BOOKMARK',
      object: {
        kind: 'X',
        apiVersion: 'v1',
        metadata: { resourceVersion: version, annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    }
    return asked => {
      if (asked.resource !== resource || asked.method !== 'GET' || left <= 0) return undefined
      const isState = asked.query.has('sendInitialEvents') || !asked.isWatch
      if (!isState) return undefined
      left--
      return asked.isWatch
        ? { events: [end] }
        : {
            status: 200,
            body: { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: version }, items: [] },
          }
    }
  }

  for (const resource of [
    'serviceroutes',
    'gateways',
    'dnspolicies',
    'dnsconfigurations',
    'clusteridentities',
    'services',
  ])
    test(`an empty state of ${resource} that is wrong, when it starts`, async () => {
      await on.daemon.stop()
      await on.during(emptyState(resource, 1), async () => {
        on.startAgain()
        await on.daemon.says('Working')
        await on.works('one')
      })
      await on.unharmed()
    })

  test('an empty state that is wrong, after a 410', async () => {
    let first = true
    const empty = emptyState('serviceroutes', 1)
    on.proxy.cutWatches()
    await on.during(
      asked => {
        if (asked.resource !== 'serviceroutes' || !asked.isWatch) return empty(asked)
        if (first && asked.query.has('resourceVersion')) {
          first = false
          return { status: 410 }
        }
        return empty(asked)
      },
      async () => {
        await on.works('one')
        expect(first).toBe(false)
      },
    )
    await on.unharmed()
  })

  test('connections that break off in the middle of a stream', async () => {
    for (const name of ['one', 'two', 'three']) {
      on.proxy.cutWatches()
      await on.works(name)
    }
    await on.unharmed()
  })
})
