import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import {
  at,
  changed,
  codes,
  configuration,
  controllers,
  gateway,
  identity,
  namespace,
  platform,
  policy,
  route,
} from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { edit } from './support/edit.ts'
import { clear, clusterPlane } from './support/plane.ts'
import { configurationRef, endpointRef, gatewayRef, identityRef, routeRef } from './support/refs.ts'
import { type Srouter, srouterOn, touched } from './support/srouter.ts'
import { conditionOf, versions } from './support/state.ts'
import { reading, userWith, writing } from './support/users.ts'
import { put } from './support/world.ts'

describeLab('files beside a cluster', () => {
  let plane: ControlPlane
  let srouter: Srouter
  const folder = mkdtempSync(join(tmpdir(), 'srouter-files-'))
  const file = join(folder, 'resources.yaml')
  afterAll(() => rmSync(folder, { recursive: true }))
  beforeAll(async () => {
    plane = await clusterPlane()
    srouter = srouterOn(plane)
  }, 120_000)
  beforeEach(async () => {
    await clear(plane)
    await put(plane, [...platform(), route('app', 'api'), route('app', 'other')])
    expect(await srouter.apply()).toMatchObject({ code: 0 })
  }, 60_000)

  const write = (...objects: readonly object[]) =>
    writeFileSync(file, objects.map(object => stringify(object)).join('---\n'))
  const planned = (...flags: readonly string[]) => srouter.plan('-f', file, ...flags)
  const cname = endpointRef('app', 'api-external-dns-weu')

  describe('plan -f lays them over the cluster', () => {
    test('what is the same changes nothing, and nothing is pruned', async () => {
      write(route('app', 'api'), gateway())
      expect(await planned()).toMatchObject({ code: 0 })
    })

    test('the spec is the file’s; uid, creation time and status are the cluster’s', async () => {
      write(
        { ...route('app', 'api', { serviceName: 'renamed' }), status: { phase: 'Error', host: 'x.y' } },
        // Of the same host as the one in the cluster, and new, whatever it says of itself.
        route('app', 'rival', { serviceName: 'other' }, at(-1_000_000)),
      )
      const { code, plan } = await planned()
      expect(code).toBe(1)
      expect(touched(plan)).toEqual([
        'update DNSEndpoint app/api-external-dns-weu: differs in spec',
        'update Gateway istio-system/internal: differs in spec',
        'update ServiceRoute app/api: the files differ',
        'create ServiceRoute app/rival: new',
      ])
      expect(changed({ plan })).toEqual([
        '- weu api-ns-p-prod-app CNAME aks01-weu-internal',
        '+ weu renamed-ns-p-prod-app CNAME aks01-weu-internal',
      ])
      expect(codes({ plan })).toEqual(['error HostConflict rival'])
      expect(plan.findings[0]).toMatchObject({ file, line: expect.any(Number) })
    })

    test('labels and annotations are the file’s', async () => {
      await put(plane, [
        gateway('internal', {
          allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'a' } } } },
        }),
      ])
      write(namespace('app', { team: 'a' }), route('app', 'api'))
      expect(codes(await planned())).toEqual([])
      write(namespace('app', { team: 'b' }), route('app', 'api'))
      expect(new Set(codes(await planned()))).toEqual(
        new Set(['error NotAllowedByGateway api', 'error NotAllowedByGateway other']),
      )
    })

    test('the status of the identity is the cluster’s, so the brake holds', async () => {
      write(identity({ cluster: 'aks09' }), configuration({ externalDNSControllers: controllers('weu') }))
      const { plan } = await planned()
      expect(plan.summary.held).toBeGreaterThan(0)
    })

    test('from standard input', async () => {
      const stdin = stringify(route('app', 'third'))
      const { code, out } = await srouter.run(['plan', '-f', '-', '-o', 'json'], { stdin })
      expect([code, changed({ plan: JSON.parse(out) })]).toEqual([
        0,
        ['+ weu third-ns-p-prod-app CNAME aks01-weu-internal'],
      ])
    })

    test('the same resource twice is an error', async () => {
      write(route('app', 'api'), route('app', 'api', { serviceName: 'x' }))
      const before = await versions(plane)
      expect((await planned()).code).toBe(1)
      expect((await srouter.apply('-f', file)).code).toBe(1)
      expect(await versions(plane)).toEqual(before)
    })

    test('-n shows one namespace, and plans them all', async () => {
      write(policy('b'), route('b', 'web'), route('b', 'clash', { application: 'app', serviceName: 'api' }))
      await put(plane, [route('app', 'third')])
      const all = await planned()
      expect(changed(all)).toEqual([
        '+ weu third-ns-p-prod-app CNAME aks01-weu-internal',
        '+ weu web-ns-p-prod-b CNAME aks01-weu-internal',
      ])
      const { plan } = await planned('-n', 'b')
      expect(changed({ plan })).toEqual(['+ weu web-ns-p-prod-b CNAME aks01-weu-internal'])
      // Its rival is in the other one.
      expect(codes({ plan })).toEqual(['error HostConflict clash'])
      expect(plan.objects.every(object => object.namespace === 'b')).toBe(true)
    })

    test('what somebody else made, brought along as a file, is in the way', async () => {
      const { apiVersion, kind, namespace = '', name } = endpointRef('app', 'third-external-dns-weu')
      write(route('app', 'third'), {
        apiVersion,
        kind,
        metadata: { namespace, name },
        spec: { endpoints: [] },
      })
      const { plan } = await planned()
      expect(codes({ plan })).toEqual(['error ForeignObject third'])
      expect(changed({ plan })).toEqual([])
    })
  })

  describe('--only-files', () => {
    test('the files are the whole input, and uids are the cluster’s', async () => {
      write(...platform(), route('app', 'api'))
      const { code, plan } = await planned('--only-files')
      expect([code, changed({ plan })]).toEqual([2, ['- weu other-ns-p-prod-app CNAME aks01-weu-internal']])
      expect(touched(plan)).toEqual([
        'delete DNSEndpoint app/other-external-dns-weu: ServiceRoute app/other is gone',
        'update Gateway istio-system/internal: differs in spec',
      ])
    })

    test('apply does that, and leaves the resources alone', async () => {
      write(...platform(), route('app', 'api', { serviceName: 'renamed' }))
      expect(await srouter.apply('-f', file, '--only-files')).toMatchObject({ code: 0, err: '' })
      expect(await plane.read(endpointRef('app', 'other-external-dns-weu'))).toBeUndefined()
      expect((await plane.read(cname))?.spec).toMatchObject({
        endpoints: [{ dnsName: 'renamed-ns-p-prod-app.aks.example.com' }],
      })
      expect(await plane.read(routeRef('app', 'other'))).toBeDefined()
      expect((await plane.read(routeRef('app', 'api')))?.spec).toMatchObject({ serviceName: 'api' })
    })

    test('without -f it is a usage error', async () => {
      expect(await srouter.run(['plan', '--only-files'])).toMatchObject({ code: 64 })
    })
  })

  describe('apply -f', () => {
    test('applies the resources, then what follows from them, each with its owner', async () => {
      const third = route('app', 'third')
      write(third, route('app', 'api', { serviceName: 'renamed' }))
      const { code, out } = await srouter.apply('-f', file)
      expect([code, out]).toEqual([0, expect.stringContaining('Applied: 5 objects written')])
      const uid = (await plane.read(routeRef('app', 'third')))?.metadata.uid
      expect(
        (await plane.read(endpointRef('app', 'third-external-dns-weu')))?.metadata.ownerReferences,
      ).toEqual([expect.objectContaining({ kind: 'ServiceRoute', name: 'third', uid })])
      expect(conditionOf(await plane.read(routeRef('app', 'third')), 'Ready')).toStartWith('True ')
      expect((await planned()).code).toBe(0)
      expect((await srouter.plan()).code).toBe(0)
      const before = await versions(plane)
      expect(await srouter.apply('-f', file)).toMatchObject({ code: 0 })
      expect(await versions(plane)).toEqual(before)
    })

    test('everything from nothing: namespaces first, in whatever order the files have it', async () => {
      await clear(plane)
      const name = `fresh-${crypto.randomUUID().slice(0, 8)}`
      const service = platform().filter(object => object.kind === 'Service')
      await put(plane, service)
      const rest = platform().filter(object => object.kind !== 'Service' && object.kind !== 'DNSPolicy')
      write(route(name, 'web'), policy(name), namespace(name), ...rest)
      expect(await srouter.apply('-f', file)).toMatchObject({ code: 0, err: '' })
      expect(await plane.read(endpointRef(name, 'web-external-dns-weu'))).toBeDefined()
      expect((await planned()).code).toBe(0)
    })

    test('an error in a file: nothing is written', async () => {
      write(route('app', 'third'), route('app', 'fourth', { gatewayName: 'unknown' }))
      const before = await versions(plane)
      const { code, out } = await srouter.apply('-f', file)
      expect([code, out]).toEqual([1, expect.stringContaining('there is no Gateway istio-system/unknown')])
      expect(await versions(plane)).toEqual(before)
    })

    test('an error in the cluster stops no file', async () => {
      await put(plane, [route('app', 'other', { gatewayName: 'unknown' })])
      write(route('app', 'third'))
      expect(await srouter.apply('-f', file)).toMatchObject({ code: 0 })
      expect(await plane.read(endpointRef('app', 'third-external-dns-weu'))).toBeDefined()
      // It keeps what it has.
      expect(await plane.read(endpointRef('app', 'other-external-dns-weu'))).toBeDefined()
    })

    test('what the server refuses counts as if it were not there; the rest is done', async () => {
      const tenant = {
        groups: ['routing.router.io'],
        resources: ['serviceroutes'],
        verbs: ['patch', 'create'],
      }
      const may = [...reading, ...writing.slice(0, 1), { ...tenant, namespaces: ['app'] }]
      const user = await userWith(plane, 'tenant', may)
      write(route('app', 'third'), policy('b'), route('b', 'web'))
      const { code, out } = await user.apply('-f', file)
      expect(code).toBe(5)
      expect(out).toContain(
        'failed: create ServiceRoute b/web: not allowed to patch serviceroutes.routing.router.io',
      )
      expect(out).toContain('failed: create DNSPolicy b/dns-policy: not allowed to patch')
      expect(await plane.read(endpointRef('app', 'third-external-dns-weu'))).toBeDefined()
      expect(await plane.read(endpointRef('b', 'web-external-dns-weu'))).toBeUndefined()
    })

    test('fields that others own stay: what the file does not say is not touched', async () => {
      await edit(plane, routeRef('app', 'api'), { metadata: { labels: { team: 'a' } } })
      await edit(plane, gatewayRef('istio-system', 'internal'), { spec: { ttl: 77 } })
      write(route('app', 'api', { serviceName: 'renamed' }), gateway())
      // The route, its CNAME, the Istio Gateway, two addresses; and the Gateway, which is srouter's as well from now on.
      const { code, out } = await srouter.apply('-f', file)
      expect([code, out]).toEqual([0, expect.stringContaining('Applied: 6 objects written')])
      const again = await srouter.apply('-f', file)
      expect([again.code, again.out]).toEqual([0, expect.stringContaining('Applied: 0 objects written')])
      expect((await plane.read(routeRef('app', 'api')))?.metadata.labels).toMatchObject({ team: 'a' })
      expect((await plane.read(gatewayRef('istio-system', 'internal')))?.spec).toMatchObject({ ttl: 77 })
      expect((await srouter.plan()).code).toBe(0)
    })

    test('a field that was applied, and that the file says no longer, goes', async () => {
      const internal = gatewayRef('istio-system', 'internal')
      write(gateway('internal', { ttl: 77 }))
      await srouter.apply('-f', file)
      expect((await plane.read(internal))?.spec).toMatchObject({ ttl: 77 })
      write(gateway())
      expect(await srouter.apply('-f', file)).toMatchObject({ code: 0 })
      expect(Object.keys((await plane.read(internal))?.spec ?? {})).not.toContain('ttl')
      expect((await srouter.plan()).code).toBe(0)
    })
  })

  test('kinds of the platform in files: the identity and the configuration', async () => {
    write(identity({ adoptsRegions: ['neu'] }), configuration({ ttl: { route: 120 } }))
    const { plan } = await planned()
    expect(changed({ plan })).toEqual([
      '+ neu api-ns-p-prod-app CNAME aks01-weu-internal',
      '~ weu api-ns-p-prod-app CNAME aks01-weu-internal',
      '+ neu other-ns-p-prod-app CNAME aks01-weu-internal',
      '~ weu other-ns-p-prod-app CNAME aks01-weu-internal',
    ])
    expect(await srouter.apply('-f', file)).toMatchObject({ code: 0 })
    expect((await plane.read(identityRef))?.spec).toMatchObject({ adoptsRegions: ['neu'] })
    expect((await plane.read(configurationRef))?.spec).toMatchObject({ ttl: { route: 120, gateway: 60 } })
    expect((await planned()).code).toBe(0)
  })
})
