import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import { startZone, type Zone } from '../lab/bind.ts'
import { type ExternalDns, startExternalDns } from '../lab/external-dns.ts'
import { type Region, startRegion } from '../lab/region.ts'
import { hostOf, namespace, platformOf, policy, route, tenant } from '../lab/region-manifests.ts'
import { type Sampler, startSampler } from '../lab/sampler.ts'
import { describeLab } from '../lab/suite.ts'
import { between, hasAddress, secondsOf } from '../lab/timeline.ts'
import { waitFor } from '../lab/wait.ts'
import { command } from './command.ts'

/**
 * Namespaces that move from one cluster to another for good: how long their hosts have no address. And a tenant that wants
 * the name of another's record of ownership.
 */

const domain = 'aks.example.com'
const addressOf = { weu: '10.1.0.10', neu: '10.2.0.10' } as const
type Side = keyof typeof addressOf
/** Of the cluster that namespaces move to; the other one is quick, as its cycles make no gap longer. */
const intervalSeconds = 15
/** Each moves once. */
const moving = ['plain', 'events', 'covered', 'handed'] as const
type Moving = (typeof moving)[number]
const host = (name: Moving): string => hostOf(name, 'api', domain)

describeLab(
  'a RegionBound namespace that moves for good',
  () => {
    setDefaultTimeout(180_000)
    const zones: Zone[] = []
    const running = new Map<Side, Region>()
    const more: ExternalDns[] = []
    let sampler: Sampler
    const cluster = (side: Side): Region => {
      const found = running.get(side)
      if (found === undefined) throw new Error(`${side} has not been started`)
      return found
    }
    const platform = (side: Side) =>
      platformOf({
        ...{ cluster: 'aks01', region: side, zones, setup: 'split', addresses: [addressOf[side]] },
        standIns: side === 'weu' ? ['aks01-neu'] : [],
        standsInFor: side === 'neu' ? [{ cluster: 'aks01', region: 'weu' }] : [],
      })
    const boundTo = (side: Side, name: string) =>
      tenant(name, { mode: 'RegionBound', sourceRegion: side }, 'api')
    const leadsTo = (side: Side, ...names: readonly Moving[]) =>
      sampler.shows(
        (_, name) => (names.map(host).includes(name) ? addressOf[side] : undefined),
        `${names.join(', ')} to lead to ${side}`,
        90_000,
      )
    /** The routes' ExternalDNS of neu, which has to see that a host is free. */
    const routesOfNeu = () =>
      more.length > 0 ? more : cluster('neu').instances.filter(({ kind }) => kind === 'routes')

    beforeAll(async () => {
      for (const region of ['weu', 'neu']) zones.push(await startZone({ name: domain, region }))
      sampler = startSampler({ zones, names: moving.map(host) })
      for (const side of ['weu', 'neu'] as const)
        running.set(
          side,
          await startRegion({
            ...{ cluster: 'aks01', region: side, zones, setup: 'split' },
            manifests: [
              ...platform(side),
              ...(side === 'weu' ? moving.flatMap(name => boundTo('weu', name)) : []),
            ],
            daemonFlags: ['--interval', '2s'],
            externalDns: { interval: side === 'weu' ? '2s' : `${intervalSeconds}s` },
          }),
        )
      await leadsTo('weu', ...moving)
    }, 300_000)
    afterAll(async () => {
      await sampler?.stop()
      for (const each of more) await each.kill()
      for (const each of [...running.values(), ...zones]) await each[Symbol.asyncDispose]()
    })

    /** Created in neu, and when neu has seen that it may not have the host yet, deleted in weu. */
    const move = async (name: Moving): Promise<void> => {
      await cluster('neu').apply(...boundTo('neu', name))
      await read(name)
      // Right after its cycle the gap is as long as it can be.
      await Promise.all(routesOfNeu().map(each => each.cycle()))
      await cluster('weu').plane.remove(ref(name))
    }
    const ref = (name: string) => {
      const { apiVersion, kind, metadata } = route(name, 'api')
      return { apiVersion, kind, namespace: name, name: metadata.name }
    }
    /** ExternalDNS has read every DNSEndpoint of the namespace in neu. */
    const read = (name: Moving): Promise<unknown> =>
      waitFor(
        async () => {
          const found = await endpointsOf('neu', name)
          return (
            found.length === zones.length &&
            found.every(({ metadata, status }) => status?.observedGeneration === metadata.generation)
          )
        },
        { what: `${name} to be read in neu`, timeoutMs: 60_000 },
      )
    const endpointsOf = (side: Side, name: string) =>
      cluster(side).plane.list<KubeObject & { readonly status?: { readonly observedGeneration?: number } }>(
        'externaldns.k8s.io/v1alpha1',
        'DNSEndpoint',
        name,
      )
    /** By zone, for how long the host had no address since. */
    const gaps = (name: Moving, from: number): readonly number[] =>
      zones.map(({ region }) =>
        secondsOf(
          between(sampler.samples, from).filter(each => each.zone === region && each.name === host(name)),
          ({ answer }) => !hasAddress(answer),
        ),
      )
    let withoutEvents: readonly number[] = []
    const print = (how: string, found: readonly number[]): void =>
      console.log(
        `moved, ${how}: no address for ${zones.map(({ region }, index) => `${found[index]?.toFixed(1)} s in zone ${region}`).join(', ')}; interval ${intervalSeconds} s`,
      )

    test('a host is without an address until the next cycle of the cluster that it moves to', async () => {
      const from = sampler.mark()
      await move('plain')
      await leadsTo('neu', 'plain')
      const found = gaps('plain', from)
      print('as it is', found)
      withoutEvents = found
      for (const each of found) {
        expect(each).toBeGreaterThan(0)
        // And what a busy machine takes.
        expect(each).toBeLessThan(intervalSeconds + 6)
      }
    })

    test('its record of ownership given to the new cluster: no answer is without an address', async () => {
      const from = sampler.mark()
      await cluster('neu').apply(...boundTo('neu', 'handed'))
      await read('handed')
      const owned = '"heritage=external-dns,external-dns/owner=aks01-neu"'
      const name = `sr-cname-${host('handed')}`
      for (const zone of zones)
        await zone.update(`update delete ${name} TXT`, `update add ${name} 60 TXT ${owned}`)
      await leadsTo('neu', 'handed')
      await cluster('weu').plane.remove(ref('handed'))
      await waitFor(async () => (await endpointsOf('weu', 'handed')).length === 0, {
        what: 'it to be gone in weu',
      })
      await cluster('weu').cycle()
      const found = gaps('handed', from)
      print('its ownership handed over', found)
      expect(found).toEqual(zones.map(() => 0))
      await leadsTo('neu', 'handed')
    })

    test('with --events srouter tells ExternalDNS that the host is free', async () => {
      for (const each of cluster('neu').instances.filter(({ kind }) => kind === 'routes')) {
        await each.kill()
        more.push(
          await startExternalDns({
            ...{ kind: 'routes', zone: each.zone, cluster: 'aks01-neu', interval: `${intervalSeconds}s` },
            ...{ kubeconfig: cluster('neu').kubeconfig, folder: cluster('neu').plane.folder },
            arguments: ['--events'],
          }),
        )
      }
      const from = sampler.mark()
      await move('events')
      await leadsTo('neu', 'events')
      const found = gaps('events', from)
      print('with --events', found)
      expect(await cluster('neu').daemonLog()).toContain('DNSEndpoint touched, because its name was gone')
      // A second until srouter sees it, and five that ExternalDNS waits before a cycle which an event began.
      expect(Math.max(...found)).toBeLessThan(Math.min(...withoutEvents))
    })

    test('with neu standing in for weu clients are at neu before, and the host has the same gap', async () => {
      const started = await command(
        cluster('neu'),
        ...['failover', 'start', 'aks01-weu', '--auto-approve', '--wait', '--interval', '2s'],
      )
      expect([started.code, started.err]).toEqual([0, expect.any(String)])
      await leadsTo('neu', 'covered')
      const from = sampler.mark()
      await move('covered')
      await waitFor(
        async () =>
          (await Promise.all(zones.map(zone => zone.records()))).every(records =>
            records.some(({ name, data }) => name === host('covered') && data.startsWith('aks01-neu-')),
          ),
        { what: 'the host to be a CNAME of neu', timeoutMs: 90_000 },
      )
      print('with a stand-in and --events', gaps('covered', from))
      const wrong = between(sampler.samples, from).filter(
        ({ name, answer }) => name === host('covered') && hasAddress(answer) && answer !== addressOf.neu,
      )
      expect(wrong).toEqual([])
      const ended = await command(
        cluster('neu'),
        ...['failover', 'end', 'aks01-weu', '--auto-approve', '--wait', '--interval', '2s'],
      )
      expect([ended.code, ended.err]).toEqual([0, expect.any(String)])
    })

    test("a tenant whose host would be another's record of ownership is refused, and the other goes on", async () => {
      const weu = cluster('weu')
      const victim = hostOf('victim', 'api', domain)
      const intruder = route('intruder', 'api')
      await weu.apply(
        ...tenant('victim', { mode: 'RegionBound', sourceRegion: 'weu' }),
        namespace('intruder'),
        policy('intruder', { mode: 'RegionBound', sourceRegion: 'weu' }),
        {
          ...intruder,
          spec: {
            ...{ gatewayName: 'internal', environment: 'prod' },
            // Together `sr-cname-api-ns-p-prod-victim`, where the ownership of the victim's host is written.
            ...{ serviceName: 'sr-cname-api', application: 'victim' },
          },
        },
      )
      const statusOf = async () =>
        (
          await weu.plane.read<{
            status?: { phase?: string; conditions?: { type: string; reason: string }[] }
          }>(ref('intruder'))
        )?.status
      await waitFor(async () => (await statusOf())?.phase === 'Error', {
        what: 'it to be refused',
        timeoutMs: 30_000,
      })
      expect((await statusOf())?.conditions).toContainEqual(
        expect.objectContaining({ type: 'Ready', reason: 'ReservedName' }),
      )
      await weu.apply(route('victim', 'api'))
      const ttls = async () =>
        (await Promise.all(zones.map(zone => zone.records()))).map(
          records => records.find(({ name }) => name === victim)?.ttl,
        )
      await waitFor(async () => (await ttls()).every(ttl => ttl === 300), {
        what: "the victim's records",
        timeoutMs: 30_000,
      })
      expect(await endpointsOf('weu', 'intruder')).toEqual([])
      // Nobody can change a record whose ownership is occupied.
      await weu.apply(
        ...platform('weu').map(each =>
          each.kind === 'DNSConfiguration'
            ? { ...each, spec: { ...(each.spec as object), ttl: { route: 120, gateway: 60 } } }
            : each,
        ),
      )
      await waitFor(async () => (await ttls()).every(ttl => ttl === 120), {
        what: "the victim's records to change",
        timeoutMs: 60_000,
      })
    })
  },
  'bind',
  'external-dns',
)
