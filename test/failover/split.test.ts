import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { startZone, type Zone } from '../lab/bind.ts'
import type { ExternalDns } from '../lab/external-dns.ts'
import { type Region, startRegion } from '../lab/region.ts'
import { hostOf, platformOf, policy, route, tenant } from '../lab/region-manifests.ts'
import { type Sampler, startSampler } from '../lab/sampler.ts'
import { describeLab } from '../lab/suite.ts'
import { between, changes, flips, secondsOf, show, wrong } from '../lab/timeline.ts'
import { waitFor } from '../lab/wait.ts'

/** Two clusters and three zones in the split set-up, with the daemon: frc has no cluster, and weu adopts it. */

const domain = 'aks.example.com'
const regions = ['weu', 'neu', 'frc'] as const
const addressOf = { weu: '10.1.0.10,fd00::a', neu: '10.2.0.10,fd00::b' } as const
const active = hostOf('active', 'api', domain)
const bound = hostOf('bound', 'api', domain)
const extra = hostOf('bound', 'extra', domain)
const weuGateway = `aks01-weu-internal.${domain}`
const neuGateway = `aks01-neu-internal.${domain}`

/** What each zone answers, as long as nothing is wrong. */
const expected: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  weu: { [active]: addressOf.weu, [bound]: addressOf.weu },
  neu: { [active]: addressOf.neu, [bound]: addressOf.weu },
  frc: { [active]: addressOf.weu, [bound]: addressOf.weu },
}
const gateways = { [weuGateway]: addressOf.weu, [neuGateway]: addressOf.neu }
const right = (zone: string, name: string): string | undefined => ({ ...expected[zone], ...gateways })[name]

const tenants = [
  ...tenant('active', { mode: 'Active' }, 'api'),
  ...tenant('bound', { mode: 'RegionBound', sourceRegion: 'weu' }, 'api'),
]

describeLab(
  'two regions in the split set-up',
  () => {
    setDefaultTimeout(180_000)
    const zones: Zone[] = []
    const running: Region[] = []
    let sampler: Sampler
    const zone = (region: string): Zone => zones.find(each => each.region === region) ?? fail(region)
    const cluster = (region: string): Region => running.find(each => each.region === region) ?? fail(region)
    /** `active CNAME aks01-weu-internal`: without domain, and without the records of ownership. */
    const records = async (region: string): Promise<readonly string[]> =>
      (await zone(region).records())
        .filter(({ type }) => type !== 'TXT')
        .map(({ name, type, data }) => `${name} ${type} ${data}`.replaceAll(`.${domain}`, ''))
    const shown = (samples: Sampler['samples'], from: number) => show(changes(samples), from)

    beforeAll(async () => {
      for (const region of regions) zones.push(await startZone({ name: domain, region }))
      sampler = startSampler({ zones, names: [active, bound, extra, weuGateway, neuGateway] })
      for (const region of ['weu', 'neu'] as const) {
        const options = {
          ...{ cluster: 'aks01', region, zones, setup: 'split' as const },
          addresses: addressOf[region].split(','),
          ...(region === 'weu' ? { adoptsRegions: ['frc'] } : {}),
        }
        running.push(await startRegion({ ...options, manifests: [...platformOf(options), ...tenants] }))
      }
      await sampler.shows(right, 'every name to be published', 120_000)
      await Promise.all(running.map(each => each.cycle()))
    }, 300_000)
    afterAll(async () => {
      await sampler?.stop()
      for (const each of [...running, ...zones]) await each[Symbol.asyncDispose]()
    })

    test('every zone has the records of Active, RegionBound and the adopted region', async () => {
      const addresses = [
        'aks01-neu-internal A 10.2.0.10',
        'aks01-neu-internal AAAA fd00::b',
        'aks01-weu-internal A 10.1.0.10',
        'aks01-weu-internal AAAA fd00::a',
      ]
      const published = await Promise.all(regions.map(async region => [region, await records(region)]))
      expect(Object.fromEntries(published)).toEqual({
        weu: [
          ...addresses,
          'api-ns-p-prod-active CNAME aks01-weu-internal',
          'api-ns-p-prod-bound CNAME aks01-weu-internal',
        ],
        neu: [
          ...addresses,
          'api-ns-p-prod-active CNAME aks01-neu-internal',
          'api-ns-p-prod-bound CNAME aks01-weu-internal',
        ],
        frc: [
          ...addresses,
          'api-ns-p-prod-active CNAME aks01-weu-internal',
          'api-ns-p-prod-bound CNAME aks01-weu-internal',
        ],
      })
    })

    test('nothing changes in half a minute: no answer, and no zone is written', async () => {
      const serials = () => Promise.all(zones.map(each => each.serial()))
      const before = await serials()
      const from = sampler.mark()
      await Bun.sleep(30_000)
      const samples = between(sampler.samples, from)
      expect(show(flips(samples), from)).toBe('')
      expect(show(wrong(samples, right), from)).toBe('')
      // Of every name and zone at least one a second, or nobody has looked.
      expect(samples.length).toBeGreaterThan(30 * zones.length * 5)
      expect(await serials()).toEqual(before)
    })

    test('a record deleted by hand comes back, with its record of ownership or without', async () => {
      for (const [region, name, ownership] of [
        ['neu', active, `sr-cname-${active}`],
        ['frc', bound, `sr-cname-${bound}`],
        ['neu', weuGateway, `srgw-a-${weuGateway}`],
      ] as const) {
        const before = await zone(region).records()
        for (const names of [[name], [name, ownership]]) {
          await zone(region).update(...names.map(each => `update delete ${each}`))
          await sampler.shows(right, `${name} to come back in ${region}`)
          await waitFor(async () => Bun.deepEquals(await zone(region).records(), before), {
            what: `the records of ${region} to be what they were`,
            timeoutMs: 30_000,
          })
        }
      }
    })

    test('a new route is published in its zones, and a deleted one leaves them, ownership and all', async () => {
      const before = await Promise.all(zones.map(each => each.records()))
      const both = async (work: (each: Region) => Promise<unknown>) => {
        for (const each of running) await work(each)
      }
      await both(each => each.apply(route('bound', 'extra')))
      await sampler.shows(
        (_, name) => (name === extra ? addressOf.weu : undefined),
        'the new route everywhere',
      )
      const { apiVersion, kind, metadata } = route('bound', 'extra')
      const ref = { apiVersion, kind, namespace: 'bound', name: metadata.name }
      await both(each => each.plane.remove(ref))
      await sampler.shows(
        (_, name) => (name === extra ? 'NXDOMAIN' : undefined),
        'the route to be gone everywhere',
      )
      await waitFor(
        async () => Bun.deepEquals(await Promise.all(zones.map(each => each.records())), before),
        {
          what: 'the zones to be what they were',
          timeoutMs: 30_000,
        },
      )
    })

    test('a region that fails whole, and comes back, changes no answer by itself', async () => {
      const from = sampler.mark()
      await cluster('weu').kill()
      await cluster('neu').cycle()
      await cluster('neu').cycle()
      await cluster('weu').start()
      await cluster('weu').cycle()
      expect(show(flips(between(sampler.samples, from)), from)).toBe('')
    })

    test('ExternalDNS that is up before its API server is changes nothing either', async () => {
      const from = sampler.mark()
      await cluster('weu').kill()
      const { instances } = cluster('weu')
      const ends = async ({ logFile }: ExternalDns) =>
        (await Bun.file(logFile).text()).split('"level":"fatal"').length
      const before = await Promise.all(instances.map(ends))
      await cluster('weu').start('dns')
      // Each ends itself, as there is no API server, and is started again.
      await waitFor(
        async () => {
          const now = await Promise.all(instances.map(ends))
          return now.every((count, index) => count > (before[index] ?? 0))
        },
        { what: 'every ExternalDNS to have tried', timeoutMs: 30_000 },
      )
      await cluster('weu').start('etcd', 'apiserver', 'controllerManager', 'daemon')
      await cluster('weu').cycle()
      expect(show(flips(between(sampler.samples, from)), from)).toBe('')
    })

    test('RegionBound moved from weu to neu for good: the old address, for a moment NXDOMAIN, the new one', async () => {
      const there = policy('bound', { mode: 'RegionBound', sourceRegion: 'neu' })
      const from = sampler.mark()
      await cluster('neu').apply(there)
      await cluster('neu').cycle()
      await cluster('weu').apply(there)
      await sampler.shows(
        (_, name) => (name === bound ? addressOf.neu : undefined),
        'the new address everywhere',
        60_000,
      )
      const samples = between(sampler.samples, from).filter(({ name }) => name === bound)
      for (const { region } of zones) {
        const answers = changes(samples.filter(sample => sample.zone === region)).map(({ answer }) => answer)
        // Whether anybody asked in between is a matter of luck.
        expect(answers.filter(answer => answer !== 'NXDOMAIN')).toEqual([addressOf.weu, addressOf.neu])
        const gap = secondsOf(
          samples.filter(sample => sample.zone === region),
          ({ answer }) => answer === 'NXDOMAIN',
        )
        console.log(
          `RegionBound moved, with an interval of 3 s: NXDOMAIN for ${gap.toFixed(1)} s in ${region}`,
        )
      }
      console.log(shown(samples, from))
    })
  },
  'bind',
  'external-dns',
)

const fail = (region: string): never => {
  throw new Error(`${region} has not been started`)
}
