import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { DNSEndpoint } from '../../src/api/kinds.ts'
import { type KubeObject, refOf } from '../../src/api/object.ts'
import { configuration, gateway, identity, policy, route, service } from '../engine/build.ts'
import { startZone, type Zone } from '../lab/bind.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { edit } from './support/edit.ts'
import { clear, clusterPlane, listAll } from './support/plane.ts'
import { endpointRef } from './support/refs.ts'
import { type Srouter, srouterOn } from './support/srouter.ts'
import { versions } from './support/state.ts'
import { put } from './support/world.ts'

const domain = 'aks.example.com'
const host = `api-ns-p-prod-app.${domain}`
const target = `aks01-weu-internal.${domain}`
const cname = 'api-external-dns-weu'
const address = 'gateway-controller-igw-internal-internal-external-dns-weu'

interface Answer {
  readonly whole: boolean
  readonly broken: { readonly link: string; readonly zone: string | null; readonly reason: string } | null
  readonly links: readonly { readonly link: string; readonly state: string; readonly message: string }[]
}

/** The compiled executable on a real API server, and a zone of BIND; the test does what ExternalDNS would. */
describeLab(
  'srouter why',
  () => {
    let plane: ControlPlane
    let srouter: Srouter
    let zone: Zone
    beforeAll(async () => {
      zone = await startZone({ name: domain, region: 'weu' })
      plane = await clusterPlane()
      srouter = srouterOn(plane)
    }, 120_000)
    afterAll(() => zone?.stop())

    const controller = (nameserver = zone.nameserver): object => ({
      name: 'external-dns-weu',
      region: 'weu',
      txtPrefix: 'sr-',
      gatewayTxtPrefix: 'srgw-',
      nameservers: [nameserver],
    })
    const dnsConfiguration = (nameserver?: string) =>
      configuration({ externalDNSControllers: [controller(nameserver)] })

    /** All is published, read, and owned. */
    beforeEach(async () => {
      await clear(plane)
      await put(plane, [
        ...[identity(), dnsConfiguration(), gateway(), service()],
        ...[policy('app'), route('app', 'api')],
      ])
      expect(await srouter.apply()).toMatchObject({ code: 0 })
      for (const endpoint of await listAll(plane, DNSEndpoint)) await read(endpoint)
      const owner = (of: string, resource: string) =>
        `"heritage=external-dns,external-dns/owner=${of},external-dns/resource=crd/${resource}"`
      await zone.update(
        ...[host, target, `sr-cname-${host}`, `srgw-a-${target}`].map(name => `update delete ${name}`),
        `update add ${host} 60 CNAME ${target}`,
        `update add sr-cname-${host} 60 TXT ${owner('aks01-weu', `app/${cname}`)}`,
        `update add ${target} 60 A 10.0.0.1`,
        `update add srgw-a-${target} 60 TXT ${owner('zone-weu', `ingress/${address}`)}`,
      )
    }, 60_000)

    const read = (endpoint: KubeObject, generation = endpoint.metadata.generation) =>
      edit(plane, refOf(endpoint), { status: { observedGeneration: generation } }, '/status')
    const endpoint = async (name: string): Promise<KubeObject> => {
      const found = (await listAll(plane, DNSEndpoint)).find(({ metadata }) => metadata.name === name)
      if (found === undefined) throw new Error(`no DNSEndpoint ${name}`)
      return found
    }
    const remove = (object: KubeObject) => plane.remove(refOf(object))
    const cnameRef = endpointRef('app', cname)

    const ask = async (asked = 'app/api'): Promise<Answer & { readonly code: number }> => {
      const { code, out, err } = await srouter.run(['why', asked, '-o', 'json'])
      expect(err).toBe('')
      return { code, ...(JSON.parse(out) as Answer) }
    }

    test('a chain that is whole: exit 0, and nothing is written', async () => {
      const before = await versions(plane)
      for (const asked of ['app/api', host, 'api-ns-p-prod-app', target, 'istio-system/internal'])
        expect(await ask(asked)).toMatchObject({ code: 0, whole: true, broken: null })
      expect(await versions(plane)).toEqual(before)
    })

    test('as text, for people', async () => {
      const { code, out, err } = await srouter.run(['why', host])
      expect([code, err]).toEqual([0, ''])
      expect(out).toStartWith(`${host}\n`)
      expect(out).toEndWith('Whole: every zone answers as it should\n')
      expect(out.split('\n').filter(line => line.length > 80)).toEqual([])
    })

    type Row = readonly [what: string, doIt: () => Promise<unknown>, broken: string, asked?: string]
    const rows: readonly Row[] = [
      [
        'a host that another route holds',
        () => put(plane, [policy('b'), route('b', 'other', { serviceName: 'api', application: 'app' })]),
        'route: HostConflict',
        'b/other',
      ],
      [
        'a name that is reserved',
        () => put(plane, [route('app', 'api', { serviceName: 'sr-x' })]),
        'route: ReservedName',
      ],
      ['no DNSPolicy', () => remove(policy('app')), 'policy: DNSPolicyNotFound'],
      ['no ClusterIdentity', () => remove(identity()), 'identity: ClusterIdentityNotAvailable'],
      [
        'a second ClusterIdentity',
        () => put(plane, [identity({}, { name: 'second' })]),
        'identity: SingletonViolation',
      ],
      ['no DNSConfiguration', () => remove(configuration()), 'controllers: DNSConfigurationNotAvailable'],
      [
        'no controller for the region',
        () =>
          put(plane, [
            configuration({ externalDNSControllers: [{ name: 'external-dns-neu', region: 'neu' }] }),
          ]),
        'controllers: NoActiveControllers',
      ],
      [
        'a Gateway that there is not',
        () => put(plane, [route('app', 'api', { gatewayName: 'none' })]),
        'gateway: GatewayNotFound',
      ],
      [
        'a Gateway that does not allow it',
        () => put(plane, [gateway('internal', { allowedRoutes: { namespaces: { from: 'Same' } } })]),
        'gateway: NotAllowedByGateway',
      ],
      ['no load balancer', () => remove(service()), 'address: LoadBalancerIPPending'],
      ['a DNSEndpoint that is gone', () => plane.remove(cnameRef), 'endpoint in weu: DNSNotReady'],
      [
        'a DNSEndpoint that somebody has edited',
        () => edit(plane, cnameRef, { spec: { endpoints: [] } }),
        'endpoint in weu: DNSNotReady',
      ],
      [
        "a DNSEndpoint that is somebody else's",
        () =>
          edit(plane, cnameRef, {
            metadata: { labels: { 'app.kubernetes.io/managed-by': 'helm' }, ownerReferences: null },
          }),
        'endpoint in weu: ForeignObject',
      ],
      [
        'a brake that holds it',
        () => put(plane, [identity({ cluster: 'aks02' })]),
        'endpoint in weu: BrakeTripped',
      ],
      [
        'a DNSEndpoint that was never read',
        () => edit(plane, cnameRef, { status: { observedGeneration: null } }, '/status'),
        'read in weu: DNSNotReady',
      ],
      [
        'a DNSEndpoint of which an earlier state was read',
        async () => read(await endpoint(cname), 7),
        'read in weu: DNSNotReady',
      ],
      [
        "a gateway's DNSEndpoint that was not read",
        async () =>
          edit(plane, refOf(await endpoint(address)), { status: { observedGeneration: null } }, '/status'),
        'read in weu: DNSNotReady',
      ],
      [
        'a name server that nobody is at',
        () => put(plane, [dnsConfiguration('127.0.0.1:9')]),
        'record in weu: NotRead',
      ],
      ['no record', () => zone.update(`update delete ${host} CNAME`), 'record in weu: DiffersInZone'],
      [
        'a record made by hand',
        () =>
          zone.update(
            `update delete ${host}`,
            `update delete sr-cname-${host}`,
            `update add ${host} 60 A 192.0.2.1`,
          ),
        'record in weu: DiffersInZone',
      ],
      [
        'another address of the gateway',
        () => zone.update(`update delete ${target} A`, `update add ${target} 60 A 10.9.9.9`),
        'record in weu: DiffersInZone',
      ],
    ]
    describe('stops at', () => {
      const named = rows.map(([what, doIt, broken, asked = 'app/api']) => ({ what, doIt, broken, asked }))
      test.each(named)('$what', async ({ doIt, broken, asked }) => {
        await doIt()
        const before = await versions(plane)
        const answer = await ask(asked)
        const { link, zone: where, reason } = answer.broken ?? { link: 'nothing', zone: null, reason: '' }
        expect(`${link}${where === null ? '' : ` in ${where}`}: ${reason}`).toBe(broken)
        expect([answer.code, answer.whole, answer.links.at(-1)?.state]).toEqual([1, false, 'broken'])
        expect(await versions(plane)).toEqual(before)
      })
    })

    test('a stand-by cluster is whole, and says so', async () => {
      await put(plane, [policy('app', { sourceRegion: 'neu' })])
      const { code, out } = await srouter.run(['why', host])
      expect(code).toBe(0)
      expect(out).toContain('[DNSPolicyInactive]')
      expect(out).toEndWith('Not broken: another cluster writes it (DNSPolicyInactive)\n')
    })

    test('a name that nothing asks for: the nearest one, and what the zone has', async () => {
      const stray = `apl-ns-p-prod-app.${domain}`
      await zone.update(`update add ${stray} 60 CNAME aks01-neu-internal.${domain}`)
      try {
        const { code, out } = await srouter.run(['why', stray])
        expect([code, out]).toEqual([1, expect.stringContaining(`hint: did you mean ${host}?`)])
        expect(out).toContain(`aks01-neu-internal.${domain}`)
      } finally {
        await zone.update(`update delete ${stray}`)
      }
    })

    test('what a zone answers is escaped', async () => {
      await zone.update(
        `update delete ${host} CNAME`,
        `update delete sr-cname-${host} TXT`,
        `update add ${host} 60 CNAME \\027[2Jx.example.com.`,
        `update add sr-cname-${host} 60 TXT "heritage=external-dns,external-dns/owner=\\027[31m\\226\\128\\174"`,
      )
      const { code, out } = await srouter.run(['why', host])
      expect([code, out]).toEqual([1, expect.stringContaining('owned by \\u001b[31m\\u202e')])
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
    })
  },
  'bind',
)
