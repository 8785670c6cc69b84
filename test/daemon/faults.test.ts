import { afterEach, beforeAll, beforeEach, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import { routeRef } from '../cluster/support/refs.ts'
import type { Srouter } from '../cluster/support/srouter.ts'
import { gateway, platform, route } from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { type DaemonPlane, daemonPlane } from './support/plane.ts'
import { type RunningDaemon, startDaemon } from './support/process.ts'
import { type Fault, type FaultyProxy, faultyProxy } from './support/proxy.ts'
import { becomes } from './support/records.ts'
import { addresses, settled } from './support/scene.ts'
import { type Witness, witness } from './support/witness.ts'
import { become, set } from './support/world.ts'

/** Enough records for a share of them to count. */
const names = Array.from({ length: 12 }, (_, index) => `r${index}`)
const world: readonly KubeObject[] = [...platform(), ...names.map(name => route('app', name))]
const recordOf = (name: string): string => `weu ${name}-ns-p-prod-app CNAME 300 aks01-weu-internal`
const worldRecords = [...addresses, ...names.map(recordOf)]

/** One fault each. Whatever it was: the daemon comes to what the engine says, and no record is lost on the way. */
describeLab('faults', () => {
  let known: DaemonPlane
  let plane: ControlPlane
  let srouter: Srouter
  let daemon: RunningDaemon
  let proxy: FaultyProxy
  let watcher: Witness

  beforeAll(async () => {
    known = await daemonPlane()
    plane = known.plane
    srouter = known.srouter
  }, 120_000)

  const start = (): RunningDaemon => startDaemon({ kubeconfig: known.kubeconfig(proxy.url) })

  beforeEach(async () => {
    await known.mend()
    proxy = faultyProxy(plane)
    await become(plane, world)
    daemon = start()
    await daemon.ready()
    await becomes(plane, worldRecords)
    await settled(plane, srouter)
    watcher = await witness(plane)
  }, 60_000)

  afterEach(async () => {
    await known.mend()
    await watcher[Symbol.asyncDispose]()
    await daemon[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
  }, 60_000)

  /** All is as the engine says, and the witness has seen nothing but these losses. */
  const unharmed = async (losses: readonly string[] = [], timeoutMs = 30_000): Promise<void> => {
    await settled(plane, srouter, timeoutMs)
    expect(await watcher.losses()).toEqual([...losses].sort())
    expect(daemon.log.filter(({ level }) => level === 'error' || level === 'crash')).toEqual([])
    expect((await daemon.get('health', '/healthz')).status).toBe(200)
  }

  /** A new route, which shows that the daemon works; answers after how long. */
  const works = async (name: string, timeoutMs = 30_000): Promise<number> => {
    const began = performance.now()
    await set(plane, route('app', name))
    await waitFor(
      async () =>
        (await plane.read({
          apiVersion: 'externaldns.k8s.io/v1alpha1',
          kind: 'DNSEndpoint',
          namespace: 'app',
          name: `${name}-external-dns-weu`,
        })) !== undefined,
      {
        what: `the record of ${name}`,
        timeoutMs,
      },
    )
    return performance.now() - began
  }

  const during = async (fault: Fault, work: () => Promise<unknown>): Promise<void> => {
    proxy.fault = fault
    await work()
    proxy.fault = undefined
  }

  test('the API server is killed and comes back after 20 seconds', async () => {
    await plane.kill('apiserver')
    await Bun.sleep(20_000)
    expect((await daemon.get('health', '/healthz')).status).toBe(200)
    await plane.restart('apiserver')
    await works('late')
    await unharmed()
  }, 120_000)

  test('the API server hangs for some seconds', async () => {
    await plane.kill('apiserver', 'SIGSTOP')
    await Bun.sleep(5_000)
    await plane.kill('apiserver', 'SIGCONT')
    await works('late')
    await unharmed()
  }, 120_000)

  test('a daemon that starts while the API server does not answer, works when it does', async () => {
    await daemon.stop('SIGKILL')
    await plane.kill('apiserver')
    daemon = start()
    await daemon.says('Discovery failed')
    expect((await daemon.get('health', '/readyz')).status).toBe(503)
    expect((await daemon.get('health', '/healthz')).status).toBe(200)
    await plane.restart('apiserver')
    await works('late')
    await unharmed()
  }, 120_000)

  test('it stops in good time while the API server is away', async () => {
    await plane.kill('apiserver')
    proxy.cutWatches()
    const began = performance.now()
    expect(await daemon.stop()).toBe(0)
    expect(performance.now() - began).toBeLessThan(10_000)
    await plane.restart('apiserver')
    daemon = start()
    await works('late')
    await unharmed()
  }, 120_000)

  test('etcd is killed and comes back', async () => {
    await plane.kill('etcd')
    await Bun.sleep(5_000)
    await plane.restart('etcd')
    await works('late')
    await unharmed()
  }, 120_000)

  test('etcd hangs for some seconds', async () => {
    await plane.kill('etcd', 'SIGSTOP')
    await Bun.sleep(6_000)
    await plane.kill('etcd', 'SIGCONT')
    await works('late')
    await unharmed()
  }, 120_000)

  test('every watch is closed every second', async () => {
    proxy.cutWatches()
    await during(
      ({ isWatch }) => (isWatch ? { closeAfterMs: 1_000 } : undefined),
      async () => {
        for (const name of ['one', 'two', 'three', 'four']) {
          expect(await works(name)).toBeLessThan(4_000)
          const seen = proxy.passed.length
          await waitFor(() => proxy.passed.slice(seen).filter(({ isWatch }) => isWatch).length > 10, {
            what: 'the watches to be opened anew',
          })
        }
      },
    )
    await unharmed()
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
      proxy.cutWatches()
      await during(
        ({ isWatch, query }) => (isWatch && query.has('resourceVersion') ? trouble : undefined),
        async () => {
          await works('one')
          await works('two')
        },
      )
      expect(await daemon.metric('srouter_watch_restarts_total', { cause: 'expired' })).toBeGreaterThan(5)
      await works('three')
      await unharmed()
    })

  test('a storm of 429 with Retry-After', async () => {
    const from = proxy.passed.length
    await during(
      () => ({ status: 429, headers: { 'retry-after': '1' } }),
      async () => {
        proxy.cutWatches()
        await set(plane, route('app', 'one'))
        await Bun.sleep(4_000)
      },
    )
    // Obeyed: not asked again and again.
    expect(proxy.passed.slice(from).length).toBeLessThan(100)
    await works('two')
    await becomes(plane, [...worldRecords, recordOf('one'), recordOf('two')])
    await unharmed()
  }, 120_000)

  test('every answer is two seconds late', async () => {
    await during(
      () => ({ lateMs: 2_000 }),
      async () => {
        await works('one')
        // What is gone before the answer to the write of it has come, stays gone.
        await set(plane, route('app', 'two'))
        await waitFor(
          () =>
            plane.read({
              apiVersion: 'externaldns.k8s.io/v1alpha1',
              kind: 'DNSEndpoint',
              namespace: 'app',
              name: 'two-external-dns-weu',
            }),
          { what: 'the record of two' },
        )
        await plane.remove(routeRef('app', 'two'))
        await works('three')
      },
    )
    await becomes(plane, [...worldRecords, recordOf('one'), recordOf('three')], 20_000)
    await unharmed([`- ${recordOf('two')}`])
  }, 120_000)

  test('500 on one kind: whatever is known of it stays', async () => {
    await during(
      ({ resource }) => (resource === 'dnspolicies' ? { status: 500 } : undefined),
      async () => {
        proxy.cutWatches()
        await daemon.says('Watch restarted', { kind: 'DNSPolicy', cause: 'failed' })
        await works('one')
        await plane.remove(routeRef('app', 'r0'))
        await daemon.says('Changes postponed, because an input is behind')
        await becomes(plane, [...worldRecords, recordOf('one')])
      },
    )
    await unharmed([`- ${recordOf('r0')}`])
  })

  test('an input that it cannot watch, and an engineer who acts meanwhile: it undoes nothing', async () => {
    await during(
      ({ resource, isWatch }) =>
        ['serviceroutes', 'gateways'].includes(resource) && isWatch ? { status: 500 } : undefined,
      async () => {
        proxy.cutWatches()
        await daemon.says('Watch restarted', { kind: 'ServiceRoute', cause: 'failed' })
        await daemon.says('Watch restarted', { kind: 'Gateway', cause: 'failed' })
        await set(plane, route('app', 'one'))
        await set(plane, gateway('internal', { ttl: 77 }))
        expect((await srouter.apply()).code).toBe(0)
        // It has heard of the DNSEndpoints, and of no reason for them.
        await daemon.says('Changes postponed, because an input is behind')
        expect((await srouter.plan()).code).toBe(0)
      },
    )
    await works('two', 60_000)
    await unharmed([...addresses].map(record => `- ${record}`))
  }, 120_000)

  for (const resource of ['dnspolicies', 'serviceroutes', 'dnsendpoints', 'namespaces'])
    test(`500 on ${resource} when it starts: nothing is touched until they are known`, async () => {
      await daemon.stop()
      await during(
        asked => (asked.resource === resource ? { status: 500 } : undefined),
        async () => {
          daemon = start()
          await daemon.says('Watch restarted', { cause: 'failed' })
          await waitFor(async () => (await daemon.get('health', '/readyz')).text.includes('not filled'), {
            what: '/readyz to say why',
          })
        },
      )
      expect(daemon.log.some(({ message }) => message === 'Working')).toBe(false)
      await works('one', 60_000)
      await unharmed()
    }, 120_000)

  test('500 on writes: they are repeated, and the status says so', async () => {
    const api = routeRef('app', 'one')
    await during(
      ({ resource, method }) =>
        resource === 'dnsendpoints' && method !== 'GET' ? { status: 500 } : undefined,
      async () => {
        await set(plane, route('app', 'one'))
        await waitFor(
          async () =>
            JSON.stringify((await plane.read(api))?.status ?? {}).includes('DNSEndpointGenerationFailed'),
          { what: 'the status to say so', timeoutMs: 30_000 },
        )
      },
    )
    await becomes(plane, [...worldRecords, recordOf('one')], 60_000)
    await unharmed()
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
      await daemon.stop()
      await during(emptyState(resource, 1), async () => {
        daemon = start()
        await daemon.says('Working')
        await works('one')
      })
      await unharmed()
    })

  test('an empty state that is wrong, after a 410', async () => {
    let first = true
    const empty = emptyState('serviceroutes', 1)
    proxy.cutWatches()
    await during(
      asked => {
        if (asked.resource !== 'serviceroutes' || !asked.isWatch) return empty(asked)
        if (first && asked.query.has('resourceVersion')) {
          first = false
          return { status: 410 }
        }
        return empty(asked)
      },
      async () => {
        await works('one')
        expect(first).toBe(false)
      },
    )
    await unharmed()
  })

  test('connections that break off in the middle of a stream', async () => {
    for (const name of ['one', 'two', 'three']) {
      proxy.cutWatches()
      await works(name)
    }
    await unharmed()
  })
})
