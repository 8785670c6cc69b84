import { expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import type { KubeObject, ResourceRef } from '../../src/api/object.ts'
import { edit } from '../cluster/support/edit.ts'
import {
  configurationRef,
  endpointRef,
  gatewayRef,
  identityRef,
  policyRef,
  routeRef,
} from '../cluster/support/refs.ts'
import { type StatusOf, versions } from '../cluster/support/state.ts'
import { gateway, policy, route } from '../engine/build.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { withDaemon } from './support/running.ts'
import { says, settled, statusOf } from './support/scene.ts'
import { set } from './support/world.ts'

const api = routeRef('app', 'api')
const cname = endpointRef('app', 'api-external-dns-weu')
const internal = gatewayRef('istio-system', 'internal')
const fine = 'True ReconciliationSucceeded'
const hasKubectl = Bun.which('kubectl') !== null || existsSync('/usr/bin/kubectl')

interface Event extends KubeObject {
  readonly reason: string
  readonly type: string
  readonly note: string
  readonly regarding: ResourceRef & { readonly uid: string }
  readonly reportingController: string
  readonly series?: { readonly count: number }
}

describeLab('what the daemon says', () => {
  // Full comparisons every second, so that a few of them are over while a test looks on.
  const on = withDaemon(['--interval', '1s'])
  const passes = () => on.daemon.metric('srouter_reconcile_duration_seconds_count', { scope: 'full' })
  const successes = () => on.daemon.metric('srouter_last_full_success_timestamp_seconds')
  const events = async (regarding: ResourceRef): Promise<readonly Event[]> => {
    const uid = (await on.plane.read(regarding))?.metadata.uid
    return (await on.plane.list<Event>('events.k8s.io/v1', 'Event')).filter(
      event => event.regarding.uid === uid,
    )
  }

  /** ExternalDNS has read them: it says so in their status. */
  const read = async (...refs: readonly ResourceRef[]): Promise<void> => {
    for (const ref of refs) {
      const generation = (await on.plane.read(ref))?.metadata.generation
      await edit(on.plane, ref, { status: { observedGeneration: generation } }, '/status')
    }
  }
  const gatewayEndpoints = ['weu', 'neu'].map(region =>
    endpointRef('ingress', `gateway-controller-igw-internal-internal-external-dns-${region}`),
  )

  test('a route: host, target, its DNSEndpoints, generation', async () => {
    await says(on.plane, api, 'Ready', fine)
    const { generation } = (await on.plane.read(api))?.metadata ?? {}
    expect(await statusOf(on.plane, api)).toMatchObject({
      phase: 'Active',
      observedGeneration: generation as number,
      host: 'api-ns-p-prod-app.aks.example.com',
      target: 'aks01-weu-internal.aks.example.com',
      dnsEndpoint: 'api-external-dns-weu',
      dnsEndpoints: ['api-external-dns-weu'],
    })
  })

  test('a Gateway, a policy and the singletons', async () => {
    await says(on.plane, internal, 'Ready', fine)
    expect(await statusOf(on.plane, internal)).toMatchObject({
      phase: 'Active',
      loadBalancerIP: '10.0.0.1',
      addresses: ['10.0.0.1'],
      hosts: 1,
    })
    expect(await statusOf(on.plane, policyRef('app', 'dns-policy'))).toMatchObject({
      phase: 'Active',
      active: true,
      activeControllers: ['external-dns-weu'],
    })
    expect(await statusOf(on.plane, identityRef)).toMatchObject({
      phase: 'Active',
      applied: { region: 'weu', cluster: 'aks01', domain: 'aks.example.com' },
    })
    expect(await statusOf(on.plane, configurationRef)).toMatchObject({ phase: 'Active' })
  })

  test('DNSReady, when ExternalDNS has read every DNSEndpoint, and again after a change', async () => {
    await says(on.plane, api, 'DNSReady', 'False DNSNotReady')
    await read(cname, ...gatewayEndpoints)
    await says(on.plane, api, 'DNSReady', 'True DNSEndpointsCreated')
    await says(on.plane, internal, 'DNSReady', 'True DNSEndpointsCreated')
    await set(on.plane, gateway('internal', { targetPostfix: 'priv' }))
    await says(on.plane, api, 'DNSReady', 'False DNSNotReady')
    await read(cname)
    await says(on.plane, api, 'DNSReady', 'True DNSEndpointsCreated')
  })

  test('observedGeneration follows the spec, lastTransitionTime only the status of a condition', async () => {
    const conditionOf = async (type: string) =>
      (await statusOf(on.plane, api)).conditions?.find(condition => condition.type === type)
    await says(on.plane, api, 'Ready', fine)
    const before = await conditionOf('Ready')
    const second = () => Math.floor(Date.now() / 1000)
    const now = second()
    await waitFor(() => second() > now + 1, { what: 'another second' })
    await set(on.plane, route('app', 'api', { serviceName: 'other' }))
    const { generation = 0 } = (await on.plane.read(api))?.metadata ?? {}
    await waitFor(async () => (await statusOf(on.plane, api)).observedGeneration === generation, {
      what: 'the new generation to be observed',
    })
    expect(await conditionOf('Ready')).toMatchObject({
      observedGeneration: generation,
      lastTransitionTime: before?.lastTransitionTime ?? '',
    })
    await set(on.plane, route('app', 'api', { gatewayName: 'nope' }))
    await says(on.plane, api, 'Ready', 'False GatewayNotFound')
    const after = await conditionOf('Ready')
    expect(Date.parse(after?.lastTransitionTime ?? '')).toBeGreaterThan(
      Date.parse(before?.lastTransitionTime ?? ''),
    )
  })

  test.skipIf(!hasKubectl)('kubectl wait', async () => {
    await set(on.plane, route('app', 'web'))
    const wait = (resource: string, namespace?: string) =>
      Bun.spawn(
        [
          'kubectl',
          `--kubeconfig=${on.plane.kubeconfig()}`,
          'wait',
          resource,
          '--for=condition=Ready',
          '--timeout=10s',
        ].concat(namespace === undefined ? [] : ['-n', namespace]),
        { stdout: 'ignore', stderr: 'ignore' },
      ).exited
    const codes = await Promise.all([
      wait('serviceroute/web', 'app'),
      wait('dnspolicy/dns-policy', 'app'),
      wait('gateways.routing.router.io/internal', 'istio-system'),
      wait('clusteridentity/cluster-identity'),
    ])
    expect(codes).toEqual([0, 0, 0, 0])
  })

  test('while nothing happens, nothing is written, however often all is compared', async () => {
    await settled(on.plane, on.srouter)
    const before = await versions(on.plane)
    const [pass, time] = [await passes(), await successes()]
    await waitFor(async () => (await successes()) > time + 3, {
      what: 'three more intervals',
      timeoutMs: 15_000,
    })
    expect(await versions(on.plane)).toEqual(before)
    // Nothing has changed, so there was nothing to think about; one pass more may have been on its way.
    expect(await passes()).toBeLessThanOrEqual(pass + 1)
  })

  test('events: on the resource that a user would describe, once', async () => {
    await set(on.plane, policy('b', { mode: 'RegionBound', sourceRegion: 'neu' }))
    await set(on.plane, route('app', 'lost', { gatewayName: 'nope' }))
    const lost = routeRef('app', 'lost')
    await says(on.plane, lost, 'Ready', 'False GatewayNotFound')
    await waitFor(async () => (await events(lost)).length > 0, { what: 'its event' })
    const before = await passes()
    await edit(on.plane, lost, { metadata: { annotations: { again: '1' } } })
    await waitFor(async () => (await passes()) > before, { what: 'another pass' })
    await edit(on.plane, lost, { metadata: { annotations: { again: '2' } } })
    await waitFor(async () => (await passes()) > before + 1, { what: 'one more' })
    expect(await events(lost)).toMatchObject([
      {
        type: 'Warning',
        reason: 'GatewayNotFound',
        action: 'Reconcile',
        reportingController: 'router.io/srouter',
        regarding: { kind: 'ServiceRoute', namespace: 'app', name: 'lost' },
      },
    ])
    const reasons = async () =>
      (await events(policyRef('b', 'dns-policy'))).map(({ type, reason }) => [type, reason]).sort()
    await waitFor(async () => (await reasons()).length === 2, { what: 'the events of the policy' })
    // A stand-by cluster is healthy.
    expect(await reasons()).toEqual([
      ['Normal', 'DNSPolicyInactive'],
      ['Normal', 'PolicyInactive'],
    ])
    await set(on.plane, gateway('nope', { addresses: ['192.0.2.3'] }))
    await waitFor(
      async () => (await events(lost)).some(event => event.reason === 'ReconciliationSucceeded'),
      {
        what: 'the event that all is well',
      },
    )
  })

  test('metrics', async () => {
    const { daemon, plane } = on
    await set(plane, route('app', 'lost', { gatewayName: 'nope' }))
    await says(plane, routeRef('app', 'lost'), 'Ready', 'False GatewayNotFound')
    const metric = (name: string, labels: Record<string, string>, wanted: number) =>
      waitFor(async () => (await daemon.metric(name, labels)) === wanted, { what: `${name} to be ${wanted}` })
    await metric('srouter_routes', { phase: 'Active' }, 1)
    await metric('srouter_routes', { phase: 'Pending' }, 1)
    await metric('srouter_gateways', { phase: 'Active' }, 1)
    await metric('srouter_policies', { phase: 'Active' }, 1)
    await metric('srouter_findings', { code: 'GatewayNotFound', severity: 'error' }, 1)
    await metric('srouter_records', { zone: 'weu' }, 2)
    await metric('srouter_records', { zone: 'neu' }, 1)
    await metric('srouter_brake_held_records', {}, 0)
    await metric('srouter_leader', {}, 1)
    await metric('srouter_build_info', {}, 1)
    for (const scope of ['full', 'slice', 'istio'])
      expect(await daemon.metric('srouter_reconcile_duration_seconds_count', { scope })).toBeGreaterThan(0)
    for (const kind of ['DNSEndpoint', 'Gateway'])
      expect(
        await daemon.metric('srouter_changes_total', { kind, action: 'create', result: 'done' }),
      ).toBeGreaterThan(0)
    expect(
      await daemon.metric('srouter_api_request_duration_seconds_count', {
        verb: 'create',
        resource: 'dnsendpoints',
      }),
    ).toBeGreaterThan(0)
    expect(Math.abs((await successes()) - Date.now() / 1000)).toBeLessThan(60)
    const { text } = await daemon.get('metrics', '/metrics')
    for (const name of ['srouter_api_errors_total', 'srouter_watch_restarts_total'])
      expect(text).toContain(`# TYPE ${name}`)
  })

  test('the log: one line of JSON per change, with what varies in fields', async () => {
    const from = on.daemon.log.length
    await set(on.plane, route('app', 'web'))
    await on.daemon.says(
      'Created',
      { kind: 'DNSEndpoint', object: 'app/web-external-dns-weu', route: 'app/web', reason: 'new' },
      from,
    )
    // Not by removing a route: the garbage collector may be quicker, and then nothing is left to be deleted.
    const second = { kind: 'DNSEndpoint', object: 'app/web-external-dns-neu' }
    await set(on.plane, policy('app', { mode: 'RegionBound', sourceRegion: 'weu' }))
    await on.daemon.says('Created', second, from)
    await set(on.plane, policy('app'))
    await on.daemon.says('Deleted', second, from)
    for (const line of on.daemon.log)
      expect(Object.keys(line).slice(0, 3)).toEqual(['time', 'level', 'message'])
  })

  test('a route that is deleted and made anew at once has a status of its own', async () => {
    for (let round = 0; round < 5; round++) {
      await on.plane.remove(api)
      await set(on.plane, route('app', 'api'))
    }
    const made = (await on.plane.read(api))?.metadata
    await waitFor(
      async () => {
        const owners = (await on.plane.read(cname))?.metadata.ownerReferences
        const status = (await on.plane.read(api))?.status as StatusOf | undefined
        return owners?.[0]?.uid === made?.uid && status?.observedGeneration === made?.generation
      },
      { what: 'the DNSEndpoint to be owned by the new route' },
    )
  })
})
