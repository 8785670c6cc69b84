import { beforeEach, expect, test } from 'bun:test'
import type { ResourceRef } from '../../src/api/object.ts'
import { edit } from '../cluster/support/edit.ts'
import {
  configurationRef,
  endpointRef,
  gatewayRef,
  identityRef,
  istioRef,
  policyRef,
  routeRef,
} from '../cluster/support/refs.ts'
import { made } from '../cluster/support/state.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { withDaemon } from './support/running.ts'
import { settled } from './support/scene.ts'

const cname = endpointRef('app', 'api-external-dns-weu')
const address = endpointRef('ingress', 'gateway-controller-igw-internal-internal-external-dns-neu')
const istio = istioRef('istio-system', 'internal')

const host = 'api-ns-p-prod-app.aks.example.com'
const record = {
  dnsName: host,
  recordType: 'CNAME',
  recordTTL: 300,
  targets: ['aks01-weu-internal.aks.example.com'],
}
const endpoints = (...given: readonly object[]) => ({ spec: { endpoints: given } })
const server = {
  hosts: [host],
  port: { name: 'https', number: 443, protocol: 'HTTPS' },
  tls: { credentialName: 'tls', mode: 'SIMPLE' },
}
const servers = (...given: readonly object[]) => ({ spec: { servers: given } })
const labels = (given: Readonly<Record<string, string | null>> | null) => ({ metadata: { labels: given } })
const owner = {
  apiVersion: 'routing.router.io/v1alpha1',
  kind: 'ServiceRoute',
  name: 'api',
  uid: '00000000-0000-4000-8000-000000000000',
  controller: true,
}

const rows: readonly (readonly [what: string, ref: ResourceRef, patch: object])[] = [
  ['a label', cname, labels({ app: 'other' })],
  ['the label of the zone', cname, labels({ 'router.io/region': 'neu' })],
  ['the label of the route', cname, labels({ 'router.io/serviceroute': 'other' })],
  ['the managed-by label', cname, labels({ 'app.kubernetes.io/managed-by': 'somebody' })],
  ['all labels', cname, labels(null)],
  ['all annotations', cname, { metadata: { annotations: null } }],
  [
    'the controller annotation',
    cname,
    { metadata: { annotations: { 'external-dns.kubernetes.io/controller': 'x' } } },
  ],
  ['the owner', cname, { metadata: { ownerReferences: null } }],
  ['another owner of its name', cname, { metadata: { ownerReferences: [owner] } }],
  ['a TTL', cname, endpoints({ ...record, recordTTL: 5 })],
  ['no TTL', cname, endpoints({ ...record, recordTTL: null })],
  ['a type', cname, endpoints({ ...record, recordType: 'A', targets: ['192.0.2.9'] })],
  ['a target', cname, endpoints({ ...record, targets: ['evil.example.com'] })],
  ['a name', cname, endpoints({ ...record, dnsName: 'x.aks.example.com' })],
  ['one record more', cname, endpoints(record, { ...record, dnsName: 'x.aks.example.com' })],
  ['a field of ExternalDNS', cname, endpoints({ ...record, setIdentifier: 'x' })],
  ['no record', cname, endpoints()],
  [
    'an address',
    address,
    endpoints({
      dnsName: 'aks01-weu-internal.aks.example.com',
      recordType: 'A',
      recordTTL: 60,
      targets: ['192.0.2.9'],
    }),
  ],
  ['no address', address, endpoints()],
  [
    'what an address is for',
    address,
    labels({
      app: null,
      'router.io/controller': null,
      'router.io/region': null,
      'router.io/istio-controller': null,
    }),
  ],
  ['the zone of an address', address, labels({ 'router.io/region': 'weu' })],
  ['the hosts of Istio', istio, servers({ ...server, hosts: ['x.y'] })],
  [
    'a server more of Istio',
    istio,
    servers(server, { ...server, port: { ...server.port, name: 'x', number: 8443 } }),
  ],
  ['the certificate of Istio', istio, servers({ ...server, tls: { credentialName: 'x', mode: 'SIMPLE' } })],
  ['the port of Istio', istio, servers({ ...server, port: { ...server.port, number: 80 } })],
  ['the selector of Istio', istio, { spec: { selector: { istio: 'x', app: 'y' } } }],
  ['the labels of Istio', istio, labels(null)],
  ['the annotations of Istio', istio, { metadata: { annotations: null } }],
]

const statuses: readonly ResourceRef[] = [
  routeRef('app', 'api'),
  policyRef('app', 'dns-policy'),
  gatewayRef('istio-system', 'internal'),
  identityRef,
  configurationRef,
]

describeLab('what others change by hand is put right', () => {
  const on = withDaemon()
  let good: Readonly<Record<string, unknown>>
  beforeEach(async () => {
    await settled(on.plane, on.srouter)
    good = await made(on.plane)
  })

  const healed = () =>
    waitFor(async () => Bun.deepEquals(await made(on.plane), good), { what: 'all to be as it was' })

  for (const [what, ref, patch] of rows)
    test(`${ref.kind} ${ref.name}: ${what}`, async () => {
      await edit(on.plane, ref, patch)
      await healed()
    })

  for (const ref of [cname, address, istio])
    test(`${ref.kind} ${ref.name} is gone`, async () => {
      const before = await on.plane.read(ref)
      await on.plane.remove(ref)
      await healed()
      expect((await on.plane.read(ref))?.metadata.uid).not.toBe(before?.metadata.uid ?? '')
    })

  for (const ref of statuses)
    test(`${ref.kind} ${ref.name}: its status`, async () => {
      await edit(on.plane, ref, { status: { phase: 'Broken', conditions: [] } }, '/status')
      await healed()
    })

  test("without its owner and its label a DNSEndpoint is somebody else's: it is left alone", async () => {
    await edit(on.plane, address, labels({ 'app.kubernetes.io/managed-by': null }))
    await settled(on.plane, on.srouter)
    expect((await on.srouter.plan()).plan.findings.map(({ code }) => code)).toContain('ForeignObject')
    await edit(on.plane, address, labels({ 'app.kubernetes.io/managed-by': 'service-router-operator' }))
    await healed()
  })

  test('what others own stays: labels and annotations that are not ours', async () => {
    await edit(on.plane, cname, { metadata: { labels: { team: 'a' }, annotations: { note: 'b' } } })
    await edit(on.plane, cname, endpoints({ ...record, recordTTL: 5 }))
    await waitFor(async () => Bun.deepEquals((await on.plane.read(cname))?.spec, { endpoints: [record] }), {
      what: 'the TTL to be put right',
    })
    const metadata = (await on.plane.read(cname))?.metadata
    expect(metadata?.labels?.team).toBe('a')
    expect(metadata?.annotations?.note).toBe('b')
    await edit(on.plane, cname, { metadata: { labels: { team: null }, annotations: { note: null } } })
  })
})
