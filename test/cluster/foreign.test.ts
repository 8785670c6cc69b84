import { beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { ResourceRef } from '../../src/api/object.ts'
import { changed, codes, gateway, identity, platform, route, service } from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { create, edit, raw } from './support/edit.ts'
import { clear, clusterPlane } from './support/plane.ts'
import { endpointRef, gatewayRef, istioRef, routeRef } from './support/refs.ts'
import { type Srouter, srouterOn } from './support/srouter.ts'
import { conditionOf } from './support/state.ts'
import { inTerminal } from './support/terminal.ts'
import { put } from './support/world.ts'

const cname = endpointRef('app', 'api-external-dns-weu')
const istio = istioRef('istio-system', 'internal')
const address = endpointRef('ingress', 'gateway-controller-igw-internal-internal-external-dns-neu')

const foreign = ({ apiVersion, kind, namespace, name }: ResourceRef, spec: object): object => ({
  apiVersion,
  kind,
  metadata: { namespace, name, labels: { team: 'somebody' } },
  spec,
})
const foreignEndpoint = foreign(cname, {
  endpoints: [{ dnsName: 'theirs.example.com', recordType: 'A', targets: ['192.0.2.1'] }],
})
const foreignIstio = foreign(istio, { selector: { istio: 'theirs' }, servers: [] })

describeLab('what is not ours', () => {
  let plane: ControlPlane
  let srouter: Srouter
  beforeAll(async () => {
    plane = await clusterPlane()
    srouter = srouterOn(plane)
  }, 120_000)
  beforeEach(async () => {
    await clear(plane)
    await put(plane, [...platform(), route('app', 'api'), route('app', 'other')])
  }, 60_000)

  test('a DNSEndpoint and an Istio Gateway of our names stay as they are, byte by byte', async () => {
    await create(plane, foreignEndpoint, cname)
    await create(plane, foreignIstio, istio)
    const before = [await raw(plane, cname), await raw(plane, istio)]

    const { plan } = await srouter.plan()
    expect(codes({ plan })).toEqual(['error ForeignObject api', 'error ForeignObject internal'])
    const { code, out } = await srouter.apply()
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('is not managed by srouter, so it is left alone'),
    ])

    expect([await raw(plane, cname), await raw(plane, istio)]).toEqual(before)
    // The others go on.
    expect(await plane.read(endpointRef('app', 'other-external-dns-weu'))).toBeDefined()
    expect(await plane.read(address)).toBeDefined()
    expect(conditionOf(await plane.read(routeRef('app', 'api')), 'Ready')).toBe('False ForeignObject')
    expect(conditionOf(await plane.read(routeRef('app', 'other')), 'Ready')).toStartWith('True ')
    expect((await srouter.plan()).code).toBe(0)

    // And also when they are not wanted any more.
    await plane.remove(routeRef('app', 'api'))
    await plane.remove(gatewayRef('istio-system', 'internal'))
    expect(await srouter.apply()).toMatchObject({ code: 0 })
    expect([await raw(plane, cname), await raw(plane, istio)]).toEqual(before)
  })

  describe('that comes between the plan and its execution', () => {
    /** Applies, and lets somebody act between the plan and the answer. */
    const whileAsked = async (act: () => Promise<void>) => {
      const terminal = inTerminal(['apply', '--kubeconfig', srouter.kubeconfig])
      await terminal.until('Only "yes" will do: ')
      await act()
      terminal.type('yes\r')
      return { code: await terminal.exited, shown: terminal.shown() }
    }

    test('to be created', async () => {
      const { code, shown } = await whileAsked(async () => {
        await create(plane, foreignEndpoint, cname)
        await create(plane, foreignIstio, istio)
      })
      expect(code).toBe(5)
      for (const name of ['DNSEndpoint app/api-external-dns-weu', 'Gateway istio-system/internal'])
        expect(shown).toContain(
          `failed: create ${name}: an object of that name that is not ours has appeared`,
        )
      expect((await plane.read(cname))?.spec).toMatchObject({
        endpoints: [{ dnsName: 'theirs.example.com' }],
      })
      expect((await plane.read(istio))?.spec).toMatchObject({ selector: { istio: 'theirs' } })
      expect(await plane.read(endpointRef('app', 'other-external-dns-weu'))).toBeDefined()
      expect(conditionOf(await plane.read(routeRef('app', 'api')), 'Ready')).toBe(
        'False DNSEndpointGenerationFailed',
      )
    })

    test('to be updated', async () => {
      await srouter.apply()
      await put(plane, [gateway('internal', { targetPostfix: 'inner' })])
      const { code, shown } = await whileAsked(async () => {
        await plane.remove(cname)
        await create(plane, foreignEndpoint, cname)
      })
      expect([code, shown]).toEqual([
        5,
        expect.stringContaining('failed: update DNSEndpoint app/api-external-dns-weu'),
      ])
      expect((await plane.read(cname))?.spec).toMatchObject({
        endpoints: [{ dnsName: 'theirs.example.com' }],
      })
    })

    test('to be deleted: replaced by another one', async () => {
      await srouter.apply()
      await plane.remove(routeRef('app', 'api'))
      let theirs = ''
      const { code, shown } = await whileAsked(async () => {
        await plane.remove(cname)
        await create(plane, foreignEndpoint, cname)
        theirs = await raw(plane, cname)
      })
      expect([code, shown]).toEqual([
        5,
        expect.stringContaining('failed: delete DNSEndpoint app/api-external-dns-weu'),
      ])
      expect(await raw(plane, cname)).toBe(theirs)
    })

    test('to be deleted: changed by hand', async () => {
      await srouter.apply()
      await plane.remove(routeRef('app', 'api'))
      const spec = { endpoints: [{ dnsName: 'a.b', recordType: 'A', targets: ['192.0.2.1'] }] }
      const { code, shown } = await whileAsked(() => edit(plane, cname, { spec }))
      expect([code, shown]).toEqual([
        5,
        expect.stringContaining('it has been changed since the plan was made'),
      ])
      expect(await plane.read(cname)).toBeDefined()
    })

    test('to be deleted: only its status was written, as ExternalDNS does', async () => {
      await srouter.apply()
      await plane.remove(routeRef('app', 'api'))
      const { code } = await whileAsked(() =>
        edit(plane, cname, { status: { observedGeneration: 1 } }, '/status'),
      )
      expect([code, await plane.read(cname)]).toEqual([0, undefined])
    })

    test('to be deleted: gone already', async () => {
      await srouter.apply()
      await plane.remove(routeRef('app', 'api'))
      const { code } = await whileAsked(async () => {
        await plane.remove(cname)
      })
      expect(code).toBe(0)
    })
  })

  test('what another manager added to our objects survives', async () => {
    await srouter.apply()
    const theirs = {
      metadata: {
        labels: { team: 'a' },
        annotations: { note: 'mine' },
        finalizers: ['example.com/mine'],
      },
    }
    for (const ref of [cname, address, istio]) await edit(plane, ref, theirs)
    await edit(plane, cname, { status: { observedGeneration: 1 } }, '/status')
    const owner = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'x',
      uid: '00000000-0000-4000-8000-000000000000',
    }
    const owners = (await plane.read(cname))?.metadata.ownerReferences ?? []
    await edit(plane, cname, { metadata: { ownerReferences: [...owners, owner] } })
    expect((await srouter.plan()).code).toBe(0)

    // An edit of ours in each of them.
    await put(plane, [
      identity({ cluster: 'aks02' }),
      service('internal', [{ ip: '10.0.0.9' }]),
      gateway('internal', { credentialName: 'other' }),
    ])
    const { plan } = await srouter.plan()
    expect(changed({ plan }).length).toBeGreaterThan(0)
    expect(await srouter.apply('--allow-deletes', String(plan.summary.held))).toMatchObject({ code: 0 })
    for (const ref of [cname, address, istio]) {
      const { labels, annotations, finalizers } = (await plane.read(ref))?.metadata ?? {}
      expect([labels?.team, annotations?.note, finalizers]).toEqual(['a', 'mine', ['example.com/mine']])
    }
    const after = await plane.read(cname)
    expect(after?.metadata.ownerReferences).toHaveLength(2)
    expect(after?.status).toMatchObject({ observedGeneration: 1 })
    expect(after?.spec).toMatchObject({ endpoints: [{ targets: ['aks02-weu-internal.aks.example.com'] }] })

    for (const ref of [cname, address, istio]) await edit(plane, ref, { metadata: { finalizers: null } })
  })
})
