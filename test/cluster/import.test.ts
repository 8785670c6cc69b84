import { afterAll, beforeAll, expect, test } from 'bun:test'
import { DNSEndpoint } from '../../src/api/kinds.ts'
import type { KubeObject } from '../../src/api/object.ts'
import { isOurs } from '../../src/api/ownership.ts'
import { namespace, service } from '../engine/build.ts'
import { inFolder } from '../executable/folder.ts'
import { address, cname, endpoint, hostOf, istio, target } from '../import/support.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { dnsEndpointCrd, istioGatewayCrd } from '../lab/crds.ts'
import { describeLab } from '../lab/suite.ts'
import { listAll, withNamespaces } from './support/plane.ts'
import { type Srouter, srouterOn } from './support/srouter.ts'
import { put } from './support/world.ts'

/** As a chart leaves it. */
const fromChart = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    labels: { ...object.metadata.labels, app: 'shop', 'app.kubernetes.io/managed-by': 'Helm' },
    annotations: { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'app' },
  },
})

const zones = ['weu', 'neu']
/** Hosts of `app` in the zone of this region, hosts of `b` in every zone, and a gateway with addresses. */
const byHand: readonly KubeObject[] = [
  ...zones.map(zone => endpoint(zone, [address()], { namespace: 'ingress', name: `gateway-${zone}` })),
  fromChart(endpoint('weu', [cname('api-ns-p-prod-app')], { name: 'api-external-dns-weu' })),
  endpoint('weu', [cname('web-ns-p-prod-app'), cname('shop-ns-p-prod-my-app')], { name: 'others' }),
  ...zones.map(zone => endpoint(zone, [cname('ledger-ns-p-prod-b')], { namespace: 'b', name: `l-${zone}` })),
  fromChart(
    istio('internal', ['api-ns-p-prod-app', 'web-ns-p-prod-app', 'shop-ns-p-prod-my-app'].map(hostOf)),
  ),
  { ...istio('older', [hostOf('ledger-ns-p-prod-b')]), apiVersion: 'networking.istio.io/v1beta1' },
]
const text = endpoint('weu', [{ dnsName: hostOf('text'), recordType: 'TXT', targets: ['x'] }], {
  name: 'text',
})

interface Proposal {
  readonly complete: boolean
  readonly proposal: readonly unknown[]
  readonly replaced: readonly {
    readonly apiVersion: string
    readonly kind: string
    readonly namespace: string
    readonly name: string
  }[]
  readonly findings: readonly { readonly code: string }[]
}

describeLab('a cluster whose DNSEndpoints were made by hand', () => {
  let plane: ControlPlane
  let srouter: Srouter
  beforeAll(async () => {
    // Nobody has installed srouter yet.
    plane = await startControlPlane({ manifests: [await dnsEndpointCrd(), await istioGatewayCrd()] })
    srouter = srouterOn(plane)
    await withNamespaces(plane)
    await put(plane, [service('internal', [{ ip: '10.0.0.1' }]), namespace('app'), ...byHand, text])
  }, 180_000)
  afterAll(async () => {
    await plane.stop()
  })

  /** `weu api-ns-p-prod-app.aks.example.com CNAME 300 aks01-weu-internal.aks.example.com` of DNSEndpoints, each once. */
  const recordsOf = (objects: readonly KubeObject[]): readonly string[] => [
    ...new Set(
      objects
        .flatMap(({ metadata, spec }) => {
          const zone = metadata.labels?.['router.io/controller']?.replace('external-dns-', '')
          const { endpoints } = spec as { endpoints: readonly Record<string, unknown>[] }
          return endpoints.map(each =>
            [zone, each.dnsName, each.recordType, each.recordTTL, each.targets].join(' '),
          )
        })
        .sort(),
    ),
  ]
  const endpoints = async (ours: boolean): Promise<readonly KubeObject[]> =>
    (await listAll(plane, DNSEndpoint)).filter(object => isOurs(object) === ours)
  const again = async (): Promise<Proposal> =>
    JSON.parse((await srouter.run(['import', '-o', 'json'])).out) as Proposal

  let proposal: string
  let versions: readonly (string | undefined)[]

  test('import proposes, where srouter is not installed yet, and writes nothing', async () => {
    const before = await endpoints(false)
    versions = before.map(({ metadata }) => metadata.resourceVersion)
    const { code, out, err } = await srouter.run(['import'])
    expect(err).toEndWith('Reproduced: 7 of 8 records of 7 DNSEndpoints, 2 of 2 Istio Gateways\n')
    expect([code, err.match(/\[\w+\]/g)]).toEqual([0, ['[RecordTypeNotDerived]']])
    proposal = out
    expect((await endpoints(false)).map(({ metadata }) => metadata.resourceVersion)).toEqual([...versions])
  })

  test('the proposal validates, and plans to exactly the records that there are', async () => {
    await plane.applyManifests((await srouter.run(['install', '--crds-only'])).out)
    const present = recordsOf((await endpoints(false)).filter(({ metadata }) => metadata.name !== 'text'))
    await inFolder({ 'proposal.yaml': proposal }, async folder => {
      expect(await srouter.run(['validate', '-f', folder])).toMatchObject({ code: 0, err: '' })
      const { plan } = await srouter.plan('-f', folder)
      expect([plan.applyable, plan.findings]).toEqual([true, []])
      const planned = plan.records.map(({ action, zone, name, type, ttl, targets }) =>
        [action, zone, name, type, ttl, targets].join(' '),
      )
      expect(planned.sort()).toEqual(present.map(each => `add ${each}`))
    })
  })

  test('applied, its DNSEndpoints have these records, and those by hand are untouched', async () => {
    await inFolder({ 'proposal.yaml': proposal }, async folder => {
      expect(await srouter.apply('-f', folder)).toMatchObject({ code: 0, err: '' })
    })
    const byHand = await endpoints(false)
    expect(byHand.map(({ metadata }) => metadata.resourceVersion)).toEqual([...versions])
    expect(recordsOf(await endpoints(true))).toEqual(
      recordsOf(byHand.filter(({ metadata }) => metadata.name !== 'text')),
    )
  })

  test('a second import proposes nothing, and says what can go', async () => {
    const { complete, proposal: more, replaced, findings } = await again()
    expect([complete, more, findings.map(({ code }) => code)]).toEqual([false, [], ['RecordTypeNotDerived']])
    expect(replaced.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual(
      byHand.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort(),
    )
  })

  test('when these are gone, nothing changes any more', async () => {
    const before = recordsOf(await endpoints(true))
    for (const ref of (await again()).replaced) await plane.remove(ref)
    const { code, plan } = await srouter.plan()
    expect([code, plan.summary.unchanged]).toEqual([0, before.length])
    expect(recordsOf(await endpoints(true))).toEqual(before)
    expect((await endpoints(false)).map(({ metadata }) => metadata.name)).toEqual(['text'])
    expect(before).toContain(`weu ${target()} A 60 10.0.0.1`)
  })
})
