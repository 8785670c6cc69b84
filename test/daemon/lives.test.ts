import { expect, test } from 'bun:test'
import { edit } from '../cluster/support/edit.ts'
import { endpointRef, gatewayRef, routeRef, serviceRef } from '../cluster/support/refs.ts'
import { gateway, policy, route } from '../engine/build.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { becomes, serves } from './support/records.ts'
import { fine } from './support/rows.ts'
import { withDaemon } from './support/running.ts'
import { api, baseRecords, baseServed, says, statusOf } from './support/scene.ts'
import { set } from './support/world.ts'

const apiRef = routeRef('app', 'api')
const internal = gatewayRef('istio-system', 'internal')
const balancer = serviceRef('ingress', 'lb-internal')
const web = 'weu web-ns-p-prod-app CNAME 300 aks01-weu-internal'

describeLab('what comes, goes and stands in the way', () => {
  const on = withDaemon()

  test('the labels of a namespace, where a Gateway selects by them', async () => {
    const { plane } = on
    const namespace = (labels: object) =>
      set(plane, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'b', labels: { ...labels } } })
    await namespace({ team: 'a' })
    const selecting = { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'a' } } } }
    await set(plane, gateway('external', { allowedRoutes: selecting, addresses: ['192.0.2.9'] }))
    await set(plane, policy('b'))
    await set(plane, route('b', 'web', { gatewayName: 'external' }))
    const ref = routeRef('b', 'web')
    await says(plane, ref, 'Ready', fine)
    await namespace({ team: 'z' })
    await says(plane, ref, 'Ready', 'False NotAllowedByGateway')
    await becomes(plane, [
      ...baseRecords,
      'neu aks01-weu-external A 60 192.0.2.9',
      'weu aks01-weu-external A 60 192.0.2.9',
      'weu web-ns-p-prod-b CNAME 300 aks01-weu-external',
    ])
    await namespace({ team: 'a' })
    await says(plane, ref, 'Ready', fine)
    await namespace({})
  })

  test('a Gateway is removed and comes back: the records stay, and so do their uids', async () => {
    const { plane } = on
    const uid = async () => (await plane.read(endpointRef('app', 'api-external-dns-weu')))?.metadata.uid
    const before = await uid()
    await plane.remove(internal)
    await says(plane, apiRef, 'Ready', 'False GatewayNotFound')
    await becomes(plane, baseRecords)
    await set(plane, gateway())
    await says(plane, apiRef, 'Ready', fine)
    await becomes(plane, baseRecords)
    await serves(plane, baseServed)
    expect(await uid()).toBe(before)
  })

  test('two routes want one host: the one that publishes it keeps it, the other follows when it goes', async () => {
    const { plane } = on
    await set(plane, policy('b'))
    await set(plane, route('b', 'late', { serviceName: 'api', application: 'app' }))
    const late = routeRef('b', 'late')
    await says(plane, late, 'Ready', 'False HostConflict')
    const { conditions = [] } = await statusOf(plane, late)
    expect(conditions[0]?.message).toContain('app/api')
    await becomes(plane, baseRecords)
    await plane.remove(apiRef)
    await says(plane, late, 'Ready', fine)
    await becomes(plane, baseRecords)
    expect(await plane.read(endpointRef('b', 'late-external-dns-weu'))).toBeDefined()
  })

  test("somebody else's DNSEndpoint is in the way, and goes", async () => {
    const { plane } = on
    const foreign = endpointRef('app', 'web-external-dns-weu')
    const { apiVersion, kind, name, namespace = '' } = foreign
    const spec = { endpoints: [{ dnsName: 'x.example.com', recordType: 'A', targets: ['192.0.2.5'] }] }
    // With the label of a route even; but that does not make it ours.
    const labels = { 'router.io/serviceroute': 'web' }
    await set(plane, { apiVersion, kind, metadata: { name, namespace, labels }, spec })
    await set(plane, route('app', 'web'))
    await says(plane, routeRef('app', 'web'), 'Ready', 'False ForeignObject')
    await edit(plane, foreign, { metadata: { annotations: { a: 'b' } } })
    await plane.remove(routeRef('app', 'web'))
    await serves(plane, baseServed)
    expect((await plane.read(foreign))?.spec).toEqual(spec)
    await set(plane, route('app', 'web'))
    await says(plane, routeRef('app', 'web'), 'Ready', 'False ForeignObject')
    await plane.remove(foreign)
    await becomes(plane, [...baseRecords, web])
    await says(plane, routeRef('app', 'web'), 'Ready', fine)
  })

  test("somebody else's Istio Gateway is in the way, and goes", async () => {
    const { plane } = on
    const spec = { selector: { istio: 'x' }, servers: [] }
    const foreign = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'external', namespace: 'istio-system' },
    }
    await set(plane, { ...foreign, spec })
    await set(plane, gateway('external', { addresses: ['192.0.2.9'] }))
    await set(plane, route('app', 'web', { gatewayName: 'external' }))
    await says(plane, routeRef('app', 'web'), 'Ready', fine)
    const ref = { ...foreign, ...foreign.metadata }
    expect((await plane.read(ref))?.spec).toEqual(spec)
    await plane.remove(ref)
    await serves(plane, [...baseServed, 'istio-system/external igw-external tls: web-ns-p-prod-app'])
  })

  test('a namespace is deleted with all that is in it', async () => {
    const { plane, daemon } = on
    const name = 'leaving'
    await set(plane, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    await set(plane, policy(name))
    for (const route_ of ['one', 'two', 'three']) await set(plane, route(name, route_))
    await waitFor(() => plane.read(endpointRef(name, 'three-external-dns-weu')), { what: 'its records' })
    const from = daemon.log.length
    await plane.remove({ apiVersion: 'v1', kind: 'Namespace', name })
    await waitFor(
      async () => (await plane.read({ apiVersion: 'v1', kind: 'Namespace', name })) === undefined,
      {
        what: 'the namespace to go',
        timeoutMs: 30_000,
      },
    )
    await becomes(plane, baseRecords)
    await serves(plane, baseServed)
    // What is on its way out is not made once more.
    expect(daemon.log.slice(from).filter(({ message }) => message === 'Change failed')).toEqual([])
  })

  test('an owner is deleted: what it owned is collected', async () => {
    const { plane } = on
    await plane.remove(balancer)
    // The addresses belong to the Service.
    await becomes(plane, [api])
    await says(plane, internal, 'DNSReady', 'False LoadBalancerIPPending')
  })

  test('a Gateway with addresses of its own is deleted: they are collected with it', async () => {
    const { plane } = on
    const external = gatewayRef('istio-system', 'external')
    await set(plane, gateway('external', { addresses: ['192.0.2.9'] }))
    const own = ['neu', 'weu'].map(zone => `${zone} aks01-weu-external A 60 192.0.2.9`)
    await becomes(plane, [...baseRecords, ...own])
    await plane.remove(external)
    await becomes(plane, baseRecords)
  })

  test('a route is deleted: its DNSEndpoint goes, and the Istio Gateway serves it no more', async () => {
    const { plane } = on
    await set(plane, route('app', 'web'))
    await becomes(plane, [...baseRecords, web])
    await plane.remove(routeRef('app', 'web'))
    await becomes(plane, baseRecords)
    await serves(plane, baseServed)
  })

  test('while no daemon runs, the garbage collector takes what a deleted owner leaves behind', async () => {
    const { plane } = on
    const endpoint = endpointRef('app', 'web-external-dns-weu')
    await set(plane, route('app', 'web'))
    await waitFor(() => plane.read(endpoint), { what: 'its record' })
    on.daemon.signal('SIGSTOP')
    try {
      await plane.remove(routeRef('app', 'web'))
      await waitFor(async () => (await plane.read(endpoint)) === undefined, { what: 'it to be collected' })
    } finally {
      on.daemon.signal('SIGCONT')
    }
    await becomes(plane, baseRecords)
    await serves(plane, baseServed)
  })
})
