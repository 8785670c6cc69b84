import { describe, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import type { Link } from '../../src/why/link.ts'
import { at, gateway, identity, object, policy, route, service } from '../engine/build.ts'
import { domain, owner, readable, type Scene, servers, why, type Zones } from './build.ts'

const host = `api-ns-p-prod-app.${domain}`
const target = `aks01-weu-internal.${domain}`
const cname = 'app/api-external-dns-weu'
const address = 'ingress/gateway-controller-igw-internal-internal-external-dns-weu'

const platform = (): readonly KubeObject[] => [identity(), readable(), gateway(), service()]
const inputs = (): readonly KubeObject[] => [...platform(), policy('app'), route('app', 'api')]

type Records = Exclude<Zones[string], string>

/** A zone in which all is as it should be. */
const whole: Records = {
  [`${host} CNAME`]: [target],
  [`sr-cname-${host} TXT`]: owner('aks01-weu', cname),
  [`${target} A`]: ['10.0.0.1'],
  [`srgw-a-${target} TXT`]: owner('zone-weu', address),
}
const weu = (records: Records): Zones => ({ weu: { ...whole, ...records }, neu: {} })
const zones = weu({})

const without = (...kinds: readonly string[]): readonly KubeObject[] =>
  inputs().filter(({ kind }) => !kinds.includes(kind))
const instead = (...objects: readonly KubeObject[]): readonly KubeObject[] => [
  ...without(...objects.map(({ kind }) => kind)),
  ...objects,
]
/** Makes one DNSEndpoint another. */
const edited =
  (key: string, edit: (object: KubeObject) => KubeObject | undefined): Required<Scene>['current'] =>
  objects =>
    objects.flatMap(each =>
      `${each.metadata.namespace}/${each.metadata.name}` === key && each.kind === 'DNSEndpoint'
        ? (edit(each) ?? [])
        : each,
    )
const unread = (each: KubeObject): KubeObject => ({ ...each, status: undefined })
const readBefore = (each: KubeObject): KubeObject => ({
  ...each,
  metadata: { ...each.metadata, generation: 2 },
})

/** `read in weu: DNSNotReady` */
const place = ({ link, zone, reason }: Link): string =>
  `${link}${zone === undefined ? '' : ` in ${zone}`}${reason === undefined ? '' : `: ${reason}`}`

type Row = readonly [what: string, scene: Scene, broken: string, says: string, hint: string]

const endpointOf =
  (key: string, targets: readonly string[]) =>
  (each: KubeObject): KubeObject => ({
    ...each,
    spec: {
      endpoints: [{ dnsName: key, recordType: 'CNAME', recordTTL: 300, targets }],
    },
  })

describe('a chain is broken at', () => {
  const rows: readonly Row[] = [
    [
      'a route with an illegal field',
      { inputs: instead(route('app', 'api', { environment: 'PROD' })), zones },
      'route: InvalidSpec',
      'spec.environment',
      '',
    ],
    [
      'a route whose name is reserved',
      { inputs: instead(route('app', 'api', { serviceName: 'sr-cname-x' })), zones },
      'route: ReservedName',
      'begins with the TXT prefix sr-',
      'choose another serviceName',
    ],
    [
      'a route whose host another one holds',
      {
        inputs: [
          ...platform(),
          policy('app'),
          policy('b'),
          route('b', 'api', { application: 'app' }, at(1)),
          route('app', 'api', {}, at(2)),
        ],
        zones,
      },
      'route: HostConflict',
      'is held by ServiceRoute b/api',
      'change serviceName',
    ],
    [
      'a namespace without policy',
      { inputs: [...without('DNSPolicy'), policy('b')], zones },
      'policy: DNSPolicyNotFound',
      'namespace app has no DNSPolicy',
      'add a DNSPolicy',
    ],
    [
      'a policy that is invalid',
      { inputs: instead(policy('app', { mode: 'Passive' })), zones },
      'policy: DNSPolicyNotFound',
      'spec.mode',
      '',
    ],
    [
      'no ClusterIdentity',
      { inputs: without('ClusterIdentity'), zones },
      'identity: ClusterIdentityNotAvailable',
      'there is no ClusterIdentity',
      'add the ClusterIdentity',
    ],
    [
      'two ClusterIdentities',
      { inputs: [...inputs(), identity({}, { name: 'second' })], zones },
      'identity: SingletonViolation',
      'cluster-identity, second',
      'remove all but one',
    ],
    [
      'a ClusterIdentity that is invalid',
      { inputs: instead(identity({ environmentLetter: 'prod' })), zones },
      'identity: ClusterIdentityNotAvailable',
      'spec.environmentLetter',
      '',
    ],
    [
      'no DNSConfiguration',
      { inputs: without('DNSConfiguration'), zones },
      'controllers: DNSConfigurationNotAvailable',
      'there is no DNSConfiguration',
      'add the DNSConfiguration',
    ],
    [
      'no controller for the region',
      { inputs: instead(identity({ region: 'frc' })), zones },
      'controllers: NoActiveControllers',
      'no ExternalDNS controller serves region frc',
      'add a controller',
    ],
    [
      'a Gateway that does not exist',
      { inputs: instead(route('app', 'api', { gatewayName: 'internla' })), zones },
      'gateway: GatewayNotFound',
      'there is no Gateway istio-system/internla',
      'did you mean istio-system/internal?',
    ],
    [
      'a Gateway that does not allow the namespace',
      {
        inputs: instead(gateway('internal', { allowedRoutes: { namespaces: { from: 'Same' } } })),
        zones,
      },
      'gateway: NotAllowedByGateway',
      'does not allow routes from namespace app',
      'ask its owner',
    ],
    [
      'a Gateway whose target another one means',
      {
        inputs: [
          ...inputs().filter(({ kind }) => kind !== 'Gateway'),
          gateway('other', { targetPostfix: 'internal' }, at(1)),
          gateway('internal', {}, at(2)),
        ],
        zones,
      },
      'gateway: TargetConflict',
      'means controller igw-other',
      'another targetPostfix',
    ],
    [
      'a Gateway without load balancer',
      { inputs: without('Service'), zones },
      'address: LoadBalancerIPPending',
      'has the label istio=igw-internal',
      '',
    ],
    [
      'a load balancer without address',
      { inputs: instead(service('internal', [])), zones },
      'address: LoadBalancerIPPending',
      'the load balancer ingress/lb-internal has no address yet',
      '',
    ],
    [
      'a name that another cluster has',
      {
        inputs: inputs(),
        zones: weu({ [`${target} A`]: ['10.9.9.9'] }),
        settled: true,
      },
      'address: IdentityConflict',
      '10.9.9.9 in zone weu',
      'ClusterIdentity',
    ],
    [
      'a DNSEndpoint that nobody has written',
      { inputs: inputs(), zones, current: edited(cname, () => undefined) },
      'endpoint in weu: DNSNotReady',
      `there is no DNSEndpoint ${cname}`,
      'srouter apply',
    ],
    [
      'a DNSEndpoint that the API server refused',
      {
        inputs: inputs().map(each =>
          each.kind === 'ServiceRoute'
            ? {
                ...each,
                status: {
                  conditions: [
                    null,
                    { type: 'Ready', reason: 'DNSEndpointGenerationFailed', message: 'exceeded quota: dns' },
                  ],
                },
              }
            : each,
        ),
        zones,
        current: edited(cname, () => undefined),
      },
      'endpoint in weu: DNSEndpointGenerationFailed',
      'exceeded quota: dns',
      'srouter apply',
    ],
    [
      'a DNSEndpoint that somebody has changed',
      { inputs: inputs(), zones, current: edited(cname, endpointOf(host, ['elsewhere.example.com'])) },
      'endpoint in weu: DNSNotReady',
      'is not as it should be: it differs in spec',
      'srouter plan',
    ],
    [
      "a DNSEndpoint that is somebody else's",
      {
        inputs: inputs(),
        zones,
        current: edited(cname, each => ({
          ...each,
          metadata: { ...each.metadata, labels: {}, ownerReferences: [] },
        })),
      },
      'endpoint in weu: ForeignObject',
      `the DNSEndpoint ${cname} exists and is not managed by srouter`,
      'remove or rename',
    ],
    [
      'a DNSEndpoint that ExternalDNS has never read',
      { inputs: inputs(), zones, current: edited(cname, unread) },
      'read in weu: DNSNotReady',
      `no ExternalDNS has read DNSEndpoint ${cname}, which was made 60s ago`,
      '--label-filter',
    ],
    [
      'a DNSEndpoint that ExternalDNS has read as it was',
      { inputs: inputs(), zones, current: edited(cname, readBefore) },
      'read in weu: DNSNotReady',
      'an earlier state',
      'still runs',
    ],
    [
      'a name server that says nothing',
      { inputs: inputs(), zones: { weu: '10.1.0.4 does not answer', neu: {} } },
      'record in weu: NotRead',
      'zone weu cannot be read: 10.1.0.4 does not answer',
      'nameservers in the DNSConfiguration',
    ],
    [
      'a record that is not there',
      { inputs: inputs(), zones: weu({ [`${host} CNAME`]: [], [`sr-cname-${host} TXT`]: [] }) },
      'record in weu: DiffersInZone',
      `zone weu has no ${host}, though ExternalDNS has read its DNSEndpoint`,
      'see the log of external-dns-weu',
    ],
    [
      'a record that somebody has deleted',
      { inputs: inputs(), zones: weu({ [`${host} CNAME`]: [] }) },
      'record in weu: DiffersInZone',
      `owned by aks01-weu, for crd/${cname}`,
      'delete the TXT record',
    ],
    [
      'a record made by hand',
      {
        inputs: inputs(),
        zones: weu({ [`${host} CNAME`]: [`elsewhere.${domain}`], [`sr-cname-${host} TXT`]: [] }),
      },
      'record in weu: DiffersInZone',
      'does not own it: there is no TXT record with the prefix sr-',
      'made by hand',
    ],
    [
      'a wildcard record that answers for a name that is not there',
      {
        inputs: inputs(),
        zones: weu({
          [`${host} CNAME`]: [],
          [`sr-cname-${host} TXT`]: [],
          [`${host} A`]: ['192.0.2.1'],
          [`*.${domain} A`]: ['192.0.2.1'],
        }),
      },
      'record in weu: DiffersInZone',
      `which is what *.${domain} answers: there may be no record of this name`,
      'wait for its next cycle',
    ],
    [
      'an address made by hand where a CNAME should be, and is owned',
      {
        inputs: inputs(),
        zones: weu({ [`${host} CNAME`]: [], [`${host} A`]: ['192.0.2.1'] }),
      },
      'record in weu: DiffersInZone',
      `zone weu answers A 192.0.2.1 for ${host} and not CNAME ${target}, which ExternalDNS leaves alone`,
      'made by hand',
    ],
    [
      'a record of another object',
      {
        inputs: inputs(),
        zones: weu({
          [`${host} CNAME`]: [`elsewhere.${domain}`],
          [`sr-cname-${host} TXT`]: owner('other', 'legacy/api'),
        }),
      },
      'record in weu: DiffersInZone',
      'which is owned by other, for crd/legacy/api',
      'take the name from that object',
    ],
    [
      'a record that was not brought up to date',
      { inputs: inputs(), zones: weu({ [`${host} CNAME`]: [`aks01-weu-old.${domain}`] }) },
      'record in weu: DiffersInZone',
      `CNAME aks01-weu-old.${domain} for ${host} and not CNAME ${target}; it is owned by aks01-weu`,
      '--txt-owner-id',
    ],
    [
      "a gateway's DNSEndpoint that ExternalDNS has not read",
      { inputs: inputs(), zones, current: edited(address, unread) },
      'read in weu: DNSNotReady',
      `no ExternalDNS has read DNSEndpoint ${address}`,
      '--label-filter',
    ],
    [
      "a gateway's name that is not there",
      { inputs: inputs(), zones: weu({ [`${target} A`]: [], [`srgw-a-${target} TXT`]: [] }) },
      'record in weu: DiffersInZone',
      `zone weu has no ${target}`,
      'the log',
    ],
    [
      "a gateway's name with another address",
      { inputs: inputs(), zones: weu({ [`${target} A`]: ['10.0.0.9'] }) },
      'record in weu: DiffersInZone',
      `A 10.0.0.9 for ${target} and not A 10.0.0.1`,
      'another owner',
    ],
    [
      'an IPv6 address that was left behind',
      { inputs: inputs(), zones: weu({ [`${target} AAAA`]: ['fd00::9'] }) },
      'record in weu: DiffersInZone',
      'A 10.0.0.1 and AAAA fd00::9',
      'delete the AAAA record',
    ],
    [
      'a record of whose owner nothing is known',
      {
        inputs: instead(
          readable({
            externalDNSControllers: [{ name: 'external-dns-weu', region: 'weu', nameservers: [servers.weu] }],
          }),
        ),
        zones: weu({ [`${host} CNAME`]: [`elsewhere.${domain}`] }),
      },
      'record in weu: DiffersInZone',
      `CNAME elsewhere.${domain} for ${host} and not CNAME ${target}`,
      'txtPrefix',
    ],
    [
      'a brake that holds the record',
      {
        inputs: inputs().map(each =>
          each.kind === 'ClusterIdentity'
            ? {
                ...each,
                status: { applied: { region: 'weu', cluster: 'old', domain, environmentLetter: 'p' } },
              }
            : each,
        ),
        zones,
        current: objects =>
          JSON.parse(JSON.stringify(objects).replaceAll('aks01-weu-internal', 'old-weu-internal')),
      },
      'endpoint in weu: BrakeTripped',
      'the brake keeps',
      '--allow-deletes',
    ],
  ]
  test.each(rows)('%s', (_, scene, broken, says, hint) => {
    const chain = why('app/api', scene)
    expect(chain.broken === undefined ? chain.links : place(chain.broken)).toEqual(broken)
    expect(chain.broken?.message).toContain(says)
    expect(chain.broken?.hint ?? '').toContain(hint)
    // It stops there, in this zone and in all.
    const after = chain.links.slice(chain.broken === undefined ? 0 : chain.links.indexOf(chain.broken) + 1)
    expect(after.filter(({ zone }) => zone === undefined || zone === chain.broken?.zone)).toEqual([])
  })
  test('every kind of link', () => {
    expect(new Set(rows.map(([, , broken]) => broken.split(/[ :]/)[0]))).toEqual(
      new Set([
        'route',
        'policy',
        'identity',
        'controllers',
        'gateway',
        'address',
        'endpoint',
        'read',
        'record',
      ]),
    )
  })
})

describe('a chain is whole', () => {
  const states = (scene: Scene, asked = host): readonly string[] =>
    why(asked, scene).links.map(link => `${link.state} ${place(link)}`)

  test('where every zone answers as it should', () => {
    expect(states({ inputs: inputs(), zones })).toEqual([
      ...['route', 'policy', 'identity', 'controllers', 'gateway', 'address'].map(link => `ok ${link}`),
      'ok record in neu',
      ...['endpoint in weu', 'read in weu: DNSEndpointsCreated', 'record in weu: Published'].map(
        link => `ok ${link}`,
      ),
      ...['endpoint in weu', 'read in weu: DNSEndpointsCreated', 'record in weu: Published'].map(
        link => `ok ${link}`,
      ),
    ])
  })

  test.each([
    host,
    host.toUpperCase(),
    `${host}.`,
    'api-ns-p-prod-app',
    'app/api',
    ` ${host}`,
    `https://${host}/x?y`,
  ])('by %p', asked => {
    const { subject, broken } = why(asked, { inputs: inputs(), zones })
    expect([subject.kind, subject.name, broken]).toEqual(['route', host, undefined])
  })

  test('in the order of addresses and in another spelling', () => {
    const several = instead(
      service('internal', [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }, { ip: 'fd00:0::1' }]),
    )
    const records = {
      [`${target} A`]: ['10.0.0.2', '10.0.0.1'],
      [`${target} AAAA`]: ['fd00::1'],
      [`${host} CNAME`]: [`${target.toUpperCase()}.`],
    }
    expect(why(host, { inputs: several, zones: weu(records) }).broken).toBeUndefined()
  })

  test('on a stand-by cluster, which says so, and what the other one has published', () => {
    const standBy = instead(policy('app', { mode: 'RegionBound', sourceRegion: 'neu' }))
    const elsewhere = { [`${host} CNAME`]: [`aks01-neu-internal.${domain}`] }
    const { links, broken } = why(host, { inputs: standBy, zones: weu(elsewhere) })
    expect(broken).toBeUndefined()
    expect(links.find(({ link }) => link === 'policy')).toMatchObject({
      state: 'note',
      reason: 'DNSPolicyInactive',
      message: expect.stringContaining("sourceRegion is neu and this cluster's region weu"),
    })
    expect(links.at(-1)).toMatchObject({
      state: 'note',
      zone: 'weu',
      message: expect.stringContaining(`CNAME aks01-neu-internal.${domain}`),
    })
  })

  test('but noted, where the record is right and not ExternalDNS’s', () => {
    const byHand = weu({ [`sr-cname-${host} TXT`]: [] })
    const { links, broken } = why(host, { inputs: inputs(), zones: byHand })
    expect(broken).toBeUndefined()
    expect(links.filter(({ state }) => state === 'note').at(-1)).toMatchObject({
      reason: 'Published',
      message: expect.stringContaining('ExternalDNS does not own the record'),
    })
  })

  test("but noted, where the record is right and another object's", () => {
    const others = weu({ [`sr-cname-${host} TXT`]: owner('other', 'legacy/api') })
    const { links, broken } = why(host, { inputs: inputs(), zones: others })
    expect(broken).toBeUndefined()
    expect(links.find(({ message }) => message.includes('other, for crd/legacy/api'))).toMatchObject({
      state: 'note',
      reason: 'Published',
    })
  })

  describe('as far as it can be read', () => {
    const unnamed = instead(
      readable({ externalDNSControllers: [{ name: 'external-dns-weu', region: 'weu' }] }),
    )
    test("without name servers this cluster's own zone is asked by the system's resolver", () => {
      expect(why(host, { inputs: unnamed, zones }).links.at(-1)).toMatchObject({ reason: 'Published' })
    })
    test.each([
      ['knows no name of this cluster', { weu: {} }],
      ['does not answer', { weu: 'does not answer' }],
    ])('a resolver of the system that %s is not believed', (_, has) => {
      const { links, broken } = why(host, { inputs: unnamed, zones: has })
      expect([broken, links.at(-1)?.state, links.at(-1)?.reason]).toEqual([undefined, 'unknown', 'NotRead'])
    })
    test('one that knows the gateway is believed about the host', () => {
      const { broken } = why(host, { inputs: unnamed, zones: weu({ [`${host} CNAME`]: [] }) })
      expect(broken).toMatchObject({ link: 'record', reason: 'DiffersInZone' })
    })
    test('another zone without name servers is asked by nobody', () => {
      const bound = instead(
        policy('app', { mode: 'RegionBound', sourceRegion: 'weu' }),
        readable({
          externalDNSControllers: [
            { name: 'external-dns-weu', region: 'weu', nameservers: [servers.weu] },
            { name: 'external-dns-neu', region: 'neu' },
          ],
        }),
      )
      const { links, broken } = why(host, { inputs: bound, zones: weu({}) })
      expect(broken).toBeUndefined()
      expect(links.filter(({ state }) => state === 'unknown')).toMatchObject([
        { zone: 'neu', reason: 'NotRead', hint: expect.stringContaining('nameservers') },
        { zone: 'neu', reason: 'NotRead' },
      ])
    })
  })
})

describe('each zone is followed up to its own first broken link', () => {
  test('one that is broken keeps no other from being told', () => {
    const bound = instead(policy('app', { mode: 'RegionBound', sourceRegion: 'weu' }))
    const { links } = why(host, {
      inputs: bound,
      zones: { weu: whole, neu: { [`${host} CNAME`]: [`elsewhere.${domain}`] } },
    })
    const of = (zone: string) => links.filter(link => link.zone === zone).map(({ state }) => state)
    expect(of('neu')).toEqual(['ok', 'ok', 'broken'])
    expect(of('weu')).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok'])
  })
})

describe('names that are no host of a route', () => {
  test("a gateway's target begins at the gateway", () => {
    const { subject, links, broken } = why(target, { inputs: inputs(), zones })
    expect([subject.kind, broken?.zone, broken?.reason]).toEqual(['gateway', 'neu', 'DiffersInZone'])
    expect(links.slice(0, 4).map(({ link, state }) => `${state} ${link}`)).toEqual([
      'ok identity',
      'ok controllers',
      'ok gateway',
      'ok address',
    ])
    expect(links.filter(({ zone }) => zone === 'weu').at(-1)?.reason).toBe('Published')
  })

  test('a Gateway by its name', () => {
    const { subject } = why('istio-system/internal', { inputs: inputs(), zones })
    expect([subject.kind, subject.name]).toEqual(['gateway', target])
  })

  test('nobody’s: what was searched, what was meant, and what the zones have', () => {
    const typo = `apl-ns-p-prod-app.${domain}`
    const { links, broken } = why(typo, {
      inputs: inputs(),
      zones: weu({
        [`${typo} CNAME`]: [`aks01-neu-internal.${domain}`],
        [`sr-cname-${typo} TXT`]: owner('aks01-neu', 'b/apl-external-dns-weu'),
      }),
    })
    expect(broken).toMatchObject({
      link: 'route',
      message: expect.stringContaining(
        'the hosts of all ServiceRoutes (1) and the targets of all Gateways (1) were searched',
      ),
      hint: `did you mean ${host}?`,
    })
    expect(links.at(-1)).toMatchObject({
      zone: 'weu',
      state: 'note',
      message: expect.stringContaining('owned by aks01-neu, for crd/b/apl-external-dns-weu'),
    })
  })

  test('one of another domain: no zone is asked for it', () => {
    const { links, broken } = why('www.example.org', { inputs: inputs(), zones })
    expect(links).toHaveLength(1)
    expect(broken?.message).toContain(`the domain of this cluster is ${domain}`)
  })

  test('one that is none: no zone is asked for it', () => {
    const { links, broken } = why('a b', { inputs: inputs(), zones })
    expect(links).toHaveLength(1)
    expect(broken?.message).toStartWith('a b is no legal DNS name: its label "a b" has a character')
  })

  test('a host that two routes ask for is followed from the one that has it', () => {
    const rival = [...inputs(), policy('b'), route('b', 'api', { application: 'app' })]
    const { links, broken } = why(host, { inputs: rival, zones })
    expect(broken).toBeUndefined()
    expect(links[0]?.message).toBe(`ServiceRoute app/api asks for ${host}; b/api too, without effect`)
  })

  test('a route by a name that there is not', () => {
    const { broken } = why('app/apl', { inputs: inputs(), zones })
    expect(broken).toMatchObject({ link: 'route', hint: 'did you mean app/api?' })
  })
})

describe('while one cluster stands in for another', () => {
  const claim = (state: string) => ({
    [`srouter-claim-aks01-weu.${domain} CNAME`]: [`${state}.aks01-neu.srouter-claim.${domain}`],
    [`own-aks01-neu-internal.${domain} A`]: ['10.2.0.1'],
    [`own-aks01-weu-internal.${domain} A`]: ['10.0.0.1'],
  })
  const home = instead(identity({ standIns: ['aks01-neu'] }))
  const both = (records: Records): Zones => ({ weu: { ...whole, ...records }, neu: { ...whole, ...records } })

  test('the home cluster is whole: it has yielded', () => {
    const records = { ...claim('held-e3'), [`${target} A`]: ['10.2.0.1'] }
    const { links, broken } = why(host, { inputs: home, zones: both(records), settled: true })
    expect(broken).toBeUndefined()
    expect(links.find(({ link }) => link === 'address')).toMatchObject({ state: 'note', reason: 'Yielded' })
    expect(links.at(-1)).toMatchObject({ state: 'ok', reason: 'Published' })
  })

  test.each([
    ['still has its own address', '10.0.0.1'],
    ['has that of the other already', '10.2.0.1'],
  ])('so it is while the zone %s, and its DNSEndpoint is not written anew yet', (_, there) => {
    const records = { ...claim('held-e3'), [`${target} A`]: [there] }
    const { broken } = why(target, { inputs: home, zones: both(records) })
    expect(broken).toBeUndefined()
  })

  test('addresses of neither are broken', () => {
    const records = { ...claim('held-e3'), [`${target} A`]: ['10.9.9.9'] }
    const { broken } = why(host, { inputs: home, zones: both(records), settled: true })
    expect(broken).toMatchObject({ link: 'record', reason: 'DiffersInZone' })
  })

  test('after its end the zone may have the addresses of the other for a moment', () => {
    const records = { ...claim('released-e3'), [`${target} A`]: ['10.2.0.1'] }
    const { links, broken } = why(target, { inputs: home, zones: both(records) })
    expect(broken).toBeUndefined()
    expect(links.at(-1)?.message).toContain('still the addresses of aks01-neu')
  })

  test('a claim that cannot be read is said', () => {
    const { links } = why(host, { inputs: home, zones: { weu: 'does not answer', neu: {} } })
    expect(links.find(({ link }) => link === 'address')).toMatchObject({
      state: 'note',
      reason: 'ClaimUnknown',
    })
  })

  test('a gateway that it therefore dares not publish is broken', () => {
    const scene: Scene = {
      inputs: home,
      zones: { weu: 'does not answer', neu: {} },
      current: objects => objects.filter(({ metadata }) => !metadata.name.startsWith('gateway-controller-')),
    }
    expect(place(why(target, scene).broken as Link)).toBe('endpoint in neu: ClaimUnknown')
  })

  test('names for which nobody stands in are those of a cluster that takes part', () => {
    const own = `own-${target}`
    expect(why(own, { inputs: home, zones, settled: true }).subject.kind).toBe('gateway')
    expect(why(own, { inputs: inputs(), zones }).subject.kind).toBe('none')
  })

  const failover = (spec: object): KubeObject =>
    object(
      'cluster.router.io/v1alpha1',
      'RegionFailover',
      { name: 'aks01-neu' },
      { spec: { cluster: 'aks01', region: 'neu', ...spec } },
    )
  const peer = `aks01-neu-internal.${domain}`

  test('the cluster that stands in answers for the name of the other', () => {
    const held = {
      [`srouter-claim-aks01-neu.${domain} CNAME`]: [`held-e1.aks01-weu.srouter-claim.${domain}`],
    }
    const records = { ...held, [`${peer} A`]: ['10.0.0.1'] }
    const scene: Scene = {
      inputs: [...inputs(), failover({ engage: true })],
      zones: both(records),
    }
    const { subject, links, broken } = why(peer, scene)
    expect([subject.kind, broken]).toEqual(['failover', undefined])
    expect(links.find(({ link }) => link === 'failover')).toMatchObject({
      state: 'note',
      reason: 'StandingIn',
    })
    expect(links.at(-1)).toMatchObject({ reason: 'Published', zone: 'weu' })
  })

  test('one that does not stand in says whose the name is', () => {
    const { links, broken } = why(peer, { inputs: [...inputs(), failover({})], zones })
    expect(broken).toBeUndefined()
    expect(links.find(({ link }) => link === 'failover')).toMatchObject({
      reason: 'NotEngaged',
      message: expect.stringContaining('that of cluster aks01-neu'),
    })
  })
})
