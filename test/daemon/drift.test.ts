import { beforeEach, expect, test } from 'bun:test'
import type { KubeObject, ResourceRef } from '../../src/api/object.ts'
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
import { policy } from '../engine/build.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { becomes } from './support/records.ts'
import { withDaemon } from './support/running.ts'
import { baseRecords, settled } from './support/scene.ts'
import { set } from './support/world.ts'

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

/** What srouter writes of an object. */
const owned = (object: KubeObject | undefined) =>
  object === undefined
    ? undefined
    : {
        metadata: {
          labels: object.metadata.labels,
          annotations: object.metadata.annotations,
          // The flags of a reference matter to nobody.
          ownerReferences: object.metadata.ownerReferences?.map(({ apiVersion, kind, name, uid }) => ({
            apiVersion,
            kind,
            name,
            uid,
          })),
        },
        spec: object.spec,
      }

interface Patch {
  readonly op: 'replace' | 'remove'
  readonly path: string
  readonly value?: unknown
}

/** Each value made another one, and everything that can be taken out taken out. */
const patchesOf = (value: unknown, path = ''): readonly Patch[] => {
  const depth = path.split('/').length
  const removal: readonly Patch[] = depth > 2 ? [{ op: 'remove', path }] : []
  if (typeof value !== 'object' || value === null)
    return [{ op: 'replace', path, value: other(value) }, ...removal]
  const fields = Object.entries(value).flatMap(([key, member]) =>
    patchesOf(member, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  )
  return [...fields, ...removal]
}

const makesForeign = ({ op, path }: Patch): boolean =>
  path === '/metadata/labels/app.kubernetes.io~1managed-by' ||
  (op === 'remove' && path === '/metadata/labels')

const other = (value: unknown): unknown => {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (value === 'SIMPLE') return 'MUTUAL'
  return `${value}`.replace(/^./, first => (first === 'a' ? 'b' : 'a'))
}

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

  /** What the API server does not let anybody take out. */
  const owners = ['apiVersion', 'kind', 'name', 'uid'].map(field => `/metadata/ownerReferences/0/${field}`)
  const ofServer = ['hosts', 'port/name', 'port/number', 'port/protocol', 'port']
  for (const [ref, required] of [
    [cname, owners],
    [address, owners],
    [istio, [...owners, ...ofServer.map(field => `/spec/servers/0/${field}`)]],
  ] as const)
    test(`${ref.kind} ${ref.name}: every field of it changed, and every field removed`, async () => {
      const { plane } = on
      // Two objects in each zone: the only one of a zone with an unknown label looks like a controller that was moved.
      await set(plane, policy('app', { mode: 'RegionBound', sourceRegion: 'weu' }))
      await becomes(plane, [...baseRecords, 'neu api-ns-p-prod-app CNAME 300 aks01-weu-internal'])
      await settled(plane, on.srouter)
      good = await made(plane)
      const before = owned(await plane.read(ref))
      const path = await plane.pathOf(ref)
      const refusals: string[] = []
      for (const patch of patchesOf(before)) {
        // Owned by a Service, it is ours by its label alone; see below.
        if (ref === address && makesForeign(patch)) continue
        const { status } = await waitFor(
          async () => {
            const reply = await plane.request('PATCH', path, [patch], {
              contentType: 'application/json-patch+json',
            })
            // The garbage collector may have taken one whose owner was wrong; it comes back.
            return reply.status !== 404 && reply
          },
          { what: `${ref.kind} ${ref.name} to be there` },
        )
        if (status !== 200) refusals.push(`${patch.op} ${patch.path}`)
        else
          await waitFor(async () => Bun.deepEquals(owned(await plane.read(ref)), before), {
            what: `${patch.op} ${patch.path} to be put right`,
          })
      }
      expect(refusals).toEqual(required.map(field => `remove ${field}`))
      await healed()
    }, 120_000)

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
