import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { platform, policy, route, service } from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { edit } from './support/edit.ts'
import { clear, clusterPlane } from './support/plane.ts'
import { endpointRef, gatewayRef, identityRef, routeRef, serviceRef } from './support/refs.ts'
import { type Srouter, srouterOn } from './support/srouter.ts'
import { versions } from './support/state.ts'
import { put } from './support/world.ts'

const cname = endpointRef('app', 'api-external-dns-weu')
const lb = serviceRef('ingress', 'lb-internal')

describeLab('a saved plan', () => {
  let plane: ControlPlane
  let srouter: Srouter
  const folder = mkdtempSync(join(tmpdir(), 'srouter-saved-'))
  const file = join(folder, 'plan.json')
  const manifest = join(folder, 'route.yaml')
  afterAll(() => rmSync(folder, { recursive: true }))
  beforeAll(async () => {
    plane = await clusterPlane()
    srouter = srouterOn(plane)
    writeFileSync(manifest, stringify(route('app', 'third')))
  }, 120_000)
  beforeEach(async () => {
    await clear(plane)
    await put(plane, [...platform(), route('app', 'api')])
    await srouter.apply()
    // To do: one to create, one to update.
    await put(plane, [route('app', 'second'), route('app', 'api', { serviceName: 'renamed' })])
  }, 60_000)

  const save = async (...flags: readonly string[]) => {
    expect(await srouter.run(['plan', '--out', file, ...flags])).toMatchObject({ code: 0 })
  }
  const applySaved = (...flags: readonly string[]) => srouter.run(['apply', file, ...flags])

  test('is carried out without a question', async () => {
    await save()
    const { code, out } = await applySaved()
    expect([code, out]).toEqual([0, expect.stringContaining('Applied: 3 objects written')])
    expect((await srouter.plan()).code).toBe(0)
  })

  test('with -f: the resources in it are applied too', async () => {
    await save('-f', manifest)
    rmSync(manifest)
    expect(await applySaved()).toMatchObject({ code: 0, err: '' })
    writeFileSync(manifest, stringify(route('app', 'third')))
    expect((await plane.read(routeRef('app', 'third')))?.spec).toMatchObject({ serviceName: 'third' })
    const owners = (await plane.read(endpointRef('app', 'third-external-dns-weu')))?.metadata.ownerReferences
    expect(owners).toMatchObject([{ kind: 'ServiceRoute', name: 'third' }])
    expect((await srouter.plan()).code).toBe(0)
  })

  test('that was carried out already is stale', async () => {
    await save()
    await applySaved()
    expect(await applySaved()).toMatchObject({ code: 4 })
  })

  describe('is carried out although', () => {
    const rows: readonly [what: string, act: () => Promise<void>][] = [
      [
        'somebody wrote the status of an input',
        () => edit(plane, routeRef('app', 'second'), { status: { phase: 'Whatever' } }, '/status'),
      ],
      [
        'ExternalDNS wrote the status of a target',
        () => edit(plane, cname, { status: { observedGeneration: 1 } }, '/status'),
      ],
      [
        'somebody put a label and an annotation of their own on a target',
        () => edit(plane, cname, { metadata: { labels: { team: 'a' }, annotations: { note: 'b' } } }),
      ],
      [
        'somebody put an annotation on an input',
        () => edit(plane, routeRef('app', 'api'), { metadata: { annotations: { note: 'b' } } }),
      ],
      ['the Service got an annotation', () => edit(plane, lb, { metadata: { annotations: { note: 'b' } } })],
    ]
    test.each(rows)('%s', async (_, act) => {
      await save()
      await act()
      expect(await applySaved()).toMatchObject({ code: 0, err: '' })
      expect((await srouter.plan()).code).toBe(0)
    })
  })

  describe('is refused, and nothing is written, when', () => {
    const rows: readonly [what: string, said: string, act: () => Promise<unknown>][] = [
      [
        'it was edited',
        'has been edited',
        async () => writeFileSync(file, readFileSync(file, 'utf8').replace('"ttl": 300', '"ttl": 301')),
      ],
      [
        'it is cut off',
        'is no saved plan',
        async () => writeFileSync(file, readFileSync(file, 'utf8').slice(0, 99)),
      ],
      [
        'a route changed',
        'stale: ServiceRoute app/second changed',
        () => put(plane, [route('app', 'second', { serviceName: 'x' })]),
      ],
      ['a route came', 'stale: ServiceRoute app/new changed', () => put(plane, [route('app', 'new')])],
      [
        'a route went',
        'stale: ServiceRoute app/second changed',
        () => plane.remove(routeRef('app', 'second')),
      ],
      [
        'a route was made anew, just as it was',
        'stale: ServiceRoute app/second changed',
        async () => {
          await plane.remove(routeRef('app', 'second'))
          await put(plane, [route('app', 'second')])
        },
      ],
      ['a policy came', 'stale: DNSPolicy x/dns-policy changed', () => put(plane, [policy('x')])],
      [
        'the identity changed',
        'stale: ClusterIdentity cluster-identity changed',
        () => edit(plane, identityRef, { spec: { adoptsRegions: ['neu'] } }),
      ],
      [
        'the Gateway changed',
        'stale: Gateway istio-system/internal changed',
        () => edit(plane, gatewayRef('istio-system', 'internal'), { spec: { ttl: 5 } }),
      ],
      [
        'the load balancer has another address',
        'stale: Service ingress/lb-internal changed',
        () => put(plane, [service('internal', [{ ip: '10.0.0.99' }])]),
      ],
      [
        'a target was changed by hand',
        'stale: DNSEndpoint app/api-external-dns-weu changed',
        () => edit(plane, cname, { spec: { endpoints: [] } }),
      ],
      [
        "a target's label was changed by hand",
        'stale: DNSEndpoint app/api-external-dns-weu changed',
        () => edit(plane, cname, { metadata: { labels: { app: 'x' } } }),
      ],
      ['a target went', 'stale: DNSEndpoint app/api-external-dns-weu changed', () => plane.remove(cname)],
    ]
    test.each(rows)('%s', async (_, said, act) => {
      await save()
      await act()
      const before = await versions(plane)
      const { code, out, err } = await applySaved()
      expect([code, out, err]).toEqual([4, '', expect.stringContaining(said)])
      expect(await versions(plane)).toEqual(before)
    })

    test('it was made without a cluster', async () => {
      await srouter.run(['plan', '--out', file, '-f', manifest, '--current', 'none'])
      expect(await applySaved()).toMatchObject({ code: 4, err: expect.stringContaining('without a cluster') })
    })
  })

  test('with an error in its files writes nothing', async () => {
    writeFileSync(manifest, stringify(route('app', 'third', { serviceName: 'Not-Legal' })))
    expect(await srouter.run(['plan', '--out', file, '-f', manifest])).toMatchObject({ code: 1 })
    writeFileSync(manifest, stringify(route('app', 'third')))
    const before = await versions(plane)
    const { code, err } = await applySaved()
    expect([code, err]).toEqual([1, expect.stringContaining('InvalidSpec')])
    expect(await versions(plane)).toEqual(before)
  })

  test('has its flags in it', async () => {
    await save()
    for (const flags of [['-f', manifest], ['--adopt', 'neu'], ['--allow-deletes', '1'], ['--only-files']])
      expect(await applySaved(...flags)).toMatchObject({ code: 64, err: expect.stringContaining('in it') })
  })
})
