import { beforeAll, beforeEach, expect, test } from 'bun:test'
import { type ResourceRef, shortName } from '../../src/api/object.ts'
import { changed, platform, route } from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { edit } from './support/edit.ts'
import { clear, clusterPlane } from './support/plane.ts'
import { endpointRef, istioRef, routeRef } from './support/refs.ts'
import { type Srouter, srouterOn, touched } from './support/srouter.ts'
import { made } from './support/state.ts'
import { put } from './support/world.ts'

const cname = endpointRef('app', 'api-external-dns-weu')
const address = endpointRef('ingress', 'gateway-controller-igw-internal-internal-external-dns-neu')
const istio = istioRef('istio-system', 'internal')

const host = 'api-ns-p-prod-app.aks.example.com'
const target = 'aks01-weu-internal.aks.example.com'
const record = { dnsName: host, recordType: 'CNAME', recordTTL: 300, targets: [target] }
const endpoints = (...given: readonly object[]) => ({ spec: { endpoints: given } })
const owner = (uid: string, kind = 'ServiceRoute', name = 'api') => ({
  metadata: {
    ownerReferences: [{ apiVersion: 'routing.router.io/v1alpha1', kind, name, uid, controller: true }],
  },
})
const server = {
  hosts: [host],
  port: { name: 'https', number: 443, protocol: 'HTTPS' },
  tls: { credentialName: 'tls', mode: 'SIMPLE' },
}
const servers = (...given: readonly object[]) => ({ spec: { servers: given } })

interface Row {
  readonly what: string
  readonly ref: ResourceRef
  readonly patch: object
  /** Why the plan says that it updates the object. */
  readonly reason: string
  readonly records?: readonly string[]
}

const rows: readonly Row[] = [
  {
    what: 'a label',
    ref: cname,
    patch: { metadata: { labels: { app: 'other' } } },
    reason: 'differs in labels',
  },
  {
    what: 'labels that are gone',
    ref: address,
    patch: { metadata: { labels: { 'router.io/region': null, app: null } } },
    reason: 'differs in labels',
  },
  {
    what: 'the managed-by label',
    ref: cname,
    patch: { metadata: { labels: { 'app.kubernetes.io/managed-by': 'somebody' } } },
    reason: 'differs in labels',
  },
  {
    what: 'an annotation',
    ref: cname,
    patch: { metadata: { annotations: { 'external-dns.kubernetes.io/controller': 'x' } } },
    reason: 'differs in annotations',
  },
  {
    what: 'all annotations gone',
    ref: address,
    patch: { metadata: { annotations: null } },
    reason: 'differs in annotations',
  },
  {
    what: 'no owner',
    ref: cname,
    patch: { metadata: { ownerReferences: null } },
    reason: 'differs in owner',
  },
  {
    what: 'an owner of another uid, as after the route was made anew',
    ref: cname,
    patch: owner('00000000-0000-4000-8000-000000000000'),
    reason: 'differs in owner',
  },
  {
    what: 'an owner of another kind',
    ref: address,
    patch: owner('00000000-0000-4000-8000-000000000000', 'Gateway', 'internal'),
    reason: 'differs in owner',
  },
  {
    what: 'a TTL',
    ref: cname,
    patch: endpoints({ ...record, recordTTL: 5 }),
    reason: 'differs in spec',
    records: ['~ weu api-ns-p-prod-app CNAME aks01-weu-internal'],
  },
  {
    what: 'no TTL',
    ref: cname,
    patch: endpoints({ ...record, recordTTL: undefined }),
    reason: 'differs in spec',
    records: ['~ weu api-ns-p-prod-app CNAME aks01-weu-internal'],
  },
  {
    what: 'a type',
    ref: cname,
    patch: endpoints({ ...record, recordType: 'A', targets: ['10.9.9.9'] }),
    reason: 'differs in spec',
    records: ['- weu api-ns-p-prod-app A 10.9.9.9', '+ weu api-ns-p-prod-app CNAME aks01-weu-internal'],
  },
  {
    what: 'a target',
    ref: cname,
    patch: endpoints({ ...record, targets: ['evil.example.com'] }),
    reason: 'differs in spec',
    records: ['~ weu api-ns-p-prod-app CNAME aks01-weu-internal'],
  },
  {
    what: 'a name',
    ref: cname,
    patch: endpoints({ ...record, dnsName: 'x.aks.example.com' }),
    reason: 'differs in spec',
    records: ['+ weu api-ns-p-prod-app CNAME aks01-weu-internal', '- weu x CNAME aks01-weu-internal'],
  },
  {
    what: 'one record more',
    ref: cname,
    patch: endpoints(record, { ...record, dnsName: 'x.aks.example.com' }),
    reason: 'differs in spec',
    records: ['- weu x CNAME aks01-weu-internal'],
  },
  {
    what: 'a field of ExternalDNS that srouter never writes',
    ref: cname,
    patch: endpoints({ ...record, setIdentifier: 'x' }),
    reason: 'differs in spec',
  },
  {
    what: 'no record at all',
    ref: address,
    patch: endpoints(),
    reason: 'differs in spec',
    records: ['+ neu aks01-weu-internal A 10.0.0.1'],
  },
  {
    what: "the hosts of Istio's",
    ref: istio,
    patch: servers({ ...server, hosts: ['x.y'] }),
    reason: 'differs in spec',
  },
  {
    what: "a server more of Istio's",
    ref: istio,
    patch: servers(server, { ...server, port: { ...server.port, name: 'x', number: 8443 } }),
    reason: 'differs in spec',
  },
  {
    what: "the certificate of Istio's",
    ref: istio,
    patch: servers({ ...server, tls: { credentialName: 'x', mode: 'SIMPLE' } }),
    reason: 'differs in spec',
  },
  {
    what: "the selector of Istio's",
    ref: istio,
    patch: { spec: { selector: { istio: 'x' } } },
    reason: 'differs in spec',
  },
  {
    what: "one label more in the selector of Istio's",
    ref: istio,
    patch: { spec: { selector: { app: 'x' } } },
    reason: 'differs in spec',
  },
  {
    what: "the labels of Istio's",
    ref: istio,
    patch: { metadata: { labels: null } },
    reason: 'differs in labels',
  },
]

/** What somebody else changed by hand is seen, shown and put right. */
describeLab('drift', () => {
  let plane: ControlPlane
  let srouter: Srouter
  let good: unknown
  beforeAll(async () => {
    plane = await clusterPlane()
    srouter = srouterOn(plane)
    await clear(plane)
    await put(plane, [...platform(), route('app', 'api')])
    await srouter.apply()
    good = await made(plane)
  }, 120_000)
  // So that one that fails leaves nothing to the next.
  beforeEach(async () => {
    await srouter.apply()
  })

  const healed = async () => {
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    expect(await made(plane)).toEqual(good as Record<string, unknown>)
    expect((await srouter.plan()).code).toBe(0)
  }

  for (const { what, ref, patch, reason, records = [] } of rows)
    test(what, async () => {
      await edit(plane, ref, patch)
      const { plan, code } = await srouter.plan()
      expect([code, changed({ plan })]).toEqual([2, [...records]])
      expect(touched(plan)).toEqual([`update ${ref.kind} ${shortName(ref)}: ${reason}`])
      await healed()
    })

  for (const ref of [cname, address, istio])
    test(`${ref.kind} ${ref.name} is gone`, async () => {
      await plane.remove(ref)
      const { plan } = await srouter.plan()
      expect(touched(plan)).toEqual([`create ${ref.kind} ${shortName(ref)}: new`])
      await healed()
    })

  test('a status', async () => {
    const ref = routeRef('app', 'api')
    await edit(plane, ref, { status: { phase: 'Broken', host: null, extra: 'x', conditions: [] } }, '/status')
    await healed()
    const route = await plane.read(ref)
    expect(Object.keys(route?.status ?? {})).not.toContain('extra')
  })
})
