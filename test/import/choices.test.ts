import { describe, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import { splitsOf } from '../../src/import/host.ts'
import { applied, configuration, gateway, identity, platform, route, run, service } from '../engine/build.ts'
import { address, cname, endpoint, hostOf, imported, istio, remade, specsOf, target } from './support.ts'

const place = { region: 'weu', cluster: 'aks01' }
const zones = (of: readonly string[], ...records: readonly object[]): readonly KubeObject[] =>
  of.map(zone => endpoint(zone, records))

const commentsOf = (result: ReturnType<typeof imported>, kind: string): string =>
  result.proposal.flatMap(({ object, comments }) => (object.kind === kind ? comments : [])).join(' ')

const partsOf = (result: ReturnType<typeof imported>): readonly string[] =>
  Object.values(specsOf(result, 'ServiceRoute')).map(spec => {
    const { serviceName, environment, application } = spec as Record<string, string>
    return `${serviceName} / ${environment} / ${application}`
  })

describe('how a host is split', () => {
  const rows: readonly (readonly [first: string, splits: readonly string[]])[] = [
    ['api-ns-p-prod-shop', ['api/prod/shop']],
    ['api-ns-p-pre-prod-a', ['api/pre/prod-a', 'api/pre-prod/a']],
    ['my-api-ns-p-prod-shop', ['my-api/prod/shop']],
    [
      'a-ns-p-b-ns-p-prod-c',
      ['a-ns-p-b/prod/c', 'a/b/ns-p-prod-c', 'a/b-ns/p-prod-c', 'a/b-ns-p/prod-c', 'a/b-ns-p-prod/c'],
    ],
    ['a-ns-p-ns-p-b-c', ['a-ns-p/b/c', 'a/ns/p-b-c', 'a/ns-p/b-c', 'a/ns-p-b/c']],
    ['a-ns-p--b', ['a//b']],
    ['a-ns-p---b', ['a/-/b']],
    ['a-ns-d-prod-shop', []],
    ['a-ns-p-prod', []],
    ['-ns-p-prod-shop', []],
    ['a-ns-p-prod-', []],
  ]
  test.each(rows)('%s', (first, splits) => {
    const found = splitsOf(first, 'p').map(
      each => `${each.serviceName}/${each.environment}/${each.application}`,
    )
    expect(found).toEqual(splits.filter(each => !each.includes('//')))
  })

  const hosts = (...names: readonly string[]): readonly KubeObject[] => [
    istio('by-hand', names.map(hostOf)),
    ...names.map(name => endpoint('weu', [cname(name)], { namespace: 'shop-app' })),
  ]

  test.each([
    [
      'the namespace',
      hosts('api-ns-p-prod-shop-app'),
      {},
      ['api / prod / shop-app'],
      'named like the namespace',
    ],
    [
      'other hosts',
      hosts('api-ns-p-prod-shop', 'api-ns-p-prod-my-shop'),
      {},
      ['api / prod / my-shop', 'api / prod / shop'],
      'other hosts have environment prod',
    ],
    [
      'other hosts before the namespace',
      hosts('api-ns-p-prod-shop', 'api-ns-p-prod-my-shop-app'),
      {},
      ['api / prod / my-shop-app', 'api / prod / shop'],
      'other hosts have environment prod',
    ],
    [
      'the namespace among others',
      hosts('api-ns-p-prod-shop', 'api-ns-p-my-prod-x', 'api-ns-p-prod-shop-app'),
      {},
      ['api / my / prod-x', 'api / prod / shop', 'api / prod / shop-app'],
      'the environment is the first word',
    ],
    [
      'what was told',
      hosts('api-ns-p-pre-prod-my-shop'),
      { environments: ['pre-prod'] },
      ['api / pre-prod / my-shop'],
      'you told of environment pre-prod',
    ],
    [
      'nothing',
      hosts('api-ns-p-prod-my-shop'),
      {},
      ['api / prod / my-shop'],
      'the environment is the first word',
    ],
  ] as const)('by %s', (_, objects, told, parts, why) => {
    const result = imported(objects, { ...place, ...told })
    expect(partsOf(result)).toEqual([...parts])
    expect(commentsOf(result, 'ServiceRoute')).toContain(why)
    expect(result.records.every(({ reproduced }) => reproduced)).toBe(true)
  })

  test('by the routes that there are', () => {
    const there = route('shop-app', 'there', { environment: 'my-env', application: 'my-app' })
    const result = imported([...hosts('api-ns-p-my-env-my-app'), there], place)
    expect(partsOf(result)).toEqual(['api / my-env / my-app'])
  })
})

describe('names', () => {
  test('of a route: another one where a DNSEndpoint by hand is in the way, or another route', () => {
    const result = imported(
      [
        istio('by-hand', ['*']),
        endpoint('weu', [cname('api-ns-p-prod-app')], { name: 'api-external-dns-weu' }),
        endpoint('weu', [cname('web-ns-p-prod-app')]),
        endpoint('weu', [cname('web-ns-p-test-app')]),
      ],
      place,
    )
    expect(Object.keys(specsOf(result, 'ServiceRoute'))).toEqual([
      'app/api-prod-app',
      'app/web',
      'app/web-test-app',
    ])
    expect(result.replaced).toHaveLength(3)
  })

  test('of a Gateway: another one where an Istio Gateway by hand has it', () => {
    const result = imported(
      [istio('internal', [hostOf('api-ns-p-prod-app')]), ...zones(['weu'], cname('api-ns-p-prod-app'))],
      place,
    )
    expect(Object.keys(specsOf(result, 'Gateway'))).toEqual(['istio-system/internal-gateway'])
    expect(result.replaced.map(({ kind }) => kind)).toEqual(['DNSEndpoint', 'Gateway'])
  })
})

describe('which cluster it is', () => {
  const api = cname('api-ns-p-prod-app')
  const there = [istio('by-hand', ['*']), ...zones(['weu', 'neu'], api)]

  test('as most targets say', () => {
    const other = { ...cname('web-ns-p-prod-app'), targets: [target('internal', 'aks01-neu')] }
    const result = imported([...there, endpoint('neu', [other])])
    expect(specsOf(result, 'ClusterIdentity')).toEqual({
      'cluster-identity': {
        region: 'weu',
        cluster: 'aks01',
        domain: 'aks.example.com',
        environmentLetter: 'p',
      },
    })
  })

  test("as the addresses of this cluster's load balancer say", () => {
    const objects = [
      istio('by-hand', ['*']),
      service(),
      ...zones(['weu', 'neu'], cname('api-ns-p-prod-app', target('internal', 'aks01-neu'))),
      ...zones(['weu'], cname('web-ns-p-prod-app'), address()),
    ]
    expect(specsOf(imported(objects), 'ClusterIdentity')).toMatchObject({
      'cluster-identity': { region: 'weu' },
    })
  })

  test.each([
    [
      'the region',
      [endpoint('neu', [cname('api-ns-p-prod-app', target('internal', 'aks01-neu'))])],
      '--region and --cluster',
    ],
    [
      'the letter',
      [endpoint('weu', [cname('api-ns-d-prod-app')]), endpoint('neu', [cname('x-ns-d-prod-app')])],
      '--environment-letter',
    ],
    [
      'the domain',
      [
        endpoint('weu', [
          {
            dnsName: 'a-ns-p-b-c.other.example.com',
            recordType: 'CNAME',
            targets: ['aks01-weu-x.other.example.com'],
          },
        ]),
      ],
      '--domain',
    ],
  ])('%s: not where as much speaks for one as for another', (_, more, flag) => {
    const result = imported([
      istio('by-hand', ['*']),
      endpoint('weu', [api]),
      ...(flag === '--environment-letter' ? [endpoint('neu', [api])] : []),
      ...more,
    ])
    expect(result.findings).toMatchObject([
      { code: 'IdentityUnknown', severity: 'error', hint: `tell it with ${flag}` },
    ])
    expect(result.proposal).toEqual([])
  })

  test('as is told', () => {
    const told = { region: 'neu', cluster: 'aks01', domain: 'aks.example.com', environmentLetter: 'p' }
    const result = imported(
      [...there, endpoint('neu', [cname('web-ns-p-prod-app', target('internal', 'aks01-neu'))])],
      told,
    )
    expect(specsOf(result, 'ClusterIdentity')).toEqual({ 'cluster-identity': told })
  })
})

describe('which instance of ExternalDNS', () => {
  const api = cname('api-ns-p-prod-app')
  const hand = (labels: Record<string, string>, annotations?: Record<string, string>): KubeObject =>
    endpoint('', [api], { labels, ...(annotations === undefined ? {} : { annotations }) })

  test.each([
    ['label', hand({ 'router.io/controller': 'external-dns-weu' }), {}, 'external-dns-weu'],
    ['app', hand({ app: 'external-dns-weu' }), {}, 'external-dns-weu'],
    ['region', hand({ 'router.io/region': 'weu', app: 'shop' }), {}, 'external-dns-weu'],
    [
      'annotation',
      hand({}, { 'external-dns.kubernetes.io/controller': 'external-dns-weu' }),
      {},
      'external-dns-weu',
    ],
    ['region of a name', hand({ 'router.io/controller': 'dns', 'router.io/region': 'weu' }), {}, 'dns'],
    ['one that was told', hand({}), { controllers: [{ name: 'dns', region: 'weu' }] }, 'dns'],
    [
      'a label that was told',
      hand({ 'my/dns': 'dns', app: 'external-dns-x' }),
      {
        controllerLabel: 'my/dns',
        controllers: [
          { name: 'dns', region: 'weu' },
          { name: 'b', region: 'neu' },
        ],
      },
      'dns',
    ],
    [
      'region and annotation of several',
      hand({ 'router.io/region': 'weu' }, { 'external-dns.kubernetes.io/controller': 'external-dns-weu' }),
      {
        controllers: [
          { name: 'external-dns-weu', region: 'weu' },
          { name: 'b', region: 'weu' },
        ],
      },
      undefined,
    ],
  ] as const)('by %s', (_, object, told, name) => {
    const result = imported([istio('by-hand', ['*']), object], { ...place, ...told })
    expect(result.records.map(({ writer }) => writer)).toEqual([
      { controller: name ?? 'external-dns-weu', zone: 'weu' },
    ])
    // Active writes all instances of a region, and here one alone is written.
    expect(result.records.map(({ reproduced }) => reproduced)).toEqual([name !== undefined])
  })
})

describe('gateways', () => {
  const secure = (credentialName: string): object => ({
    servers: [
      {
        hosts: [hostOf('web-ns-p-prod-app')],
        port: { name: 'https', number: 443, protocol: 'HTTPS' },
        tls: { mode: 'SIMPLE', credentialName },
      },
    ],
  })
  const both = zones(['weu'], cname('api-ns-p-prod-app'), cname('web-ns-p-prod-app'))

  test('one for each certificate, and each host at its own', () => {
    const result = imported(
      [istio('a', [hostOf('api-ns-p-prod-app')]), istio('b', [], secure('web-tls')), ...both],
      place,
    )
    expect(Object.keys(specsOf(result, 'Gateway'))).toEqual([
      'istio-system/internal',
      'istio-system/internal-web-tls',
    ])
    expect(specsOf(result, 'ServiceRoute')).toMatchObject({
      'app/api': { gatewayName: 'internal' },
      'app/web': { gatewayName: 'internal-web-tls' },
    })
    expect(result.replaced).toHaveLength(3)
  })

  test('those that there are', () => {
    const there = [
      identity(),
      configuration({ externalDNSControllers: [{ name: 'external-dns-weu', region: 'weu' }] }),
      gateway('mine', { targetPostfix: 'internal' }, { namespace: 'gateways' }),
    ]
    const result = imported([...there, ...both])
    expect(result.proposal.map(({ object }) => object.kind)).toEqual([
      'DNSPolicy',
      'ServiceRoute',
      'ServiceRoute',
    ])
    expect(specsOf(result, 'ServiceRoute')).toMatchObject({
      'app/api': { gatewayName: 'mine', gatewayNamespace: 'gateways' },
    })
  })

  test('addresses are stated where the load balancer has others, and TTLs where most have others', () => {
    const objects = [
      istio('by-hand', ['*']),
      service('internal', [{ ip: '10.0.0.7' }]),
      endpoint('weu', [
        address(target(), ['10.0.0.1'], 30),
        address(target(), ['fd00::1'], 30),
        cname('api-ns-p-prod-app', target(), 120),
      ]),
      endpoint('weu', [address(target('external'), ['10.0.0.2'], 90)]),
    ]
    const told = {
      ...place,
      gateways: [{ targetPostfix: 'external', controller: 'igw-external', credentialName: 'tls' }],
    }
    const result = imported(objects, told)
    expect(specsOf(result, 'DNSConfiguration')).toMatchObject({
      'dns-config': { ttl: { route: 120, gateway: 30 } },
    })
    expect(specsOf(result, 'Gateway')).toEqual({
      'istio-system/external': {
        controller: 'igw-external',
        credentialName: 'tls',
        targetPostfix: 'external',
        ttl: 90,
        addresses: ['10.0.0.2'],
      },
      'istio-system/internal': {
        controller: 'igw-internal',
        credentialName: 'tls',
        targetPostfix: 'internal',
        addresses: ['10.0.0.1', 'fd00::1'],
      },
    })
    expect(result.findings.map(({ code }) => code)).toEqual(['IstioGatewayKept'])
    const ttls = run([
      service('internal', [{ ip: '10.0.0.7' }]),
      ...result.proposal.map(({ object }) => object),
    ]).plan.records
    expect(ttls.map(({ name, type, ttl }) => `${name.split('.')[0]} ${type} ${ttl}`)).toEqual([
      'aks01-weu-external A 90',
      'aks01-weu-internal A 30',
      'aks01-weu-internal AAAA 30',
      'api-ns-p-prod-app CNAME 120',
    ])
  })

  test('a TTL that cannot be said is said to change', () => {
    const result = imported(
      [
        istio('by-hand', ['*']),
        ...zones(
          ['weu'],
          cname('a-ns-p-prod-app'),
          cname('b-ns-p-prod-app'),
          cname('c-ns-p-prod-app', target(), 5),
          { ...cname('d-ns-p-prod-app'), recordTTL: 0 },
        ),
      ],
      place,
    )
    expect(result.findings.filter(({ code }) => code === 'TTLDiffers').map(({ message }) => message)).toEqual(
      [
        'c-ns-p-prod-app.aks.example.com in zone weu: the TTL becomes 300 and is 5 today',
        'd-ns-p-prod-app.aks.example.com in zone weu: the TTL becomes 300 and is not set today',
      ],
    )
    expect(result.records.every(({ reproduced }) => reproduced)).toBe(true)
  })

  test('addresses that are not in every zone today are said to be new there', () => {
    const result = imported(
      [
        istio('by-hand', ['*']),
        ...zones(['weu', 'neu'], cname('a-ns-p-prod-app')),
        ...zones(['weu'], address()),
      ],
      place,
    )
    expect(
      result.findings.filter(({ code }) => code === 'AdditionalRecord').map(({ message }) => message),
    ).toEqual(['A aks01-weu-internal.aks.example.com → 10.0.0.1 is new in zone neu'])
  })
})

describe('Istio Gateways', () => {
  const web = hostOf('web-ns-p-prod-app')
  const https = { name: 'https', number: 443, protocol: 'HTTPS' }
  const tls = { mode: 'SIMPLE', credentialName: 'tls' }
  const withServer = (server: object): KubeObject =>
    istio('other', [], { servers: [{ hosts: [web], port: https, tls, ...server }] })
  test.each([
    ['a host that no route has', withServer({ hosts: ['x.example.net'] }), 'serves x.example.net, which'],
    ['a wildcard', withServer({ hosts: [web, '*.aks.example.com'] }), 'serves *.aks.example.com, which'],
    ['plain HTTP', withServer({ port: { ...https, protocol: 'HTTP' } }), 'a server of HTTP on port 443'],
    ['another port', withServer({ port: { ...https, number: 8443 } }), 'HTTPS on port 8443'],
    ['mutual TLS', withServer({ tls: { ...tls, mode: 'MUTUAL' } }), 'tls is not mode SIMPLE'],
    [
      'more settings',
      withServer({ tls: { ...tls, minProtocolVersion: 'TLSV1_3' }, bind: '0.0.0.0' }),
      'bind, minProtocolVersion',
    ],
    ['other pods', istio('other', [web], { selector: { app: 'ingress' } }), 'selects pods by more or other'],
    ['nothing', istio('other', [], { servers: [] }), 'has no server'],
    [
      'all of it otherwise written',
      withServer({ hosts: [`shop/${web.toUpperCase()}`], name: 'x' }),
      undefined,
    ],
  ] as const)('%s', (_, other, problem) => {
    const result = imported(
      [istio('by-hand', [web]), ...zones(['weu'], cname('web-ns-p-prod-app')), other],
      place,
    )
    const kept = result.findings.filter(({ code }) => code === 'IstioGatewayKept')
    expect(kept.map(({ message }) => message)).toEqual(
      problem === undefined ? [] : [expect.stringContaining(problem)],
    )
    expect(result.replaced.filter(({ metadata }) => metadata.name === 'other')).toHaveLength(
      problem === undefined ? 1 : 0,
    )
  })
})

describe('what is around', () => {
  test('labels and annotations of a chart change nothing', () => {
    const objects = [istio('by-hand', ['*']), ...zones(['weu'], cname('api-ns-p-prod-app'))]
    const chart = objects.map(({ metadata, ...rest }) => ({
      ...rest,
      metadata: {
        ...metadata,
        labels: {
          ...metadata.labels,
          app: 'shop',
          'app.kubernetes.io/managed-by': 'Helm',
          'helm.sh/chart': 'shop-1.2.3',
        },
        annotations: { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'app' },
      },
    }))
    expect(imported(chart, place).proposal).toEqual(imported(objects, place).proposal)
  })

  test("srouter's own objects are passed over and counted", () => {
    const adopting = endpoint('weu', [], { labels: { 'app.kubernetes.io/managed-by': 'srouter-adopt' } })
    const own = [...applied(run([...platform(), route('app', 'api')])), adopting]
    const result = imported([...platform(), route('app', 'api'), ...own])
    expect(result).toMatchObject({
      proposal: [],
      findings: [],
      records: [],
      handMade: { dnsEndpoints: 0, istioGateways: 0 },
      owned: { dnsEndpoints: 4, istioGateways: 1 },
    })
  })

  test('the order of the objects does not matter', () => {
    const objects = [
      istio('a', ['*']),
      istio('b', [hostOf('web-ns-p-prod-app')]),
      ...zones(['weu', 'neu'], cname('api-ns-p-prod-app'), cname('api-ns-p-test-app'), address()),
      ...zones(['weu'], cname('web-ns-p-prod-my-app')),
    ]
    const shown = (of: readonly KubeObject[]) => JSON.stringify(imported(of, place).proposal)
    expect(shown(objects.toReversed())).toBe(shown(objects))
  })

  test('several DNSEndpoints that say the same are one record, and all of them can go', () => {
    const result = imported(
      [istio('by-hand', ['*']), ...zones(['weu', 'weu'], cname('api-ns-p-prod-app'))],
      place,
    )
    expect([result.records.length, result.replaced.length]).toEqual([1, 2])
    expect(remade(result)).toEqual([`external-dns-weu weu ${hostOf('api-ns-p-prod-app')} CNAME ${target()}`])
  })

  test('the same host in two namespaces is one route, and all of its DNSEndpoints can go', () => {
    const result = imported(
      [
        istio('by-hand', ['*']),
        ...zones(['weu', 'neu'], cname('api-ns-p-prod-app')),
        endpoint('weu', [cname('api-ns-p-prod-app')], { namespace: 'other' }),
      ],
      place,
    )
    expect(Object.keys(specsOf(result, 'ServiceRoute'))).toEqual(['app/api'])
    expect(commentsOf(result, 'ServiceRoute')).toContain('DNSEndpoints in other say the same')
    expect(result.replaced).toHaveLength(3)
  })

  test('names in capitals, and with a dot at their end, are the same to DNS', () => {
    const result = imported(
      [
        istio('by-hand', ['*']),
        endpoint('weu', [
          {
            ...cname('API-NS-P-PROD-APP', `${target().toUpperCase()}.`),
            dnsName: `${hostOf('API-ns-p-prod-app')}.`,
          },
        ]),
      ],
      place,
    )
    expect(remade(result)).toEqual([`external-dns-weu weu ${hostOf('api-ns-p-prod-app')} CNAME ${target()}`])
    expect(result.replaced).toHaveLength(1)
  })

  test('addresses of several DNSEndpoints are one record set, as ExternalDNS has it', () => {
    const result = imported(
      [
        istio('by-hand', ['*']),
        ...zones(['weu'], cname('api-ns-p-prod-app')),
        ...['10.0.0.1', '10.0.0.2'].map(ip => endpoint('weu', [address(target(), [ip])])),
      ],
      place,
    )
    expect(remade(result)).toContain(`external-dns-weu weu ${target()} A 10.0.0.1,10.0.0.2`)
    expect(result.replaced).toHaveLength(3)
  })

  test('what another controller makes is imported, and not among what can be deleted', () => {
    const mine = endpoint('weu', [cname('api-ns-p-prod-app')])
    const owner = { apiVersion: 'a.io/v1', kind: 'App', name: 'api', uid: '1', controller: true }
    const theirs = { ...mine, metadata: { ...mine.metadata, ownerReferences: [owner] } }
    const result = imported([istio('by-hand', ['*']), theirs], place)
    expect(remade(result)).toEqual([`external-dns-weu weu ${hostOf('api-ns-p-prod-app')} CNAME ${target()}`])
    expect(result.replaced).toEqual([])
    expect(result.findings.find(({ code }) => code === 'MadeByController')?.message).toContain(
      'App api has made it, and would make it again',
    )
  })
})
