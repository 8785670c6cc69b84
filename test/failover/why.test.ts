import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Zone } from '../lab/bind.ts'
import { startExternalDns } from '../lab/external-dns.ts'
import { ownershipOf } from '../lab/external-dns-arguments.ts'
import type { Region } from '../lab/region.ts'
import { hostOf, loadBalancer, route } from '../lab/region-manifests.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { command } from './command.ts'
import { comeHome, release } from './homecoming.ts'
import { domain, failed, hosts, type Pair, startPair } from './pair.ts'
import { takeOver } from './takeover.ts'

interface Link {
  readonly link: string
  readonly zone: string | null
  readonly state: string
  readonly reason: string | null
  readonly message: string
  readonly hint: string | null
}

interface Answer {
  readonly whole: boolean
  readonly broken: Link | null
  readonly links: readonly Link[]
}

/** What `srouter why` says where ExternalDNS and name servers are real. */
describeLab(
  'srouter why',
  () => {
    setDefaultTimeout(240_000)
    let pair: Pair
    let zone: Zone
    beforeAll(async () => {
      pair = await startPair('split')
      zone = zoneOf('weu')
    }, 300_000)
    afterAll(async () => {
      await pair?.[Symbol.asyncDispose]()
    })

    const zoneOf = (region: string): Zone => {
      const found = pair.zones.find(each => each.region === region)
      if (found === undefined) throw new Error(`no zone ${region}`)
      return found
    }

    const ask = async (region: Region, asked: string): Promise<Answer> => {
      const { code, out, err } = await command(region, 'why', asked, '-o', 'json')
      if (err !== '') throw new Error(err)
      const answer = JSON.parse(out) as Answer
      expect(code).toBe(answer.whole ? 0 : 1)
      return answer
    }
    const placeOf = ({ broken }: Answer): string =>
      broken === null ? 'whole' : `${broken.link} in ${broken.zone}: ${broken.reason}`

    /** Waits until it says so; what it said instead is in the message when time runs out. */
    const says = async (asked: string, place: string, region = pair.weu): Promise<Answer> => {
      let last: Answer | undefined
      return await waitFor(
        async () => {
          last = await ask(region, asked)
          if (placeOf(last) === place) return last
          throw new Error(JSON.stringify(last.broken))
        },
        { what: `${asked} to be "${place}"`, timeoutMs: 90_000, everyMs: 250 },
      )
    }
    const targetOf = (cluster: string): string => `${cluster}-internal.${domain}`
    const hostOfShop = (name: string): string => hostOf('shop', name, domain)
    const ownedBy = (owner: string, resource: string): string =>
      `"heritage=external-dns,external-dns/owner=${owner},external-dns/resource=crd/${resource}"`

    test('all that is published is whole, in both clusters', async () => {
      for (const name of [hosts.active, hosts.bound, 'shop/web', targetOf(failed)])
        expect(placeOf(await ask(pair.weu, name))).toBe('whole')
      for (const name of [hosts.active, targetOf('aks01-neu')])
        expect(placeOf(await ask(pair.neu, name))).toBe('whole')
    })

    test('it knows what ExternalDNS wrote, and for which DNSEndpoint', async () => {
      const { links } = await ask(pair.weu, hosts.active)
      const records = links.filter(({ link, zone: of }) => link === 'record' && of === 'weu')
      expect(records.map(({ state, reason }) => `${state} ${reason}`)).toEqual([
        'ok Published',
        'ok Published',
      ])
      expect(records[0]?.message).toEndWith(`owned by ${failed}`)
      expect(records[1]?.message).toEndWith('owned by zone-weu')
    })

    test('a stand-by cluster says so, and whose record its zone has', async () => {
      const { whole, links } = await ask(pair.neu, hosts.bound)
      expect([whole, links.some(({ reason }) => reason === 'DNSPolicyInactive')]).toEqual([true, true])
      const there = links.find(({ link, zone: of }) => link === 'record' && of === 'neu')
      expect(there?.message).toContain(targetOf(failed))
      expect(there?.message).toEndWith(`owned by ${failed}, for crd/billing/pay-external-dns-neu`)
    })

    describe('is broken at', () => {
      test('the DNSEndpoint, where no daemon runs', async () => {
        await pair.weu.kill('daemon')
        await pair.weu.apply(route('shop', 'one'))
        await says('shop/one', 'endpoint in weu: DNSNotReady')
        await pair.weu.start('daemon')
        await says('shop/one', 'whole')
      })

      test('what ExternalDNS has read, where its label filter selects something else', async () => {
        const routes = pair.weu.instance('weu', 'routes')
        await routes.kill()
        const wrong = await startExternalDns({
          kind: 'routes',
          // The label filter follows from the region.
          zone: { ...zone, region: 'wue' },
          cluster: pair.weu.name,
          kubeconfig: pair.weu.kubeconfig,
          folder: pair.weu.plane.folder,
          interval: '1s',
          // With sync it would delete what it does not see.
          ownership: { policy: 'upsert-only' },
        })
        try {
          await pair.weu.apply(route('shop', 'two'))
          await says('shop/two', 'read in weu: DNSNotReady')
          await wrong.cycle()
          const { broken } = await says('shop/two', 'read in weu: DNSNotReady')
          expect(broken?.message).toContain('no ExternalDNS has read DNSEndpoint shop/two-external-dns-weu')
          expect(broken?.hint).toContain('--label-filter')
        } finally {
          await wrong.kill()
          await routes.restart()
        }
        await says('shop/two', 'whole')
      })

      test('a record that was made by hand', async () => {
        const host = hostOfShop('three')
        await zone.update(`update add ${host} 60 A 192.0.2.1`)
        await pair.weu.apply(route('shop', 'three'))
        const { broken } = await says('shop/three', 'record in weu: DiffersInZone')
        expect(broken?.message).toContain(`A 192.0.2.1 for ${host} and not CNAME ${targetOf(failed)}`)
        expect(broken?.message).toContain('does not own it: there is no TXT record with the prefix sr-')
        // And so it stays, whatever ExternalDNS does.
        await pair.weu.instance('weu', 'routes').cycle()
        await says('shop/three', 'record in weu: DiffersInZone')
        await zone.update(`update delete ${host}`)
        await says('shop/three', 'whole')
        await zone.update(
          `update delete ${host}`,
          `update delete sr-cname-${host}`,
          `update add ${host} 60 CNAME elsewhere.${domain}`,
        )
        const alias = await says('shop/three', 'record in weu: DiffersInZone')
        expect(alias.broken?.hint).toContain('made by hand')
        await pair.weu.instance('weu', 'routes').cycle()
        await says('shop/three', 'record in weu: DiffersInZone')
        await zone.update(`update delete ${host}`)
        await says('shop/three', 'whole')
      })

      test.each([
        ["another object's, with another owner", 'four', 'legacy/four', 'take the name from that object'],
        [
          "this cluster's by its name, and another owner's",
          'five',
          'shop/five-external-dns-weu',
          '--txt-owner-id',
        ],
      ])('a record that is %s', async (_, name, resource, hint) => {
        const host = hostOfShop(name)
        await zone.update(
          `update add ${host} 60 CNAME elsewhere.${domain}`,
          `update add sr-cname-${host} 60 TXT ${ownedBy('somebody', resource)}`,
        )
        await pair.weu.apply(route('shop', name))
        const { broken } = await says(`shop/${name}`, 'record in weu: DiffersInZone')
        expect(broken?.message).toContain(`owned by somebody, for crd/${resource}`)
        expect(broken?.hint).toContain(hint)
        await pair.weu.instance('weu', 'routes').cycle()
        await says(`shop/${name}`, 'record in weu: DiffersInZone')
        await zone.update(`update delete ${host}`, `update delete sr-cname-${host}`)
        await says(`shop/${name}`, 'whole')
      })

      test('a zone whose server says nothing; the other one is followed to its end', async () => {
        await zoneOf('neu').kill('SIGSTOP')
        try {
          const { links, broken } = await says('billing/pay', 'record in neu: NotRead')
          expect(broken?.message).toContain(`${zoneOf('neu').nameserver} does not answer`)
          const last = links.filter(({ zone: of }) => of === 'weu').at(-1)
          expect([last?.state, last?.reason]).toEqual(['ok', 'Published'])
        } finally {
          await zoneOf('neu').kill('SIGCONT')
        }
        await says('billing/pay', 'whole')
      })

      test("the gateway's address, where the zone has another", async () => {
        const gateways = pair.weu.instance('weu', 'gateways')
        await gateways.kill()
        try {
          await zone.update(
            `update delete ${targetOf(failed)} A`,
            `update add ${targetOf(failed)} 60 A 10.9.9.9`,
          )
          const { broken } = await says('shop/web', 'record in weu: DiffersInZone')
          expect(broken?.message).toContain(`A 10.9.9.9 for ${targetOf(failed)} and not A 10.1.0.10`)
          expect(broken?.message).toContain(
            `owned by ${ownershipOf({ ...instance, kind: 'gateways' }).ownerId}`,
          )
        } finally {
          await gateways.restart()
        }
        await says('shop/web', 'whole')
      })

      test('what ExternalDNS has read of the gateway, where its address is new and no instance runs', async () => {
        const gateways = pair.weu.instance('weu', 'gateways')
        await gateways.kill()
        try {
          await pair.weu.apply(loadBalancer(['10.1.0.11']))
          const { broken } = await says('shop/web', 'read in weu: DNSNotReady')
          expect(broken?.message).toContain('ExternalDNS has read an earlier state')
        } finally {
          await pair.weu.apply(loadBalancer(['10.1.0.10']))
          await gateways.restart()
        }
        await says('shop/web', 'whole')
      })
    })
    const instance = { cluster: failed, region: 'weu', domain } as const

    test('a failover is not called broken, on either side, at any of its ends', async () => {
      await pair.weu.kill()
      await takeOver(pair)
      const standing = await ask(pair.neu, targetOf(failed))
      expect([placeOf(standing), standing.links.some(({ reason }) => reason === 'StandingIn')]).toEqual([
        'whole',
        true,
      ])
      expect(placeOf(await ask(pair.neu, hosts.active))).toBe('whole')
      expect((await comeHome(pair, 'srouter first')).shown).toBe('')
      for (const name of [hosts.active, hosts.bound, targetOf(failed)]) {
        const { links, ...answer } = await ask(pair.weu, name)
        expect(answer).toMatchObject({ whole: true, broken: null })
        expect(links.find(({ link }) => link === 'address')).toMatchObject({
          state: 'note',
          reason: 'Yielded',
        })
      }
      await release(pair)
      const home = await says(hosts.bound, 'whole')
      expect(home.links.some(({ reason }) => reason === 'Yielded')).toBe(false)
    })
  },
  'bind',
  'external-dns',
)
