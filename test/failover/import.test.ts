import { expect, setDefaultTimeout, test } from 'bun:test'
import { DNSEndpoint } from '../../src/api/kinds.ts'
import type { KubeObject, ResourceRef } from '../../src/api/object.ts'
import { isOurs } from '../../src/api/ownership.ts'
import { listAll, withNamespaces } from '../cluster/support/plane.ts'
import { routeRef } from '../cluster/support/refs.ts'
import { type Srouter, srouterOn } from '../cluster/support/srouter.ts'
import { put } from '../cluster/support/world.ts'
import { service } from '../engine/build.ts'
import { inFolder } from '../executable/folder.ts'
import { address, cname, domain, endpoint, hostOf, istio, target } from '../import/support.ts'
import { startZone, type Zone, type ZoneRecord } from '../lab/bind.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { allCrds } from '../lab/crds.ts'
import { type ExternalDns, startExternalDns } from '../lab/external-dns.ts'
import type { Ownership } from '../lab/external-dns-arguments.ts'
import { type Sampler, startSampler } from '../lab/sampler.ts'
import { describeLab } from '../lab/suite.ts'
import { between, flips } from '../lab/timeline.ts'
import { waitFor } from '../lab/wait.ts'

const regions = ['weu', 'neu'] as const
const ip = '10.1.0.10'
const api = 'api-ns-p-prod-app'
const ledger = 'ledger-ns-p-prod-b'

/** As somebody writes them by hand: `api` in the zone of this region alone, `ledger` in both, and a gateway's addresses. */
const byHand = (apiTTL: number): readonly KubeObject[] =>
  regions.flatMap(region => {
    const labels = { 'router.io/region': region }
    return [
      endpoint(region, [address(target(), [ip])], {
        namespace: 'ingress',
        name: `gateway-${region}`,
        labels,
      }),
      endpoint(region, [cname(ledger)], { namespace: 'b', name: `ledger-${region}`, labels }),
      ...(region === 'weu'
        ? [endpoint(region, [cname(api, target(), apiTTL)], { name: 'api', labels })]
        : []),
    ]
  })

const answers = (zone: string, name: string): string =>
  zone === 'neu' && name === hostOf(api) ? 'NXDOMAIN' : ip

interface Contents {
  readonly serials: readonly number[]
  readonly records: readonly (readonly ZoneRecord[])[]
}

interface Stage extends AsyncDisposable {
  readonly plane: ControlPlane
  readonly srouter: Srouter
  readonly sampler: Sampler
  readonly contents: () => Promise<Contents>
  /** Each instance has gone through everything that is there now. */
  readonly cycles: () => Promise<void>
}

/** A cluster that has these DNSEndpoints, and ExternalDNS has published them. */
const published = async (policy: Ownership['policy'], objects: readonly KubeObject[]): Promise<Stage> => {
  const stack = new AsyncDisposableStack()
  const plane = stack.use(await startControlPlane({ manifests: await allCrds() }))
  const zones: Zone[] = []
  for (const region of regions) zones.push(stack.use(await startZone({ name: domain, region })))
  await withNamespaces(plane)
  await put(plane, objects)
  const instances: ExternalDns[] = []
  for (const zone of zones) {
    const instance = await startExternalDns({
      kind: 'single',
      zone,
      cluster: 'aks01-weu',
      kubeconfig: plane.kubeconfig(),
      folder: plane.folder,
      interval: '1s',
      ownership: { policy },
    })
    stack.defer(() => instance.kill())
    instances.push(instance)
  }
  const sampler = stack.use(startSampler({ zones, names: [hostOf(api), hostOf(ledger), target()] }))
  const cycles = async (): Promise<void> => {
    for (const each of instances) await each.cycle()
  }
  await sampler.shows(answers, 'what was made by hand')
  await cycles()
  return {
    plane,
    srouter: srouterOn(plane),
    sampler,
    contents: async () => ({
      serials: await Promise.all(zones.map(zone => zone.serial())),
      records: await Promise.all(zones.map(zone => zone.records())),
    }),
    cycles,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** docs/migration.md, step by step: what the zones have with both kinds of DNSEndpoints, and in the end. */
const takeOver = async (stage: Stage): Promise<{ readonly both: Contents; readonly after: Contents }> => {
  const { plane, srouter, contents, cycles } = stage
  const { code, out, err } = await srouter.run(['import'])
  expect([code, err.split('\n').at(-2)]).toEqual([
    0,
    'Reproduced: 5 of 5 records of 5 DNSEndpoints, 1 of 1 Istio Gateway',
  ])
  await inFolder({ 'proposal.yaml': out }, async folder => {
    expect(await srouter.apply('-f', folder)).toMatchObject({ code: 0 })
  })
  await allRead(plane)
  await cycles()
  const both = await contents()
  const second = JSON.parse((await srouter.run(['import', '-o', 'json'])).out) as {
    readonly proposal: readonly unknown[]
    readonly replaced: readonly ResourceRef[]
  }
  expect(second.proposal).toEqual([])
  for (const ref of second.replaced) await plane.remove(ref)
  expect((await listAll(plane, DNSEndpoint)).filter(object => !isOurs(object))).toEqual([])
  await cycles()
  await cycles()
  return { both, after: await contents() }
}

describeLab(
  'records that were made by hand',
  () => {
    setDefaultTimeout(240_000)
    const others = [service('internal', [{ ip }]), istio('by-hand', [api, ledger].map(hostOf))]

    test.each(['sync', 'upsert-only'] as const)(
      'become those of srouter, and no zone is even written to: --policy=%s',
      async policy => {
        await using stage = await published(policy, [...others, ...byHand(300)])
        const { sampler, srouter, plane } = stage
        const begun = sampler.mark()
        const before = await stage.contents()
        const { both, after } = await takeOver(stage)
        // Ownership records included.
        expect([both, after]).toEqual([before, before])
        expect(flips(between(sampler.samples, begun))).toEqual([])

        // They are srouter's: what it removes goes, where ExternalDNS may delete.
        if (policy === 'upsert-only') return
        await plane.remove(routeRef('app', 'api'))
        expect(await srouter.apply()).toMatchObject({ code: 0 })
        await sampler.shows((_, name) => (name === hostOf(api) ? 'NXDOMAIN' : ip), 'the removed host')
      },
    )

    // As long as both are there ExternalDNS takes either of the two, in each cycle anew (source/wrappers/dedupsource.go).
    test('with another TTL: it changes, and no answer with it', async () => {
      await using stage = await published('sync', [...others, ...byHand(30)])
      const begun = stage.sampler.mark()
      const before = await stage.contents()
      const { after } = await takeOver(stage)
      const ttlOf = ({ records }: Contents): number | undefined =>
        records.flat().find(({ name, type }) => name === hostOf(api) && type === 'CNAME')?.ttl
      expect([ttlOf(before), ttlOf(after)]).toEqual([30, 300])
      expect(flips(between(stage.sampler.samples, begun))).toEqual([])
    })
  },
  'bind',
  'external-dns',
)

/** Under `sync` a record goes with its DNSEndpoint, if ExternalDNS has not read the other one yet. */
const allRead = (plane: ControlPlane): Promise<unknown> =>
  waitFor(
    async () =>
      (await listAll(plane, DNSEndpoint))
        .filter(isOurs)
        .every(
          ({ metadata, status }) =>
            (status as { observedGeneration?: number } | undefined)?.observedGeneration ===
            metadata.generation,
        ),
    { what: 'ExternalDNS to have read all DNSEndpoints', timeoutMs: 60_000 },
  )
