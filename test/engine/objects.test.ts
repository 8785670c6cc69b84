import { describe, expect, test } from 'bun:test'
import type { IstioGatewaySpec } from '../../src/api/foreign.ts'
import type { KubeObject } from '../../src/api/object.ts'
import { split } from '../../src/engine/derive/istio-gateways.ts'
import { applied, at, changed, codes, configuration, gateway, platform, policy, route, run } from './build.ts'

const inputs = [...platform(), route('app', 'api')]
const current = applied(run(inputs))
const named = (objects: readonly KubeObject[], kind: string, name: string): KubeObject => {
  const found = objects.find(o => o.kind === kind && o.metadata.name === name)
  if (found === undefined) throw new Error(`no ${kind} ${name}`)
  return found
}

describe('the derived objects', () => {
  test('a CNAME DNSEndpoint, to the letter', () => {
    const owned = [...platform(), route('app', 'api', {}, { uid: 'u-1' })]
    expect(named(applied(run(owned)), 'DNSEndpoint', 'api-external-dns-weu')).toEqual({
      apiVersion: 'externaldns.k8s.io/v1alpha1',
      kind: 'DNSEndpoint',
      metadata: {
        name: 'api-external-dns-weu',
        namespace: 'app',
        labels: {
          app: 'external-dns-weu',
          'app.kubernetes.io/managed-by': 'service-router-operator',
          'router.io/controller': 'external-dns-weu',
          'router.io/region': 'weu',
          'router.io/serviceroute': 'api',
          'router.io/source-namespace': 'app',
        },
        annotations: {
          'external-dns.alpha.kubernetes.io/controller': 'external-dns-weu',
          'external-dns.kubernetes.io/controller': 'external-dns-weu',
        },
        ownerReferences: [
          {
            apiVersion: 'routing.router.io/v1alpha1',
            kind: 'ServiceRoute',
            name: 'api',
            uid: 'u-1',
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: {
        endpoints: [
          {
            dnsName: 'api-ns-p-prod-app.aks.example.com',
            recordType: 'CNAME',
            recordTTL: 300,
            targets: ['aks01-weu-internal.aks.example.com'],
          },
        ],
      },
    })
  })

  test('an address DNSEndpoint stands beside its Service', () => {
    const object = named(current, 'DNSEndpoint', 'gateway-controller-igw-internal-internal-external-dns-neu')
    expect(object.metadata.namespace).toBe('ingress')
    expect(object.metadata.labels).toEqual({
      app: 'external-dns-neu',
      'app.kubernetes.io/managed-by': 'service-router-operator',
      'router.io/controller': 'external-dns-neu',
      'router.io/region': 'neu',
      'router.io/istio-controller': 'igw-internal',
      'router.io/target-postfix': 'internal',
      'router.io/resource-type': 'gateway-service',
    })
    expect(object.spec).toEqual({
      endpoints: [
        {
          dnsName: 'aks01-weu-internal.aks.example.com',
          recordType: 'A',
          recordTTL: 60,
          targets: ['10.0.0.1'],
        },
      ],
    })
  })

  test('an Istio Gateway has the hosts of all valid routes, also of an inactive policy', () => {
    const result = run([
      ...inputs,
      policy('b', { sourceRegion: 'neu' }),
      route('b', 'standby'),
      route('b', 'bad', { serviceName: '-' }),
    ])
    const object = named(applied(result), 'Gateway', 'internal')
    expect(object.metadata.labels).toEqual({
      'app.kubernetes.io/managed-by': 'service-router-operator',
      'router.io/gateway': 'internal',
    })
    expect(object.spec).toEqual({
      selector: { istio: 'igw-internal' },
      servers: [
        {
          hosts: ['api-ns-p-prod-app.aks.example.com', 'standby-ns-p-prod-b.aks.example.com'],
          port: { name: 'https', number: 443, protocol: 'HTTPS' },
          tls: { credentialName: 'tls', mode: 'SIMPLE' },
        },
      ],
    })
  })

  test('a route in error goes on being served while its record is kept', () => {
    const broken = [...platform(), route('app', 'api', { environment: 'Not Legal' }), route('app', 'other')]
    const object = named(applied(run(broken, current), current), 'Gateway', 'internal')
    expect((object.spec as IstioGatewaySpec).servers?.[0]?.hosts).toEqual([
      'api-ns-p-prod-app.aks.example.com',
      'other-ns-p-prod-app.aks.example.com',
    ])
  })

  test('no routes: the Istio Gateway goes', () => {
    const result = run(platform(), current)
    expect(result.plan.objects.find(o => o.ref.kind === 'Gateway')).toMatchObject({ action: 'delete' })
  })

  test('many hosts are split over several objects of less than a megabyte', () => {
    const hosts = Array.from({ length: 10 }, (_, i) => `h${i}`)
    expect(split(hosts, 15)).toEqual([['h0', 'h1', 'h2'], ['h3', 'h4', 'h5'], ['h6', 'h7', 'h8'], ['h9']])
    expect(split(hosts, 1000)).toEqual([hosts])
    const many = Array.from({ length: 25_000 }, (_, i) => route('app', `route-with-a-long-name-${i}`))
    const gateways = applied(run([...platform(), ...many, gateway('internal-2')])).filter(
      o => o.kind === 'Gateway',
    )
    expect(gateways.length).toBe(2)
    expect(gateways.map(o => o.metadata.name)).toEqual([
      'internal',
      expect.stringMatching(/^internal-2-[0-9a-f]{8}$/),
    ])
    for (const object of gateways) expect(JSON.stringify(object).length).toBeLessThan(1_200_000)
  })

  test('two routes whose object names would meet', () => {
    const config = configuration({
      externalDNSControllers: [
        { name: 'b-c', region: 'weu' },
        { name: 'c', region: 'weu' },
      ],
    })
    const rival = (name: string, seconds: number) => route('app', name, {}, at(seconds))
    const objects = applied(
      run([...platform().filter(o => o.kind !== 'DNSConfiguration'), config, rival('a', 2), rival('a-b', 1)]),
    )
    const cnames = objects.filter(o => o.metadata.labels?.['router.io/serviceroute'] !== undefined)
    expect(
      cnames.map(o => `${o.metadata.labels?.['router.io/serviceroute']} ${o.metadata.name}`).sort(),
    ).toEqual([expect.stringMatching(/^a a-b-c-[0-9a-f]{8}$/), 'a a-c', 'a-b a-b-b-c', 'a-b a-b-c'])
  })
})

test('a route whose object would have the name of an address object gets another', () => {
  const name = 'gateway-controller-igw-internal-internal'
  const result = run([...platform(), policy('ingress'), route('ingress', name)])
  const endpoints = applied(result).filter(o => o.kind === 'DNSEndpoint')
  expect(endpoints.map(o => o.metadata.name).sort()).toEqual([
    `${name}-external-dns-neu`,
    `${name}-external-dns-weu`,
    expect.stringMatching(/^gateway-controller-igw-internal-internal-external-dns-weu-[0-9a-f]{8}$/),
  ])
  expect(changed(result)).toContain(`+ weu ${name}-ns-p-prod-ingress CNAME aks01-weu-internal`)
})

describe('what exists already', () => {
  test('a DNSEndpoint and an Istio Gateway of our name that are not ours stay', () => {
    const foreign = current.map(o => ({
      ...o,
      metadata: { name: o.metadata.name, namespace: o.metadata.namespace ?? '' },
      spec: {},
    }))
    const result = run(inputs, foreign)
    expect(result.plan.objects).toEqual([])
    expect(codes(result)).toEqual([
      'error ForeignObject internal',
      'error ForeignObject internal',
      'error ForeignObject internal',
      'error ForeignObject api',
    ])
  })

  const drifts: readonly (readonly [string, (o: KubeObject) => KubeObject, string])[] = [
    [
      'labels that are gone',
      o => ({
        ...o,
        metadata: {
          ...o.metadata,
          labels: {
            'app.kubernetes.io/managed-by': 'service-router-operator',
            'router.io/serviceroute': 'api',
          },
        },
      }),
      'differs in labels',
    ],
    [
      'the label that says the region',
      o => ({
        ...o,
        metadata: { ...o.metadata, labels: { ...o.metadata.labels, 'router.io/region': 'neu' } },
      }),
      'differs in labels',
    ],
    [
      'a label',
      o => ({ ...o, metadata: { ...o.metadata, labels: { ...o.metadata.labels, 'router.io/region': 'x' } } }),
      'differs in labels',
    ],
    [
      'an annotation',
      o => ({ ...o, metadata: { ...o.metadata, annotations: {} } }),
      'differs in annotations',
    ],
    ['a TTL', o => withEndpoint(o, { recordTTL: 5 }), 'differs in spec'],
    ['a target', o => withEndpoint(o, { targets: ['evil.example.com'] }), 'differs in spec'],
    ['a type', o => withEndpoint(o, { recordType: 'A' }), 'differs in spec'],
    ['a field that srouter never writes', o => withEndpoint(o, { setIdentifier: 'x' }), 'differs in spec'],
    [
      'another endpoint',
      o => ({
        ...o,
        spec: {
          endpoints: [
            ...endpoints(o),
            { dnsName: 'x.aks.example.com', recordType: 'A', targets: ['1.2.3.4'] },
          ],
        },
      }),
      'differs in spec',
    ],
    ['no endpoints', o => ({ ...o, spec: {} }), 'differs in spec'],
  ]
  const endpoints = (o: KubeObject): object[] => (o.spec as { endpoints: object[] }).endpoints
  const withEndpoint = (o: KubeObject, change: object): KubeObject => ({
    ...o,
    spec: { endpoints: endpoints(o).map(endpoint => ({ ...endpoint, ...change })) },
  })

  test.each(drifts)('drift in %s is healed', (_, drift, reason) => {
    const drifted = current.map(o => (o.metadata.name === 'api-external-dns-weu' ? drift(o) : o))
    const result = run(inputs, drifted)
    const updates = result.plan.objects.filter(o => o.action !== 'unchanged')
    expect(updates.map(o => [o.action, o.ref.name, o.reason])).toEqual([
      ['update', 'api-external-dns-weu', reason],
    ])
    expect(run(inputs, applied(result, drifted)).plan.objects.every(o => o.action === 'unchanged')).toBe(true)
  })

  test.each(['apiVersion', 'kind', 'name', 'uid'])("drift in its owner's %s is healed", field => {
    const owned = [...platform(), route('app', 'api', {}, { uid: 'u' })]
    const drifted = applied(run(owned)).map(o => ({
      ...o,
      metadata: {
        ...o.metadata,
        ownerReferences: o.metadata.ownerReferences?.map(owner => ({ ...owner, [field]: 'x' })) ?? [],
      },
    }))
    const updates = run(owned, drifted).plan.objects.filter(o => o.action !== 'unchanged')
    expect(updates.map(o => [o.action, o.ref.name, o.reason])).toEqual([
      ['update', 'api-external-dns-weu', 'differs in owner'],
    ])
  })

  test("another manager's labels, annotations and status are no drift", () => {
    const touched = current.map(o => ({
      ...o,
      metadata: {
        ...o.metadata,
        labels: { ...o.metadata.labels, team: 'x' },
        annotations: { ...o.metadata.annotations, a: 'b' },
      },
      status: { observedGeneration: 1 },
    }))
    expect(run(inputs, touched).plan.objects.every(o => o.action === 'unchanged')).toBe(true)
  })

  test("the earlier operator's objects are taken over without a change of name, type or target", () => {
    const earlier = current.map(o => {
      const { app: _, 'router.io/controller': controller, ...labels } = o.metadata.labels ?? {}
      const isAddress = labels['router.io/resource-type'] !== undefined
      return {
        ...o,
        metadata: {
          ...o.metadata,
          labels:
            isAddress || controller === undefined
              ? labels
              : { ...labels, 'router.io/controller': controller },
          annotations: {},
        },
        spec:
          o.kind === 'DNSEndpoint'
            ? { endpoints: endpoints(o).map(e => ({ ...e, recordTTL: undefined })) }
            : o.spec,
      }
    })
    const result = run(inputs, earlier)
    expect(
      result.plan.records.every(r => r.action === 'change' && r.before?.targets.join() === r.targets.join()),
    ).toBe(true)
    expect(changed(run(inputs, applied(result, earlier)))).toEqual([])
  })
})
