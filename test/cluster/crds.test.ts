import { afterAll, beforeAll, expect, test } from 'bun:test'
import { routerKinds } from '../../src/api/kinds.ts'
import type { KubeObject } from '../../src/api/object.ts'
import { changed, codes, platform, route } from '../engine/build.ts'
import { srouter as executable, execute } from '../executable/process.ts'
import type { Manifest } from '../lab/client.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { dnsEndpointCrd, istioGatewayCrd } from '../lab/crds.ts'
import { documents } from '../lab/documents.ts'
import { describeLab } from '../lab/suite.ts'
import { withNamespaces } from './support/plane.ts'
import { endpointRef, gatewayRef, istioRef, routeRef } from './support/refs.ts'
import { isStrict, takesStatusOfInvalid } from './support/server.ts'
import { type Srouter, srouterOn, touched } from './support/srouter.ts'
import { conditionOf } from './support/state.ts'
import { put } from './support/world.ts'

/** The CRDs as something looser than ours had them: any spec is taken. */
const looseCrds = (): readonly Manifest[] =>
  routerKinds.map(({ group, version, kind, plural, singular, namespaced }) => {
    const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
    const openAPIV3Schema = { type: 'object', properties: { spec: anything, status: anything } }
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        names: { kind, plural, singular, listKind: `${kind}List` },
        scope: namespaced ? 'Namespaced' : 'Cluster',
        versions: [
          {
            name: version,
            served: true,
            storage: true,
            schema: { openAPIV3Schema },
            subresources: { status: {} },
          },
        ],
      },
    }
  })

const invalid: readonly KubeObject[] = [
  route('app', 'illegal', { serviceName: 'Not-Legal' }),
  route('app', 'too-long', { serviceName: 'a'.repeat(60) }),
  route('app', 'typo', { gatewayNamespce: 'x' }),
]

/** One control plane that gets its CRDs one after the other; each test goes on where the one before ended. */
describeLab('a cluster that does not have everything', () => {
  let plane: ControlPlane
  let srouter: Srouter
  beforeAll(async () => {
    plane = await startControlPlane()
    await plane.kill('controllerManager')
    await withNamespaces(plane)
    srouter = srouterOn(plane)
  }, 120_000)
  afterAll(() => plane?.stop())

  const missing = async () => {
    const { code, plan } = await srouter.plan()
    return {
      code,
      codes: codes({ plan }),
      findings: plan.findings.map(({ message, hint }) => `${message}: ${hint}`),
    }
  }

  test('nothing of srouter at all: what is missing, and how to get it', async () => {
    const { code, findings } = await missing()
    expect(code).toBe(1)
    for (const { plural, group } of routerKinds)
      expect(findings).toContain(
        `the cluster has no ${plural}.${group}: install the CRDs: srouter install --crds-only | kubectl apply -f -`,
      )
    expect(findings.join('\n')).toContain("dnsendpoints.externaldns.k8s.io: install ExternalDNS's CRD")
    expect(findings.join('\n')).toContain('gateways.networking.istio.io')
    const { code: applied, out } = await srouter.apply()
    expect([applied, out]).toEqual([1, expect.stringContaining('CRDNotInstalled')])
  })

  test('install --crds-only prints what a server takes, and takes again', async () => {
    await plane.applyManifests(looseCrds())
    await put(plane, [...platform(), route('app', 'api'), ...invalid])

    const { code, out, err } = await execute(executable(), ['install', '--crds-only'])
    expect([code, err]).toEqual([0, ''])
    const crds = documents(out)
    expect(crds.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(
      routerKinds.map(({ plural, group }) => `CustomResourceDefinition ${plural}.${group}`),
    )
    const [first] = await plane.applyManifests(crds, { fieldManager: 'kubectl' })
    const [again] = await plane.applyManifests(crds, { fieldManager: 'kubectl' })
    if (isStrict) expect(again?.metadata.generation).toBe(first?.metadata.generation ?? 0)
    await expect(put(plane, [route('app', 'api', { serviceName: 'Not-Legal' })])).rejects.toThrow('422')
  })

  test('no DNSEndpoint: an error, and nothing is written', async () => {
    const before = await routesOf(plane)
    const found = await missing()
    expect(found.code).toBe(1)
    expect(found.codes).toContain('error CRDNotInstalled ')
    expect(found.findings.join('\n')).not.toContain('router.io')
    expect((await srouter.apply()).code).toBe(1)
    expect(await routesOf(plane)).toEqual(before)
  })

  test('no Istio: DNS works all the same, with a condition', async () => {
    await plane.applyManifests([await dnsEndpointCrd()])
    const { plan } = await srouter.plan()
    expect(codes({ plan })).toContain('warning CRDNotInstalled ')
    expect(changed({ plan })).toContain('+ weu api-ns-p-prod-app CNAME aks01-weu-internal')
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    expect(await plane.read(endpointRef('app', 'api-external-dns-weu'))).toBeDefined()
    const gateway = await plane.read(gatewayRef('istio-system', 'internal'))
    expect(conditionOf(gateway, 'IstioReady')).toBe('False IstioGatewayGenerationFailed')
    expect((await srouter.plan()).code).toBe(0)
  })

  test('resources that were stored before the CRD refused them: only they are in error', async () => {
    const { code, plan } = await srouter.plan()
    expect([code, codes({ plan }).toSorted()]).toEqual([
      0,
      ['error InvalidSpec illegal', 'error InvalidSpec too-long', 'warning CRDNotInstalled '],
    ])
    expect(await srouter.apply()).toMatchObject({ code: 0 })
    for (const name of takesStatusOfInvalid ? ['illegal', 'too-long'] : []) {
      const found = await plane.read(routeRef('app', name))
      expect([found?.status, conditionOf(found, 'Ready')]).toEqual([
        expect.objectContaining({ phase: 'Error' }),
        'False InvalidSpec',
      ])
    }
    // The server drops what its schema does not know.
    expect(conditionOf(await plane.read(routeRef('app', 'typo')), 'Ready')).toStartWith('True ')
    for (const { metadata } of invalid) await plane.remove(routeRef('app', metadata.name))
    expect(await srouter.apply()).toMatchObject({ code: 0 })
  })

  test('Istio before 1.22: only v1beta1', async () => {
    await plane.applyManifests([await istioGatewayCrd(['v1beta1'])])
    const { plan } = await srouter.plan()
    expect(touched(plan)).toEqual(['create Gateway istio-system/internal: new'])
    expect(plan.objects.find(({ kind }) => kind === 'Gateway')?.apiVersion).toBe(
      'networking.istio.io/v1beta1',
    )
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    const old = { ...istioRef('istio-system', 'internal'), apiVersion: 'networking.istio.io/v1beta1' }
    expect((await plane.read(old))?.spec).toMatchObject({ selector: { istio: 'igw-internal' } })
    expect((await srouter.plan()).code).toBe(0)
    const gateway = await plane.read(gatewayRef('istio-system', 'internal'))
    expect(conditionOf(gateway, 'IstioReady')).toBeUndefined()

    await put(plane, [route('app', 'more')])
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    expect((await srouter.plan()).code).toBe(0)
  })

  test('Istio 1.22 and later: v1, of the same object', async () => {
    await plane.applyManifests([await istioGatewayCrd()])
    expect((await srouter.plan()).code).toBe(0)
    await plane.remove(routeRef('app', 'more'))
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    const hosts = { servers: [{ hosts: ['api-ns-p-prod-app.aks.example.com'] }] }
    expect((await plane.read(istioRef('istio-system', 'internal')))?.spec).toMatchObject(hosts)
    expect((await srouter.plan()).code).toBe(0)
  })
})

const routesOf = async (plane: ControlPlane) =>
  (await plane.list('routing.router.io/v1alpha1', 'ServiceRoute')).map(
    ({ metadata }) => metadata.resourceVersion,
  )
