import { beforeAll, expect, test } from 'bun:test'
import type { ResourceRef } from '../../src/api/object.ts'
import { platform, route } from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { edit } from './support/edit.ts'
import { clear, clusterPlane } from './support/plane.ts'
import {
  configurationRef,
  endpointRef,
  gatewayRef,
  identityRef,
  policyRef,
  routeRef,
} from './support/refs.ts'
import { type Srouter, srouterOn } from './support/srouter.ts'
import { type ConditionOf, conditionOf, type StatusOf, versions } from './support/state.ts'
import { put } from './support/world.ts'

const refs: readonly ResourceRef[] = [
  identityRef,
  configurationRef,
  gatewayRef('istio-system', 'internal'),
  policyRef('app', 'dns-policy'),
  routeRef('app', 'api'),
]
const api = routeRef('app', 'api')

describeLab('statuses', () => {
  let plane: ControlPlane
  let srouter: Srouter
  beforeAll(async () => {
    plane = await clusterPlane()
    srouter = srouterOn(plane)
    await clear(plane)
    await put(plane, [...platform(), route('app', 'api')])
    expect(await srouter.apply()).toMatchObject({ code: 0 })
  }, 120_000)

  const statusOf = async (ref: ResourceRef) => ((await plane.read(ref))?.status ?? {}) as StatusOf
  const conditions = async (ref: ResourceRef): Promise<ReadonlyMap<string, ConditionOf>> =>
    new Map((await statusOf(ref)).conditions?.map(condition => [condition.type, condition]))

  test.each(refs.map(ref => [ref.kind, ref] as const))(
    '%s: as "kubectl wait" and Flux read it',
    async (_, ref) => {
      const object = await plane.read(ref)
      const status = await statusOf(ref)
      expect(status).toMatchObject({ phase: 'Active', observedGeneration: object?.metadata.generation })
      expect(status.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True')
      for (const condition of status.conditions ?? [])
        expect(condition).toEqual({
          type: expect.stringMatching(/^[A-Z][A-Za-z]+$/),
          status: expect.stringMatching(/^(True|False|Unknown)$/),
          reason: expect.stringMatching(/^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/),
          message: expect.any(String),
          lastTransitionTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          observedGeneration: object?.metadata.generation ?? 0,
        })
    },
  )

  test('of a route: its names', async () => {
    expect(await statusOf(api)).toMatchObject({
      host: 'api-ns-p-prod-app.aks.example.com',
      target: 'aks01-weu-internal.aks.example.com',
      dnsEndpoint: 'api-external-dns-weu',
      dnsEndpoints: ['api-external-dns-weu'],
    })
  })

  test('of the identity: what was written', async () => {
    const applied = { region: 'weu', cluster: 'aks01', domain: 'aks.example.com' }
    expect(await statusOf(identityRef)).toMatchObject({ applied })
  })

  test('of a Gateway: its addresses and hosts', async () => {
    expect(await statusOf(gatewayRef('istio-system', 'internal'))).toMatchObject({
      loadBalancerIP: '10.0.0.1',
      addresses: ['10.0.0.1'],
      hosts: 1,
    })
  })

  test('a second apply writes nothing', async () => {
    const before = await versions(plane)
    const { code, out } = await srouter.apply()
    expect([code, out]).toEqual([0, expect.stringContaining('Applied: 0 objects written')])
    expect(await versions(plane)).toEqual(before)
  })

  test('lastTransitionTime moves with the status of its condition, and with nothing else', async () => {
    const before = await conditions(api)
    const second = new Date().toISOString().slice(0, 19)
    await waitFor(() => new Date().toISOString().slice(0, 19) > second, { what: 'the next second' })

    // A new generation: other words, the same status.
    await put(plane, [route('app', 'api', { serviceName: 'other' })])
    await srouter.apply()
    const renamed = await conditions(api)
    expect(renamed.get('Ready')?.observedGeneration).toBe((before.get('Ready')?.observedGeneration ?? 0) + 1)
    for (const [type, { lastTransitionTime }] of renamed)
      expect([type, lastTransitionTime]).toEqual([type, before.get(type)?.lastTransitionTime ?? ''])

    // ExternalDNS reads the DNSEndpoint: only DNSReady turns.
    const endpoint = endpointRef('app', 'api-external-dns-weu')
    const generation = (await plane.read(endpoint))?.metadata.generation
    await edit(plane, endpoint, { status: { observedGeneration: generation } }, '/status')
    await srouter.apply()
    expect(conditionOf(await plane.read(api), 'DNSReady')).toBe('True DNSEndpointsCreated')
    const read = await conditions(api)
    expect(read.get('Ready')).toEqual(renamed.get('Ready') as ConditionOf)
    expect(read.get('DNSReady')?.lastTransitionTime).not.toBe(renamed.get('DNSReady')?.lastTransitionTime)

    // The Gateway goes: Ready turns, and back.
    await plane.remove(gatewayRef('istio-system', 'internal'))
    await srouter.apply()
    expect(await statusOf(api)).toMatchObject({ phase: 'Pending' })
    expect(conditionOf(await plane.read(api), 'Ready')).toBe('False GatewayNotFound')
    expect((await conditions(api)).get('Ready')?.lastTransitionTime).not.toBe(
      read.get('Ready')?.lastTransitionTime,
    )
    await put(plane, platform())
    await srouter.apply()
    expect(await statusOf(api)).toMatchObject({ phase: 'Active' })
  })

  test('a field that a status has no longer is removed', async () => {
    await put(plane, [route('app', 'gone')])
    await srouter.apply()
    const gone = routeRef('app', 'gone')
    expect(await statusOf(gone)).toMatchObject({
      target: expect.any(String),
      dnsEndpoint: expect.any(String),
    })
    await plane.remove(endpointRef('app', 'gone-external-dns-weu'))
    await put(plane, [route('app', 'gone', { gatewayName: 'unknown' })])
    await srouter.apply()
    const status = await statusOf(gone)
    expect(Object.keys(status)).not.toContain('target')
    expect(Object.keys(status)).not.toContain('dnsEndpoint')
    expect(status).toMatchObject({ dnsEndpoints: [], phase: 'Pending' })
  })
})
