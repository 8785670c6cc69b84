import { describe, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import type { Told } from '../../src/import/request.ts'
import { configuration, gateway, identity, policy, route, service } from '../engine/build.ts'
import { address, cname, domain, endpoint, hostOf, imported, istio, remade, target } from './support.ts'

const weu = 'external-dns-weu weu'

/** One host with its gateway, which each row leaves as it is. */
const others: readonly KubeObject[] = [
  service(),
  istio('by-hand', [`*.${domain}`]),
  endpoint('weu', [address()], { namespace: 'ingress' }),
  endpoint('weu', [cname('api-ns-p-prod-app')]),
]
const kept = [`${weu} ${target()} A 10.0.0.1`, `${weu} api-ns-p-prod-app.${domain} CNAME ${target()}`]

interface Row {
  readonly what: string
  readonly add: readonly KubeObject[]
  readonly told?: Partial<Told>
  /** `code: a piece of the message`, of every finding. */
  readonly says: readonly string[]
  /** Records that are there beside those of `others`. */
  readonly also?: readonly string[]
}

const web = cname('web-ns-p-prod-app')
const record = (of: object): KubeObject => endpoint('weu', [of])

const rows: readonly Row[] = [
  {
    what: 'a TXT record',
    add: [record({ dnsName: hostOf('x'), recordType: 'TXT', targets: ['text'] })],
    says: ['RecordTypeNotDerived: TXT x.aks.example.com in zone weu: srouter makes A, AAAA and CNAME'],
  },
  {
    what: 'a record with a routing policy',
    add: [record({ ...web, setIdentifier: 'a' })],
    says: ['RoutingNotDerived: it has setIdentifier or providerSpecific'],
  },
  {
    what: 'a record that the provider is told more of',
    add: [record({ ...web, providerSpecific: [{ name: 'alias', value: 'true' }] })],
    says: ['RoutingNotDerived: it has setIdentifier or providerSpecific'],
  },
  { what: 'a wildcard', add: [record(cname('*'))], says: ['WildcardName: no wildcard'] },
  {
    what: 'the zone itself',
    add: [record({ dnsName: domain, recordType: 'A', targets: ['10.0.0.9'] })],
    says: ['ApexName: it is the zone itself'],
  },
  {
    what: 'another zone',
    add: [record({ ...web, dnsName: 'web-ns-p-prod-app.other.example.com' })],
    says: [`OtherDomain: it is outside ${domain}`],
  },
  {
    what: 'a name that only ends like the domain',
    add: [record({ ...web, dnsName: `web-ns-p-prod-app.x${domain}` })],
    says: [`OtherDomain: it is outside ${domain}`],
  },
  {
    what: 'a CNAME with several targets',
    add: [record({ ...web, targets: [target(), target('external')] })],
    says: [`SeveralTargets: a CNAME has one target, and this has ${target('external')}, ${target()}`],
  },
  { what: 'no target', add: [record({ ...web, targets: [] })], says: ['InvalidEndpoint: it has no target'] },
  {
    what: 'no record',
    add: [record({ dnsName: 'x' }), record({ ...web, targets: 'x' }), endpoint('weu', [null])],
    says: [
      'InvalidEndpoint: this is no record',
      'InvalidEndpoint: this is no',
      'InvalidEndpoint: this is no',
    ],
  },
  {
    what: 'an address that is none',
    add: [record(address(target('external'), ['10.0.0.1.']))],
    says: ['InvalidEndpoint: 10.0.0.1. is no address for it'],
  },
  {
    what: 'a host of another form',
    add: [record(cname('web')), record(cname('web-ns-p-prod')), record(cname('a.web-ns-p-prod-app'))],
    says: [
      `HostNotDerived: a host is {serviceName}-ns-p-{environment}-{application}.${domain}`,
      'HostNotDerived: CNAME web-ns-p-prod.',
      'HostNotDerived: CNAME web.',
    ],
  },
  {
    what: 'a host of another environment letter',
    add: [record(cname('web-ns-d-prod-app'))],
    told: { environmentLetter: 'p' },
    says: ['HostNotDerived: CNAME web-ns-d-prod-app'],
  },
  {
    what: 'a target that is no gateway',
    add: [record({ ...web, targets: ['web.cloud.example.net'] })],
    says: ['TargetNotDerived: its target web.cloud.example.net is none of this cluster'],
  },
  {
    what: "another cluster's gateway as target",
    add: [record({ ...web, targets: [target('internal', 'aks01-neu')] })],
    says: ['TargetNotDerived: where it is a gateway of another cluster, import there'],
  },
  {
    what: 'addresses of a host',
    add: [record(address(hostOf('web-ns-p-prod-app')))],
    says: ['NameNotDerived: only this cluster'],
  },
  {
    what: 'two DNSEndpoints that contradict each other',
    add: [record(web), record({ ...web, targets: [target('external')] })],
    says: Array.from({ length: 2 }, () => `ContradictoryRecords: DNSEndpoints say ${target('external')} and`),
  },
  {
    what: 'a name with a CNAME and an address',
    add: [record(web), record(address(hostOf('web-ns-p-prod-app')))],
    says: ['ContradictoryRecords: A web-ns', 'ContradictoryRecords: CNAME web-ns'],
  },
  {
    what: 'a host with other targets in other zones',
    add: [
      record(web),
      endpoint('neu', [{ ...web, targets: [target('external')] }]),
      endpoint('neu', [address()]),
    ],
    says: ['ZonesDiffer: in zone neu: it has another target in another', 'ZonesDiffer: in zone weu: it has'],
    also: [`external-dns-neu neu ${target()} A 10.0.0.1`],
  },
  {
    what: 'a host in other zones than those of its namespace',
    add: [
      endpoint('neu', [address()]),
      ...['weu', 'neu'].map(zone => endpoint(zone, [web])),
      endpoint('weu', [cname('more-ns-p-prod-app')]),
    ],
    says: [
      'ZonesDiffer: in zone neu: the host is written by external-dns-neu and external-dns-weu, and the DNSPolicy of namespace app stands for external-dns-weu',
      'ZonesDiffer: in zone weu',
    ],
    also: [
      `external-dns-neu neu ${target()} A 10.0.0.1`,
      `${weu} more-ns-p-prod-app.${domain} CNAME ${target()}`,
    ],
  },
  {
    what: 'a gateway with other addresses in other zones',
    add: [
      endpoint('weu', [address(target('external'), ['10.0.0.8'])]),
      endpoint('neu', [address(target('external'), ['10.0.0.9']), address()]),
      endpoint('weu', [{ ...web, targets: [target('external')] }]),
    ],
    told: { gateways: [{ targetPostfix: 'external', controller: 'igw-external', credentialName: 'tls' }] },
    says: [
      'ZonesDiffer: A aks01-weu-external.aks.example.com in zone neu: the addresses of gateway external',
      'ZonesDiffer: A aks01-weu-external.aks.example.com in zone weu: the addresses of gateway external',
      'ZonesDiffer: CNAME web-ns-p-prod-app.aks.example.com in zone weu: the addresses of gateway external',
    ],
    also: [`external-dns-neu neu ${target()} A 10.0.0.1`],
  },
  {
    what: 'a gateway that no Istio Gateway tells of',
    add: [endpoint('weu', [address(target('external'), ['10.0.0.8'])])],
    says: [
      'GatewayUnknown: add the Istio Gateways to the files, or --gateway external=CONTROLLER,CREDENTIAL',
    ],
  },
  {
    what: 'a gateway by the name of a load balancer that is not there',
    add: [endpoint('weu', [{ ...cname('', 'lb.example.net'), dnsName: target('external') }])],
    told: { gateways: [{ targetPostfix: 'external', controller: 'igw-external', credentialName: 'tls' }] },
    says: ['GatewayUnknown: no load balancer with label istio=igw-external has that name'],
  },
  {
    what: 'a reserved name',
    add: [record(cname('own-x-ns-p-prod-app'))],
    says: ['ReservedName: begins with own-, which is reserved'],
  },
  {
    what: 'addresses in an object that has the name of the one that srouter would make',
    add: [
      service('external', [{ ip: '10.0.0.8' }]),
      endpoint('weu', [address(target('external'), ['10.0.0.8'])], {
        namespace: 'ingress',
        name: 'gateway-controller-igw-external-external-external-dns-weu',
      }),
      record({ ...web, targets: [target('external')] }),
    ],
    told: { gateways: [{ targetPostfix: 'external', controller: 'igw-external', credentialName: 'tls' }] },
    says: ['ForeignObject: A aks01-weu-external', 'ForeignObject: CNAME web-ns-p-prod-app'],
  },
  {
    what: 'no label',
    add: [endpoint('', [web], { labels: { app: 'web' } })],
    says: ['ControllerUnknown: add --controller NAME=REGION'],
  },
  {
    what: 'labels that contradict each other',
    add: [
      endpoint('', [web], {
        labels: { 'router.io/controller': 'external-dns-weu', app: 'external-dns-neu' },
      }),
      endpoint('', [web], {
        labels: { 'router.io/controller': 'external-dns-weu', 'router.io/region': 'neu' },
      }),
      endpoint('', [web], {
        labels: { 'router.io/controller': 'external-dns-weu' },
        annotations: { 'external-dns.alpha.kubernetes.io/controller': 'external-dns-neu' },
      }),
    ],
    says: [
      'ControllerUnknown: say external-dns-weu and external-dns-neu',
      'ControllerUnknown: say external-dns-weu and external-dns-neu',
      'ControllerUnknown: say external-dns-weu and neu',
    ],
  },
  {
    what: 'an instance whose region is unknown',
    add: [endpoint('', [web], { labels: { 'router.io/controller': 'dns' } })],
    says: ['ControllerUnknown: add --controller dns=REGION'],
  },
  {
    what: 'an instance that the DNSConfiguration does not know',
    add: [
      configuration({ externalDNSControllers: [{ name: 'external-dns-weu', region: 'weu' }] }),
      endpoint('frc', [web]),
    ],
    says: ['ControllerUnknown: the DNSConfiguration has no controller external-dns-frc'],
  },
]

const codeOf = (text: string): string => text.split(':')[0] ?? ''

describe('what stays as it is', () => {
  test.each(rows.map(row => [row.what, row] as const))('%s', (_, { add, told, says, also = [] }) => {
    const place = { region: 'weu', cluster: 'aks01' }
    const result = imported([...others, ...add], { ...place, ...told })
    const found = result.findings
      .filter(({ code }) => code !== 'IstioGatewayKept')
      .map(({ code, message, hint }) => `${code}: ${message}; ${hint}`)
    expect(found.map(codeOf).sort()).toEqual(says.map(codeOf).sort())
    for (const each of says)
      expect(found.filter(text => codeOf(text) === codeOf(each)).join()).toContain(
        each.slice(each.indexOf(':') + 2),
      )
    expect(remade(result, [...others, ...add])).toEqual([...kept, ...also].sort())
  })
})

describe('where resources of srouter are there already', () => {
  const there = [
    identity(),
    configuration({ externalDNSControllers: [{ name: 'external-dns-weu', region: 'weu' }] }),
    gateway('internal', {}, { name: 'there' }),
  ]

  test('a policy for another cluster: nothing is proposed against it', () => {
    const result = imported([...others, ...there, policy('app', { sourceRegion: 'neu' })])
    expect(result.findings.map(({ code }) => code)).toEqual(['ZonesDiffer', 'IstioGatewayKept'])
    expect(result.proposal).toEqual([])
  })

  test('what the command line says otherwise than the ClusterIdentity is refused', () => {
    const result = imported([...others, ...there], { region: 'neu' })
    expect(result.findings).toMatchObject([
      { code: 'IdentityUnknown', message: 'the ClusterIdentity says region weu, and the command line neu' },
    ])
    expect(result.proposal).toEqual([])
  })

  test.each([
    ['several DNSConfigurations', [...there, configuration({}, { name: 'second' })], {}],
    ['controllers on the command line as well', there, { controllers: [{ name: 'a', region: 'weu' }] }],
    ['several ClusterIdentities', [...there, identity({}, { name: 'second' })], {}],
  ])('%s: nothing is proposed', (_, objects, told) => {
    const result = imported([...others, ...objects], told)
    expect(result.findings).toMatchObject([{ code: 'IdentityUnknown', severity: 'error' }])
    expect(result.proposal).toEqual([])
  })

  test('what a Gateway that is there makes otherwise is said', () => {
    const result = imported([...others, gateway('internal', { addresses: ['10.0.0.7'] })], {
      region: 'weu',
      cluster: 'aks01',
    })
    expect(
      result.findings.filter(({ code }) => code === 'NotReproduced').map(({ message }) => message),
    ).toEqual([`A ${target()} in zone weu: Gateway istio-system/internal would make A 10.0.0.7 of it`])
  })

  test('a host that another route has is none to propose', () => {
    const result = imported([
      ...others,
      ...there,
      policy('app'),
      route('app', 'other', { serviceName: 'api', gatewayName: 'there' }),
    ])
    expect(result.proposal).toEqual([])
    expect(result.replaced.map(({ kind }) => kind)).toEqual(['DNSEndpoint', 'DNSEndpoint'])
  })

  test('a policy that lets another route publish as well: that is said', () => {
    const result = imported([...others, ...there, route('app', 'silent', { gatewayName: 'there' })])
    expect(result.findings.map(({ code }) => code)).toContain('AdditionalRecord')
  })
})
