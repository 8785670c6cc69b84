import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { route } from '../lab/region-manifests.ts'
import { describeLab } from '../lab/suite.ts'
import { gaps } from '../lab/timeline.ts'
import { waitFor } from '../lab/wait.ts'
import { comeHome, type Homecoming, release } from './homecoming.ts'
import { manyRoutes } from './many-routes.ts'
import {
  configurationOf,
  domain,
  failed,
  gateways,
  hosts,
  intervalSeconds,
  type Pair,
  startPair,
} from './pair.ts'
import { answersSince, type Takeover, takeOver } from './takeover.ts'

/**
 * A region fails whole, another takes its traffic, and hands it back when it has returned. What counts is what the zones
 * answer, and they are asked all the time. The tests tell one story, in their order, of two regions with a set-up of
 * ExternalDNS; each set-up has a file, so that they run beside each other.
 */

/** Two cycles of ExternalDNS, one for the claim and one for the records, and what lies between. */
const limitSeconds = 2 * intervalSeconds + 3
/** For a machine on which everything that takes part runs, and other tests beside; scripts/bench has the aim without. */
const marginSeconds = 15
/** Three looks at name servers that never answer: before it begins, at the claim, and when that is old enough. */
const lookSeconds = 12

export const story = (setup: Pair['setup']): void =>
  describeLab(
    `a region that fails, in the ${setup} set-up`,
    () => {
      setDefaultTimeout(180_000)
      let pair: Pair
      beforeAll(async () => {
        pair = await startPair(setup)
      }, 300_000)
      afterAll(async () => {
        await pair?.[Symbol.asyncDispose]()
      })

      const writes = (zones: number): number => gateways.length * zones + zones
      const redirected = (taken: Takeover, circumstances: string): void => {
        print(setup, circumstances, taken)
        expect(taken.seconds).toBeLessThan(limitSeconds + marginSeconds)
        expect(taken.writes).toBe(writes(pair.zones.length))
      }
      const returned = async (how: Homecoming) => {
        const phase = await comeHome(pair, how)
        console.log(`${setup}: ${failed} returns, ${how}: ${phase.wrong} of ${phase.asked} answers wrong`)
        return phase
      }
      const released = async (): Promise<void> => {
        const { seconds, asked, without } = await release(pair)
        console.log(
          `${setup}: released; home again after ${seconds.toFixed(1)} s, ${without} of ${asked} answers without an address`,
        )
        expect(without).toBe(0)
        expect(asked).toBeGreaterThan(0)
      }

      test('is stood in for: every zone gives the addresses of the other', async () => {
        await pair.weu.kill()
        redirected(await takeOver(pair), 'the daemon of neu at work')
      })

      if (setup === 'split')
        test('a route deleted meanwhile leaves its zone', async () => {
          const { apiVersion, kind, metadata } = route('shop', 'web')
          await pair.neu.plane.remove({ apiVersion, kind, namespace: 'shop', name: metadata.name })
          await gone(pair, 'neu', hosts.active)
          await pair.neu.apply(route('shop', 'web'))
          await pair.sampler.shows(
            (zone, name) => (zone === 'neu' && name === hosts.active ? '10.2.0.10' : undefined),
            'the route again',
          )
        })

      test('it returns, srouter before ExternalDNS: no answer changes', async () => {
        const { shown, asked } = await returned('srouter first')
        expect(shown).toBe('')
        expect(asked).toBeGreaterThan(0)
      })

      if (setup === 'split')
        test('a route of it deleted while another stands in leaves every zone', async () => {
          const { apiVersion, kind, metadata } = route('billing', 'other')
          for (const each of [pair.neu, pair.weu])
            await each.plane.remove({ apiVersion, kind, namespace: 'billing', name: metadata.name })
          for (const { region } of pair.zones) await gone(pair, region, hosts.other)
        })

      test('it gets its name back, and at no moment is there none', released)

      test('the daemon of the other does not run either: the command does it alone', async () => {
        await pair.weu.kill()
        await pair.neu.kill('daemon', 'controllerManager')
        redirected(await takeOver(pair), 'no daemon')
        await pair.neu.start('controllerManager', 'daemon')
      })

      test('it returns, ExternalDNS before srouter: wrong answers until srouter is there, and none after', async () => {
        await returned('ExternalDNS first')
        const from = pair.sampler.mark()
        await pair.neu.cycle()
        await pair.weu.cycle()
        expect(answersSince(pair, from).shown).toBe('')
        await released()
      })

      test('nothing but the API server of the other is reachable, and no zone can be read: it takes two intervals', async () => {
        await pair.weu.kill()
        await pair.neu.kill('daemon', 'controllerManager')
        await using nobody = await silence()
        await pair.neu.apply(configurationOf(pair, nobody.nameserver))
        const taken = await takeOver(pair, '--interval', `${intervalSeconds}s`)
        console.log(
          `${setup}, no daemon, and no zone to be read: redirected ${taken.seconds.toFixed(1)} s after the command`,
        )
        expect(taken.told.out).toContain('No zone can be read from here')
        expect(taken.seconds).toBeLessThan(3 * intervalSeconds + lookSeconds + marginSeconds)
        expect(taken.writes).toBe(writes(pair.zones.length))
        await pair.neu.apply(configurationOf(pair))
        await pair.neu.start('controllerManager', 'daemon')
      })

      test('it returns, ExternalDNS behind the gate: no answer changes', async () => {
        const { shown, asked } = await returned('ExternalDNS behind the gate')
        expect(shown).toBe('')
        expect(asked).toBeGreaterThan(0)
        await released()
      })

      if (setup === 'split')
        test('with 1,000 routes it writes no more than with three', async () => {
          await manyRoutes(pair, 1_000)
          await pair.weu.kill()
          redirected(await takeOver(pair), '1,000 routes')
        })

      test('all that time every zone was asked, and that often', () => {
        const between = gaps(pair.sampler.samples)
        const percentile = (part: number): number =>
          between[Math.floor((between.length - 1) * part)] ?? Number.NaN
        console.log(
          `${setup}: a zone was asked every ${percentile(0.5)} ms; 99 % of the times within ${percentile(0.99)} ms, always within ${percentile(1)} ms`,
        )
        expect(percentile(0.5)).toBeLessThan(200)
      })
    },
    'bind',
    'external-dns',
  )

/** A name server that takes every question and answers none. */
const silence = async (): Promise<AsyncDisposable & { readonly nameserver: string }> => {
  const socket = await Bun.udpSocket({ hostname: '127.0.0.1', socket: { data: () => {} } })
  return {
    nameserver: `127.0.0.1:${socket.port}`,
    [Symbol.asyncDispose]: async () => socket.close(),
  }
}

/** The records of a route and of its ownership are in the zone no more. */
const gone = async ({ zones }: Pair, region: string, host: string): Promise<void> => {
  const label = host.slice(0, -domain.length - 1)
  await waitFor(
    async () =>
      (await zones.find(zone => zone.region === region)?.records())?.every(
        ({ name }) => !name.includes(label),
      ),
    { what: `${host} to leave zone ${region}`, timeoutMs: 60_000 },
  )
}

const print = (setup: string, circumstances: string, taken: Takeover): void => {
  const { seconds, claimSeconds, recordSeconds, ttlSeconds, writes } = taken
  console.log(
    `${setup}, ${circumstances}: redirected ${seconds.toFixed(1)} s after the command ` +
      `(claim ${claimSeconds.toFixed(1)} s, records ${recordSeconds.toFixed(1)} s; ` +
      `a resolver may keep the old answer ${ttlSeconds} s longer); ${writes} DNSEndpoints written`,
  )
  for (const line of taken.told.lines) console.log(`  ${line.seconds.toFixed(1)}  ${line.text}`)
}
