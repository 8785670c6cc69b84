import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import { routeRef } from '../cluster/support/refs.ts'
import type { Srouter } from '../cluster/support/srouter.ts'
import { versions } from '../cluster/support/state.ts'
import { putRoutes } from '../cluster/support/world.ts'
import { policy, route } from '../engine/build.ts'
import { type Ended, srouter as executable, execute } from '../executable/process.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { allCrds, istioGatewayCrd } from '../lab/crds.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { daemonPlane, leaseRef, namespaces, serviceAccount } from './support/plane.ts'
import { type RunningDaemon, startDaemon } from './support/process.ts'
import { faultyProxy } from './support/proxy.ts'
import { becomes, serves } from './support/records.ts'
import { base, baseRecords, baseServed, says, settled } from './support/scene.ts'
import { become, set } from './support/world.ts'

const noServers = ['--metrics-bind-address', '0', '--health-probe-bind-address', '0']

describeLab('the process', () => {
  let plane: ControlPlane
  let srouter: Srouter
  let kubeconfig: string
  beforeAll(async () => {
    const known = await daemonPlane()
    await known.mend()
    plane = known.plane
    srouter = known.srouter
    kubeconfig = known.kubeconfig()
  }, 120_000)
  beforeEach(async () => {
    await become(plane, base)
    await plane.remove(leaseRef)
  })

  const run = (...flags: readonly string[]): Promise<Ended> =>
    execute(executable(), ['run', '--kubeconfig', kubeconfig, '--log-format', 'json', ...noServers, ...flags])
  const holder = async () =>
    ((await plane.read(leaseRef)) as (KubeObject & { spec: { holderIdentity?: string } }) | undefined)?.spec
      .holderIdentity

  test('--once does everything, and the second time nothing', async () => {
    await set(plane, route('app', 'web'))
    expect(await run('--once')).toMatchObject({ code: 0 })
    await becomes(plane, [...baseRecords, 'weu web-ns-p-prod-app CNAME 300 aks01-weu-internal'])
    await says(plane, routeRef('app', 'web'), 'Ready', 'True ReconciliationSucceeded')
    const before = await versions(plane)
    expect(await run('--once')).toMatchObject({ code: 0 })
    expect(await versions(plane)).toEqual(before)
    expect((await srouter.plan()).code).toBe(0)
  })

  test('flags as variables', async () => {
    const env = {
      SROUTER_ONCE: 'true',
      SROUTER_LOG_FORMAT: 'json',
      SROUTER_INTERVAL: '5s',
      NO_PROXY: '127.0.0.1',
    }
    const ended = await execute(executable(), ['run'], { env: { ...env, SROUTER_KUBECONFIG: kubeconfig } })
    expect(ended.code).toBe(0)
    const wrong = await execute(executable(), ['run', '--kubeconfig', kubeconfig], {
      env: { SROUTER_INTERVAL: 'often' },
    })
    expect(wrong.code).toBe(64)
    expect(wrong.err).toContain('often')
    await using daemon = startDaemon({ kubeconfig, env: { SROUTER_LEADER_ELECT: 'true' } })
    await daemon.says('Lease acquired')
  })

  test('/healthz and /readyz, and no other path', async () => {
    await using daemon = startDaemon({ kubeconfig })
    await daemon.ready()
    expect(await daemon.get('health', '/healthz')).toEqual({ status: 200, text: 'ok\n' })
    expect(await daemon.get('health', '/readyz')).toEqual({ status: 200, text: 'ok\n' })
    expect((await daemon.get('health', '/metrics')).status).toBe(404)
    expect((await daemon.get('metrics', '/healthz')).status).toBe(404)
  })

  test('a port that is taken: 64, at once, and nothing is begun', async () => {
    const other = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
    const [metrics, health] = ['--metrics-bind-address', '--health-probe-bind-address']
    for (const [taken, off] of [
      [metrics, health],
      [health, metrics],
    ] as const) {
      const argv = ['run', '--kubeconfig', kubeconfig, taken, `127.0.0.1:${other.port}`, off, '0']
      const { code, err } = await execute(executable(), argv)
      expect(code).toBe(64)
      expect(err).toContain(`${other.port}`)
      expect(err).not.toContain('Working')
    }
    await other.stop(true)
  })

  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    test(`${signal}: what is begun is done, the Lease is given back, exit 0`, async () => {
      await using daemon = startDaemon({ kubeconfig, flags: ['--leader-elect=true'] })
      await daemon.says('Working')
      await becomes(plane, baseRecords)
      expect(await holder()).toBeTruthy()
      expect(await daemon.metric('srouter_leader')).toBe(1)
      expect(await daemon.stop(signal)).toBe(0)
      expect(await holder()).toBeUndefined()
      await daemon.says('Stopped')
    })

  test('while hundreds of records are written: it stops soon, and the next one does the rest', async () => {
    await putRoutes(plane, 300, 'c')
    await set(plane, policy('c'))
    // So slow that it cannot be done before it is told to stop.
    await using proxy = faultyProxy(plane)
    proxy.fault = ({ resource, method }) =>
      resource === 'dnsendpoints' && method !== 'GET' ? { lateMs: 500 } : undefined
    const { kubeconfig: through } = await daemonPlane()
    await using daemon = startDaemon({ kubeconfig: through(proxy.url) })
    await daemon.says('Created', { kind: 'DNSEndpoint' })
    const began = performance.now()
    expect(await daemon.stop()).toBe(0)
    // Five seconds for the answers to what is in flight, two for events, and some for a busy machine.
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(await plane.list('externaldns.k8s.io/v1alpha1', 'DNSEndpoint', 'c')).not.toHaveLength(300)
    await using next = startDaemon({ kubeconfig })
    await next.ready()
    await settled(plane, srouter, 60_000)
    expect(await plane.list('externaldns.k8s.io/v1alpha1', 'DNSEndpoint', 'c')).toHaveLength(300)
  })

  test('a standby is ready, and works as soon as the other one goes', async () => {
    const flags = ['--leader-elect=true']
    await using first = startDaemon({ kubeconfig, flags })
    await first.says('Working')
    await using second = startDaemon({ kubeconfig, flags })
    await second.ready()
    await second.says('Another replica leads')
    expect(await second.metric('srouter_leader')).toBe(0)
    const began = performance.now()
    expect(await first.stop()).toBe(0)
    await second.says('Working')
    // It was given back, so nobody had to wait for it to run out.
    expect(performance.now() - began).toBeLessThan(10_000)
    await set(plane, route('app', 'web'))
    await becomes(plane, [...baseRecords, 'weu web-ns-p-prod-app CNAME 300 aks01-weu-internal'])
  })
})

describeLab('kinds that are not installed', () => {
  let plane: ControlPlane
  let daemon: RunningDaemon
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]()
    await plane?.stop()
  })

  test('are waited for, Istio alone is not; when they come, work begins', async () => {
    const crds = await allCrds()
    const istio = await istioGatewayCrd()
    const isLate = ({ metadata }: KubeObject) =>
      metadata.name === istio.metadata.name || metadata.name === 'serviceroutes.routing.router.io'
    plane = await startControlPlane({ manifests: crds.filter(crd => !isLate(crd)) })
    await plane.applyManifests(
      namespaces.map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    )
    for (const object of base.filter(({ kind }) => kind !== 'ServiceRoute')) await set(plane, object)
    const kept: KubeObject = {
      apiVersion: 'externaldns.k8s.io/v1alpha1',
      kind: 'DNSEndpoint',
      metadata: {
        name: 'api-external-dns-weu',
        namespace: 'app',
        labels: {
          'app.kubernetes.io/managed-by': 'service-router-operator',
          'router.io/serviceroute': 'api',
          'router.io/region': 'weu',
          app: 'external-dns-weu',
        },
      },
      spec: {
        endpoints: [
          {
            dnsName: 'api-ns-p-prod-app.aks.example.com',
            recordType: 'CNAME',
            targets: ['aks01-weu-internal.aks.example.com'],
          },
        ],
      },
    }
    await set(plane, kept)
    const kubeconfig = (await serviceAccount(plane)).kubeconfig()
    daemon = startDaemon({ kubeconfig, flags: ['--interval', '1s'] })
    await daemon.says('Kind not installed', { kind: 'ServiceRoute' })
    await waitFor(
      async () => (await daemon.get('health', '/readyz')).text.includes('ServiceRoute (not installed)'),
      {
        what: 'the daemon to say what it waits for',
      },
    )
    expect((await daemon.get('health', '/healthz')).status).toBe(200)
    const once = await execute(executable(), ['run', '--once', '--kubeconfig', kubeconfig])
    expect(once.code).toBe(1)
    expect(await plane.read({ ...kept, ...kept.metadata } as never)).toBeDefined()

    await plane.applyManifests(
      crds.filter(({ metadata }) => metadata.name === 'serviceroutes.routing.router.io'),
    )
    for (const object of base.filter(({ kind }) => kind === 'ServiceRoute')) await set(plane, object)
    await daemon.says('Working')
    await becomes(plane, baseRecords)
    const gateway = {
      apiVersion: 'routing.router.io/v1alpha1',
      kind: 'Gateway',
      namespace: 'istio-system',
      name: 'internal',
    }
    await says(plane, gateway, 'IstioReady', 'False IstioGatewayGenerationFailed')

    await plane.applyManifests([istio])
    await serves(plane, baseServed, 20_000)
    await says(plane, gateway, 'Ready', 'True ReconciliationSucceeded')
    await waitFor(async () => !JSON.stringify((await plane.read(gateway))?.status).includes('IstioReady'), {
      what: 'the condition to go',
    })

    // Gone once more: the records do not depend on it.
    await plane.remove({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      name: istio.metadata.name,
    })
    await says(plane, gateway, 'IstioReady', 'False IstioGatewayGenerationFailed')
    await becomes(plane, baseRecords)
  })
})
