import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { loadBalancer, route } from '../lab/region-manifests.ts'
import { describeLab } from '../lab/suite.ts'
import { between, flips, gaps, show } from '../lab/timeline.ts'
import { waitFor } from '../lab/wait.ts'
import { command } from './command.ts'
import type { Deployed } from './deployed.ts'
import { type Move, type Origin, sides, startMove } from './move.ts'
import { domain, failed, hosts, type Pair } from './pair.ts'
import { takeOver } from './takeover.ts'

/**
 * "srouter adopt" leads two clusters from another set-up of ExternalDNS to the split one, while every zone is asked all the
 * time; afterwards a change of address, a deletion and a failover work. The tests tell one story, in their order.
 */
interface Expected extends Origin {
  /** What is said first. */
  readonly trouble: string
  /** What an instance for routes deletes that keeps the old owner and prefix, and gets `sync`, though it manages CNAME alone. */
  readonly lostWithOldOwner: string | undefined
}

export const adopting = (origin: Expected): void =>
  describeLab(
    `adopt, from ${origin.name}`,
    () => {
      setDefaultTimeout(180_000)
      let move: Move
      let pair: Pair
      let began = 0
      let before: readonly string[]

      beforeAll(async () => {
        move = await startMove(origin)
        pair = move.pair
        began = pair.sampler.mark()
        before = await move.records()
      }, 300_000)
      afterAll(async () => {
        await move?.[Symbol.asyncDispose]()
      })

      test('first, DNSConfiguration has to have prefixes that are not in use', async () => {
        const seen = await move.check('weu')
        expect(seen).toMatchObject({ code: 0, steps: ['prepare', 'prepare'], dangers: [] })
        expect(seen.next[0]?.message).toContain(origin.trouble)
        for (const side of sides) await move.prepare(side)
      })

      test('then an instance has to write TXT records, and gets them from adopt', async () => {
        for (const side of sides) {
          const seen = await move.check(side)
          expect(seen).toMatchObject({ code: 0, steps: ['open', 'open'], dangers: [] })
          expect(seen.next.map(({ message }) => /Deployment (\S+)/.exec(message)?.[1])).toEqual([
            'external-dns/external-dns-neu',
            'external-dns/external-dns-weu',
          ])
          expect(seen.next[0]?.arguments).toEqual(
            ['A', 'AAAA', 'CNAME', 'TXT'].map(type => `--managed-record-types=${type}`),
          )
        }
        for (const side of sides) {
          await move.open(side)
          expect((await move.check(side)).steps).toEqual(['write', 'write'])
          await move.write(side)
          // Who is slow to ask finds them in the zone already.
          for (const step of (await move.check(side)).steps) expect(['wait', 'clear']).toContain(step)
          await move.reaches(side, 'clear')
          await move.clear(side)
          expect((await move.check(side)).steps).toEqual(['switch', 'switch'])
        }
        expect(await move.records()).toEqual(before)
      })

      test('the order that destroys is seen before an instance is started', async () => {
        /** An instance for routes that keeps the old owner and prefix, and deletes. */
        const tooEarly = (region: string, more: readonly string[]): Deployed => ({
          name: 'routes-too-early',
          kind: 'routes',
          zone: zoneOf(pair, region),
          ownership: {
            ownerId: `zone-${region}`,
            txtPrefix: 'sr-',
            ...origin.ownership('weu'),
            policy: 'sync',
          },
          arguments: more,
        })
        // Addresses are managed, and their DNSEndpoints not selected.
        await move.on('weu').declare(tooEarly('weu', ['--managed-record-types=A']))
        const seen = await move.check('weu')
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
        await move.on('weu').declare(tooEarly('neu', []))
        const lost = await move.check('weu')
        if (origin.lostWithOldOwner === undefined) expect(lost).toMatchObject({ code: 0, dangers: [] })
        else expect(lost.dangers[0]?.message).toContain(origin.lostWithOldOwner)
        await move.on('weu').remove('routes-too-early')
        expect(await move.check('weu')).toMatchObject({ code: 0, dangers: [] })
      })

      test('the clusters get the new instances one after the other', async () => {
        for (const side of sides) {
          const seen = await move.check(side)
          expect(seen.steps).toEqual(['switch', 'switch'])
          for (const zone of pair.zones) {
            expect(seen.next.map(each => each.command)).toContain(
              `kubectl -n external-dns scale deployment external-dns-${zone.region} --replicas=0`,
            )
            await move.on(side).stop(`external-dns-${zone.region}`)
            for (const deployed of move.split(zone)) await move.on(side).declare(deployed)
            const declared = (await move.check(side)).next.map(each => each.command)
            for (const { name } of move.split(zone))
              expect(declared).toContain(`kubectl -n external-dns scale deployment ${name} --replicas=1`)
            for (const deployed of move.split(zone)) await move.on(side).run(deployed)
          }
          expect(await move.check(side)).toMatchObject({ code: 0, steps: ['done', 'done'], dangers: [] })
          await Promise.all(sides.map(each => move.on(each).cycle()))
        }
        expect(await move.records()).toEqual(before)
      })

      test('no answer has changed in all that time', () => {
        const samples = between(pair.sampler.samples, began)
        expect(show(flips(samples), began)).toBe('')
        const apart = gaps(samples)
        const median = apart[Math.floor((apart.length - 1) * 0.5)] ?? Number.NaN
        console.log(
          `adopt, from ${origin.name}: ${samples.length} answers, 0 of them changed; a zone was asked every ${median} ms`,
        )
        expect(samples.length).toBeGreaterThan(0)
        expect(median).toBeLessThanOrEqual(200)
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
        for (const side of sides)
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
        await move.on('weu').kill()
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

const zoneOf = ({ zones }: Pair, region: string) => {
  const found = zones.find(zone => zone.region === region)
  if (found === undefined) throw new Error(`no zone ${region}`)
  return found
}
