import { expect, setDefaultTimeout, test } from 'bun:test'
import { DNSEndpoint } from '../../src/api/kinds.ts'
import type { KubeObject, ResourceRef } from '../../src/api/object.ts'
import { isOurs } from '../../src/api/ownership.ts'
import { listAll, withNamespaces } from '../cluster/support/plane.ts'
import { type Srouter, srouterOn } from '../cluster/support/srouter.ts'
import { put } from '../cluster/support/world.ts'
import { service } from '../engine/build.ts'
import { inFolder } from '../executable/folder.ts'
import { address, cname, domain, endpoint, hostOf, istio, target } from '../import/support.ts'
import { startZone, type Zone } from '../lab/bind.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { allCrds } from '../lab/crds.ts'
import { type ExternalDns, startExternalDns } from '../lab/external-dns.ts'
import { startSampler } from '../lab/sampler.ts'
import { describeLab } from '../lab/suite.ts'
import { between, flips } from '../lab/timeline.ts'
import { waitFor } from '../lab/wait.ts'

const regions = ['weu', 'neu'] as const
const ip = '10.1.0.10'
const api = 'api-ns-p-prod-app'
const ledger = 'ledger-ns-p-prod-b'

/** As somebody writes them by hand: `api` in the zone of this region alone, `ledger` in both, and a gateway's addresses. */
const byHand: readonly KubeObject[] = regions.flatMap(region => {
  const labels = { 'router.io/region': region }
  return [
    endpoint(region, [address(target(), [ip])], { namespace: 'ingress', name: `gateway-${region}`, labels }),
    endpoint(region, [cname(ledger)], { namespace: 'b', name: `ledger-${region}`, labels }),
    ...(region === 'weu' ? [endpoint(region, [cname(api)], { name: 'api', labels })] : []),
  ]
})

describeLab(
  'records that were made by hand',
  () => {
    setDefaultTimeout(240_000)

    test.each(['sync', 'upsert-only'] as const)(
      'become those of srouter, and not one answer changes: --policy=%s',
      async policy => {
        await using stack = new AsyncDisposableStack()
        const plane = stack.use(await startControlPlane({ manifests: await allCrds() }))
        const zones: Zone[] = []
        for (const region of regions) zones.push(stack.use(await startZone({ name: domain, region })))
        const instances: ExternalDns[] = []
        for (const zone of zones)
          instances.push(
            await startExternalDns({
              kind: 'single',
              zone,
              cluster: 'aks01-weu',
              kubeconfig: plane.kubeconfig(),
              folder: plane.folder,
              interval: '1s',
              ownership: { policy },
            }),
          )
        const cycles = async (): Promise<void> => {
          for (const each of instances) await each.cycle()
        }
        const srouter = srouterOn(plane)
        await withNamespaces(plane)
        await put(plane, [
          service('internal', [{ ip }]),
          istio('by-hand', [api, ledger].map(hostOf)),
          ...byHand,
        ])
        const sampler = stack.use(startSampler({ zones, names: [hostOf(api), hostOf(ledger), target()] }))
        await sampler.shows(
          (zone, name) => (zone === 'neu' && name === hostOf(api) ? 'NXDOMAIN' : ip),
          'what was made by hand',
        )
        await cycles()

        const begun = sampler.mark()
        const before = await contentsOf(zones)
        await imported(srouter, async folder => {
          expect(await srouter.apply('-f', folder)).toMatchObject({ code: 0 })
        })
        await cycles()
        await allRead(plane)
        const both = await contentsOf(zones)
        for (const ref of await replaced(srouter)) await plane.remove(ref)
        const left = await listAll(plane, DNSEndpoint)
        expect(left.filter(object => !isOurs(object))).toEqual([])
        await cycles()
        await cycles()
        // Not even its ownership records: nothing was written to any zone.
        expect([both, await contentsOf(zones)]).toEqual([before, before])
        expect(flips(between(sampler.samples, begun))).toEqual([])

        // What it would have looked like.
        await plane.remove({
          apiVersion: 'routing.router.io/v1alpha1',
          kind: 'ServiceRoute',
          namespace: 'app',
          name: 'api',
        })
        expect(await srouter.apply()).toMatchObject({ code: 0 })
        if (policy === 'sync')
          await sampler.shows((_, name) => (name === hostOf(api) ? 'NXDOMAIN' : ip), 'the removed host')
        for (const each of instances) await each.kill()
      },
    )
  },
  'bind',
  'external-dns',
)

/** All records of all zones, and the serial that counts up with every write. */
const contentsOf = (zones: readonly Zone[]): Promise<unknown> =>
  Promise.all(zones.map(async zone => ({ serial: await zone.serial(), records: await zone.records() })))

const imported = async (srouter: Srouter, use: (folder: string) => Promise<void>): Promise<void> => {
  const { code, out, err } = await srouter.run(['import'])
  expect([code, err]).toEqual([0, 'Reproduced: 5 of 5 records of 5 DNSEndpoints, 1 of 1 Istio Gateway\n'])
  await inFolder({ 'proposal.yaml': out }, use)
}

const replaced = async (srouter: Srouter): Promise<readonly ResourceRef[]> => {
  const { out } = await srouter.run(['import', '-o', 'json'])
  const document = JSON.parse(out) as {
    readonly proposal: readonly unknown[]
    readonly replaced: ResourceRef[]
  }
  expect(document.proposal).toEqual([])
  return document.replaced
}

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
