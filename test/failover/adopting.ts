import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Zone } from '../lab/bind.ts'
import type { Manifest } from '../lab/client.ts'
import type { Ownership } from '../lab/external-dns-arguments.ts'
import type { Region } from '../lab/region.ts'
import { loadBalancer, route } from '../lab/region-manifests.ts'
import { describeLab } from '../lab/suite.ts'
import { between, flips, gaps, show } from '../lab/timeline.ts'
import { waitFor } from '../lab/wait.ts'
import { command, type Told } from './command.ts'
import { type Deployed, type Deployments, deploymentsOf } from './deployed.ts'
import { configurationOf, domain, failed, hosts, intervalSeconds, type Pair, startPair } from './pair.ts'
import { takeOver } from './takeover.ts'

/**
 * "srouter adopt" leads two clusters from another set-up of ExternalDNS to the split one, while every zone is asked all the
 * time; afterwards a change of address, a deletion and a failover work. The tests tell one story, in their order.
 */
export interface Origin {
  readonly name: string
  /** Of the instance that writes both, beside what is usual. */
  readonly ownership: (region: string) => Partial<Ownership>
  /** Those that DNSConfiguration is to have, as the old ones are in use. */
  readonly prefixes: { readonly txtPrefix: string; readonly gatewayTxtPrefix: string }
  /** What has to be written there first. */
  readonly trouble: string
  /** What an instance for routes deletes that keeps the old owner and prefix, and gets `sync`, though it manages CNAME alone. */
  readonly lostWithOldOwner: string | undefined
}

const regions = ['weu', 'neu'] as const
type Side = (typeof regions)[number]

interface Check {
  readonly code: number
  readonly text: string
  readonly steps: readonly string[]
  readonly next: readonly { message: string; command: string | null; arguments: readonly string[] }[]
  readonly dangers: readonly { message: string; hint: string }[]
}

export const adopting = (origin: Origin): void =>
  describeLab(
    `adopt, from ${origin.name}`,
    () => {
      setDefaultTimeout(180_000)
      let pair: Pair
      const deployments = new Map<Side, Deployments>()
      let began = 0
      let before: readonly string[]

      const on = (side: Side): Deployments => {
        const found = deployments.get(side)
        if (found === undefined) throw new Error(`${side} has not been started`)
        return found
      }
      const old = (side: Side, zone: Zone, more: Partial<Deployed> = {}): Deployed => ({
        name: `external-dns-${zone.region}`,
        kind: 'single',
        zone,
        ownership: origin.ownership(side),
        ...more,
      })
      const each = async (work: (side: Side, zone: Zone) => Promise<unknown>): Promise<void> => {
        for (const side of regions) for (const zone of pair.zones) await work(side, zone)
      }
      /** Without those of ownership. */
      const records = async (): Promise<readonly string[]> =>
        (
          await Promise.all(
            pair.zones.map(async zone =>
              (
                await zone.records()
              )
                .filter(({ type }) => type !== 'TXT')
                .map(({ name, type, data }) => `${zone.region} ${name} ${type} ${data}`),
            ),
          )
        ).flat()

      beforeAll(async () => {
        pair = await startPair('single', { ownership: origin.ownership })
        for (const side of regions) {
          await pair[side].kill('dns')
          deployments.set(side, await deploymentsOf(pair[side], `${intervalSeconds}s`))
        }
        await each((side, zone) => on(side).run(old(side, zone)))
        // As a failover leaves it that has ended: the next one has to write it again.
        for (const zone of pair.zones) await zone.update(...endedClaim(origin, zone))
        began = pair.sampler.mark()
        before = await records()
      }, 300_000)
      afterAll(async () => {
        for (const each of deployments.values()) await each[Symbol.asyncDispose]()
        await pair?.[Symbol.asyncDispose]()
      })

      test('first, DNSConfiguration has to have prefixes that are not in use', async () => {
        const seen = await check(pair.weu)
        expect(seen).toMatchObject({ code: 0, steps: ['prepare', 'prepare'], dangers: [] })
        expect(seen.next[0]?.message).toContain(origin.trouble)
        for (const side of regions) await pair[side].apply(configured(pair, origin))
      })

      test('then an instance has to write TXT records, and gets them from adopt', async () => {
        for (const side of regions) {
          const seen = await check(pair[side])
          expect(seen).toMatchObject({ code: 0, steps: ['open', 'open'], dangers: [] })
          expect(seen.next.map(({ message }) => /Deployment (\S+)/.exec(message)?.[1])).toEqual([
            'external-dns/external-dns-neu',
            'external-dns/external-dns-weu',
          ])
          expect(seen.next[0]?.arguments).toEqual(
            ['A', 'AAAA', 'CNAME', 'TXT'].map(type => `--managed-record-types=${type}`),
          )
        }
        await each((side, zone) =>
          on(side).run(old(side, zone, { arguments: ['--managed-record-types=TXT'] })),
        )
        for (const side of regions) {
          expect((await check(pair[side])).steps).toEqual(['write', 'write'])
          await write(pair[side])
          // Who is slow to ask finds them in the zone already.
          for (const step of (await check(pair[side])).steps) expect(['wait', 'clear']).toContain(step)
          await reaches(pair[side], 'clear')
          for (const { command } of (await check(pair[side])).next) await clear(pair[side], command ?? '')
          expect((await check(pair[side])).steps).toEqual(['switch', 'switch'])
        }
        expect(await records()).toEqual(before)
      })

      test('the order that destroys is seen before an instance is started', async () => {
        const [zone] = pair.zones
        if (zone === undefined) throw new Error('no zone')
        const routes = (more: readonly string[]): Deployed => ({
          name: 'routes-too-early',
          kind: 'routes',
          zone,
          ownership: {
            ownerId: `zone-${zone.region}`,
            txtPrefix: 'sr-',
            ...origin.ownership('weu'),
            policy: 'sync',
          },
          arguments: more,
        })
        // Addresses are managed, and their DNSEndpoints not selected.
        await on('weu').declare(routes(['--managed-record-types=A']))
        const seen = await check(pair.weu)
        expect(seen.code).toBe(1)
        expect(seen.dangers).toHaveLength(1)
        expect(seen.dangers[0]?.message).toStartWith(
          'Deployment external-dns/routes-too-early, once it is started, deletes',
        )
        expect(seen.dangers[0]?.message).toContain(`aks01-weu-external.${domain} A`)
        expect(seen.dangers[0]?.hint).toStartWith('do not start it')
        const refused = await command(pair.weu, 'adopt')
        expect(refused).toMatchObject({ code: 1, out: '' })
        expect(refused.err).toContain('routes-too-early')

        // Addresses are left alone, and what other clusters publish under the same owner is not.
        await on('weu').declare({
          ...routes([]),
          zone: zoneOf(pair, 'neu'),
          ownership: {
            ownerId: 'zone-neu',
            txtPrefix: 'sr-',
            ...origin.ownership('weu'),
            policy: 'sync',
          },
        })
        const lost = await check(pair.weu)
        if (origin.lostWithOldOwner === undefined) expect(lost).toMatchObject({ code: 0, dangers: [] })
        else expect(lost.dangers[0]?.message).toContain(origin.lostWithOldOwner)
        await on('weu').remove('routes-too-early')
        expect(await check(pair.weu)).toMatchObject({ code: 0, dangers: [] })
      })

      test('the clusters get the new instances one after the other', async () => {
        for (const side of regions) {
          const seen = await check(pair[side])
          expect(seen.steps).toEqual(['switch', 'switch'])
          for (const zone of pair.zones) {
            expect(seen.next.map(({ command }) => command)).toContain(
              `kubectl -n external-dns scale deployment external-dns-${zone.region} --replicas=0`,
            )
            await on(side).stop(`external-dns-${zone.region}`)
            const split = (['routes', 'gateways'] as const).map(kind => ({
              name: `external-dns-${zone.region}-${kind}`,
              kind,
              zone,
              ownership: {
                txtPrefix: kind === 'routes' ? origin.prefixes.txtPrefix : origin.prefixes.gatewayTxtPrefix,
              },
            }))
            for (const deployed of split) await on(side).declare(deployed)
            const declared = (await check(pair[side])).next.map(({ command }) => command)
            for (const { name } of split)
              expect(declared).toContain(`kubectl -n external-dns scale deployment ${name} --replicas=1`)
            for (const deployed of split) await on(side).run(deployed)
          }
          await on(side).cycle()
          expect(await check(pair[side])).toMatchObject({ code: 0, steps: ['done', 'done'], dangers: [] })
          await Promise.all(regions.map(side => on(side).cycle()))
        }
        expect(await records()).toEqual(before)
      })

      test('no answer has changed in all that time', () => {
        const samples = between(pair.sampler.samples, began)
        expect(show(flips(samples), began)).toBe('')
        const apart = gaps(samples)
        const longest = apart[Math.floor((apart.length - 1) * 0.5)] ?? Number.NaN
        console.log(
          `adopt, from ${origin.name}: ${samples.length} answers, 0 of them changed; a zone was asked every ${longest} ms`,
        )
        expect(samples.length).toBeGreaterThan(0)
        expect(longest).toBeLessThanOrEqual(200)
      })

      test('a new address is published', async () => {
        const publishes = async (address: string) => {
          await pair.weu.apply(loadBalancer([address]))
          await pair.sampler.shows(
            (_, name) => (name === `${failed}-internal.${domain}` ? address : undefined),
            `the address ${address}`,
          )
        }
        await publishes('10.1.0.11')
        await publishes('10.1.0.10')
      })

      test('a deleted route leaves every zone', async () => {
        const { apiVersion, kind } = route('billing', 'other')
        for (const side of regions)
          await pair[side].plane.remove({ apiVersion, kind, namespace: 'billing', name: 'other' })
        const owned = `${origin.prefixes.txtPrefix}cname-${hosts.other}`
        await waitFor(
          async () =>
            (await Promise.all(pair.zones.map(zone => zone.records())))
              .flat()
              .every(({ name }) => name !== hosts.other && name !== owned),
          { what: `${hosts.other} to leave`, timeoutMs: 60_000 },
        )
      })

      test('a failover works', async () => {
        await pair.weu.kill()
        await on('weu').kill()
        const { seconds } = await takeOver(pair)
        console.log(`adopt, from ${origin.name}: redirected after ${seconds.toFixed(1)} s`)
        const claim = (await pair.zones[0]?.records())?.find(
          ({ name }) => name === `srouter-claim-${failed}.${domain}`,
        )
        expect(claim?.data).toStartWith('held-e2.aks01-neu.')
      })
    },
    'bind',
    'external-dns',
  )

const check = async (region: Region): Promise<Check> => {
  const told = await command(region, 'adopt', '--check', '-o', 'json')
  const { zones } = parsed(told) as {
    zones: { step: string; next: Check['next']; dangers: Check['dangers'] }[]
  }
  return {
    code: told.code,
    text: told.out,
    steps: zones.map(({ step }) => step),
    next: zones.flatMap(({ next }) => next),
    dangers: zones.flatMap(({ dangers }) => dangers),
  }
}

const parsed = ({ out, err, code }: Told): unknown => {
  try {
    return JSON.parse(out)
  } catch {
    throw new Error(`it ended with ${code} and no JSON:\n${out}${err}`)
  }
}

/** `srouter adopt | kubectl apply -f -` */
const write = async (region: Region): Promise<void> => {
  const told = await command(region, 'adopt')
  if (told.code !== 0) throw new Error(`it ended with ${told.code}: ${told.err}`)
  await region.plane.applyManifests(told.out)
}

const reaches = async (region: Region, step: string): Promise<void> => {
  let seen: Check | undefined
  await waitFor(
    async () => {
      seen = await check(region)
      return seen.steps.every(each => each === step)
    },
    { what: `${region.name} to be at "${step}"`, timeoutMs: 60_000 },
  ).catch(thrown => {
    throw new Error(`${thrown instanceof Error ? thrown.message : thrown}\n${seen?.text}`)
  })
}

/** `kubectl delete dnsendpoints --all-namespaces -l LABELS` */
const clear = async ({ plane }: Region, line: string): Promise<void> => {
  const selector = / -l (\S+)$/.exec(line)?.[1] ?? ''
  expect(line).toBe(`kubectl delete dnsendpoints --all-namespaces -l ${selector}`)
  const wanted = selector.split(',').map(part => part.split('='))
  const [apiVersion, kind] = ['externaldns.k8s.io/v1alpha1', 'DNSEndpoint']
  const found = (await plane.list(apiVersion, kind)).filter(({ metadata: { labels = {} } }) =>
    wanted.every(([key = '', value]) => labels[key] === value),
  )
  expect(found.length).toBeGreaterThan(0)
  for (const { metadata } of found)
    await plane.remove({ apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name })
}

const zoneOf = ({ zones }: Pair, region: string): Zone => {
  const found = zones.find(zone => zone.region === region)
  if (found === undefined) throw new Error(`no zone ${region}`)
  return found
}

/** The DNSConfiguration with the new prefixes. */
const configured = (pair: Pair, { prefixes }: Origin): Manifest => {
  const configuration = configurationOf(pair) as Manifest
  const { externalDNSControllers } = configuration.spec as { externalDNSControllers: object[] }
  return {
    ...configuration,
    spec: {
      externalDNSControllers: externalDNSControllers.map(controller => ({ ...controller, ...prefixes })),
    },
  }
}

/** The records of a claim on weu that has been released, as the old instance of neu has written them. */
const endedClaim = ({ ownership }: Origin, { region }: Zone): readonly string[] => {
  const { ownerId = `zone-${region}`, txtPrefix = 'sr-' } = ownership('neu')
  const name = `srouter-claim-${failed}.${domain}`
  return [
    `update add ${name} 60 CNAME released-e1.aks01-neu.srouter-claim.${domain}`,
    `update add ${txtPrefix}cname-${name} 60 TXT "heritage=external-dns,external-dns/owner=${ownerId}"`,
  ]
}
