import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { startZone } from '../lab/bind.ts'
import type { Manifest } from '../lab/client.ts'
import { type Region, startRegion } from '../lab/region.ts'
import { describeLab } from '../lab/suite.ts'
import { between, flips, hasAddress, show } from '../lab/timeline.ts'
import { waitFor } from '../lab/wait.ts'
import { command } from './command.ts'
import {
  addressOf,
  answer,
  becomes,
  domain,
  done,
  endpoints,
  failover,
  failoverRef,
  gatewayOf,
  home,
  interval,
  platform,
  since,
  startThree,
  stateOf,
  type Three,
} from './three.ts'

/** Who may hold a claim, what ends one, and what does not. What counts is what the zones answer. */
describeLab(
  'claims of three clusters',
  () => {
    setDefaultTimeout(180_000)
    let three: Three
    beforeAll(async () => {
      three = await startThree()
    }, 300_000)
    afterAll(async () => {
      await three?.[Symbol.asyncDispose]()
    })

    const shows = (expected: ReturnType<typeof answer>, what: string) =>
      three.sampler.shows(expected, what, 60_000)
    /** What a cluster finds wrong with itself. */
    const findings = async (
      region: Region,
    ): Promise<readonly { code: string; severity: string; message: string; hint: string }[]> =>
      JSON.parse((await command(region, 'plan', '-o', 'json')).out).findings
    /** The reason of the condition DNSReady of its Gateway. */
    const readiness = async ({ plane }: Region): Promise<string | undefined> => {
      const [gateway] = await plane.list<{ status?: { conditions?: { type: string; reason: string }[] } }>(
        'routing.router.io/v1alpha1',
        'Gateway',
      )
      return gateway?.status?.conditions?.find(({ type }) => type === 'DNSReady')?.reason
    }
    const claimIn = async (zone: number): Promise<string | undefined> =>
      (await three.zones[zone]?.records())?.find(({ name }) => name === `srouter-claim-${home}.${domain}`)
        ?.data

    /** As by "kubectl edit". */
    const engage = (region: Region, isOn: boolean) => {
      const { name, ...type } = failoverRef(home)
      return region.apply({ ...type, metadata: { name }, spec: { ...spec, engage: isOn } })
    }
    const spec = { region: 'weu', cluster: 'aks01' }

    test('one that is not among standIns is ignored, and nothing changes', async () => {
      const { weu, zones, sampler } = three
      const before = await endpoints(weu)
      const from = sampler.mark()
      const claim = `srouter-claim-${home}.${domain}`
      for (const zone of zones)
        await zone.update(`update add ${claim} 10 CNAME held-e1.aks01-sea.srouter-claim.${domain}`)
      await waitFor(async () => (await findings(weu)).some(({ code }) => code === 'ClaimIgnored'), {
        what: 'the finding',
        timeoutMs: 30_000,
      })
      // The daemon has looked by then as well, which takes as long as a cycle.
      await weu.cycle()
      expect(await endpoints(weu)).toEqual(before)
      expect(since(three, from, answer('weu'))).toMatchObject({ wrong: 0 })
      for (const zone of zones) await zone.update(`update delete ${claim} CNAME`)
    })

    test('of two that start at once one holds the claim in the end, and the other has withdrawn', async () => {
      const { neu, frc, sampler } = three
      const from = sampler.mark()
      const both = await Promise.all([neu, frc].map(each => failover(each, 'start', home, '--wait')))
      const states = async () => Promise.all([neu, frc].map(each => stateOf(each)))
      await waitFor(async () => (await states()).toSorted().join() === 'Engaged,Withdrawn', {
        what: 'one to be engaged, the other withdrawn',
        timeoutMs: 60_000,
      })
      const holder = (await states())[0] === 'Engaged' ? neu : frc
      const loser = holder === neu ? frc : neu
      const side = holder === neu ? 'neu' : 'frc'
      await shows(answer(side), `the addresses of ${side}`)
      const settled = sampler.mark()
      await Promise.all([neu.cycle(), frc.cycle()])
      expect(since(three, settled, answer(side))).toMatchObject({ wrong: 0 })
      expect(await states()).toEqual([neu, frc].map(each => (each === holder ? 'Engaged' : 'Withdrawn')))
      const told = both[holder === neu ? 1 : 0]
      console.log(
        `two at once: ${side} holds it; ${loser.name} ended with ${told?.code}; ${since(three, from, answer(side)).without} answers without an address`,
      )
      expect(since(three, from, answer(side)).without).toBe(0)
      expect((await failover(loser, 'start', home)).code).toBe(1)
      await done(holder, 'end', home, '--wait')
      await done(loser, 'end', home)
      await becomes(loser, 'Standby')
      await shows(answer('weu'), 'the addresses of weu again')
    })

    test('who is itself claimed engages nothing', async () => {
      const { neu, frc } = three
      await done(frc, 'start', 'aks01-neu', '--wait')
      await shows(answer('weu', 'frc'), 'the addresses of frc for neu')
      const refused = await failover(neu, 'start', home)
      expect([refused.code, refused.err]).toEqual([
        1,
        expect.stringContaining('itself claimed, by aks01-frc'),
      ])
      await engage(neu, true)
      await becomes(neu, 'Blocked')
      await neu.cycle()
      expect(await stateOf(neu)).toBe('Blocked')
      expect((await endpoints(neu)).filter(each => each.includes(`"name":"srouter-claim-${home}`))).toEqual(
        [],
      )
      await engage(neu, false)
      await becomes(neu, 'Standby')
      await done(frc, 'end', 'aks01-neu', '--wait')
      await shows(answer('weu'), 'each its own')
    })

    test('another that holds the claim: refused, with who it is', async () => {
      const { neu, frc } = three
      await done(neu, 'start', home, '--wait')
      const { code, err } = await failover(frc, 'start', home)
      expect([code, err]).toEqual([1, expect.stringContaining('aks01-neu holds the claim')])
      expect(await stateOf(frc)).toBe('Standby')
      await shows(answer('neu'), 'the addresses of neu')
    })

    // neu holds the claim still.
    test('while yielded: no answer and NXDOMAIN change nothing', async () => {
      const { weu, zones, sampler } = three
      const [zone] = zones
      if (zone === undefined) throw new Error('no zone')
      await waitFor(async () => (await endpoints(weu)).some(each => each.includes('held-e')), {
        what: 'weu to have yielded',
        timeoutMs: 30_000,
      })
      await weu.cycle()
      const before = await endpoints(weu)
      const from = sampler.mark()
      /** How long ago the daemon was last answered. */
      const silence = async (): Promise<number> => {
        const [, port] =
          /"Listening"[^\n]*"what":"metrics"[^\n]*"port":(\d+)/.exec(await weu.daemonLog()) ?? []
        const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
        return Number(/srouter_claim_read_age_seconds{[^}]*} (\S+)/.exec(text)?.[1])
      }
      const isSilent = (seconds: number) =>
        waitFor(async () => (await silence()) > seconds, {
          what: 'the daemon to have no answer',
          timeoutMs: 60_000,
        })
      const said = async () => JSON.parse((await command(weu, 'failover', 'status', '-o', 'json')).out).home

      await zone.kill('SIGSTOP')
      await isSilent(8)
      expect(await endpoints(weu)).toEqual(before)
      expect(await said()).toMatchObject({
        state: 'yielded',
        holder: 'aks01-neu',
        message: expect.stringContaining('does not answer'),
      })
      await zone.kill('SIGCONT')
      await zone.kill()
      await isSilent(8)
      expect(await endpoints(weu)).toEqual(before)

      await using elsewhere = await startZone({ name: domain, region: 'elsewhere' })
      await weu.apply(...platform('weu', [{ ...zone, nameserver: elsewhere.nameserver }, ...zones.slice(1)]))
      // Only this one can have answered.
      await waitFor(async () => (await silence()) < 3, {
        what: 'the daemon to be answered NXDOMAIN',
        timeoutMs: 60_000,
      })
      expect(await said()).toMatchObject({
        state: 'yielded',
        holder: 'aks01-neu',
        message: expect.stringContaining('no claim any more'),
      })
      expect(await endpoints(weu)).toEqual(before)

      await zone.restart()
      await weu.apply(...platform('weu', zones))
      await shows(answer('neu'), 'the addresses of neu in every zone')
      expect(await endpoints(weu)).toEqual(before)
      // The other zone never saw a difference, and this one none while it answered.
      const seen = between(sampler.samples, from).filter(sample => hasAddress(sample.answer))
      expect(show(flips(seen), from)).toBe('')
    })

    test('a RegionFailover deleted while engaged: released, and then gone', async () => {
      const { neu, sampler } = three
      const from = sampler.mark()
      expect(await neu.plane.remove(failoverRef(home))).toBe(true)
      await shows(answer('weu'), 'the addresses of weu again')
      await waitFor(async () => (await neu.plane.read(failoverRef(home))) === undefined, {
        what: 'the finalizer to go',
        timeoutMs: 60_000,
      })
      const { lastWrong, without, asked } = since(three, from, answer('weu'))
      console.log(
        `deleted while engaged: home after ${lastWrong.toFixed(1)} s, ${without} of ${asked} answers without an address`,
      )
      expect(without).toBe(0)
      expect(await claimIn(0)).toContain('released-')
      await neu.apply(...platform('neu', three.zones))
      await becomes(neu, 'Standby')
    })

    for (const order of ['ExternalDNS behind the gate', 'ExternalDNS first'] as const)
      test(`the holder dies: the home cluster reclaims its name; the holder returns, ${order}, and withdraws`, async () => {
        const { weu, neu, sampler } = three
        await done(neu, 'start', home, '--wait')
        await neu.kill()
        const reclaimed = sampler.mark()
        await done(weu, 'reclaim', home, '--wait')
        await shows(answer('weu'), 'the addresses of weu again')
        const taken = since(three, reclaimed, answer('weu'))
        expect(taken.without).toBe(0)

        const returned = sampler.mark()
        await neu.start('etcd', 'apiserver', 'controllerManager')
        if (order === 'ExternalDNS behind the gate') {
          // Without the daemon nobody withdraws what the holder had.
          expect((await command(neu, 'gate', '--timeout', '2s')).code).toBe(7)
          await neu.start('daemon')
          expect((await command(neu, 'gate', '--timeout', '30s')).code).toBe(0)
        }
        await neu.start('dns')
        if (order === 'ExternalDNS first') {
          await neu.cycle()
          await neu.start('daemon')
        }
        await becomes(neu, 'Withdrawn')
        await shows(answer('weu'), 'the addresses of weu')
        await Promise.all([neu.cycle(), weu.cycle()])
        const settled = sampler.mark()
        await Promise.all([neu.cycle(), weu.cycle()])
        expect(since(three, settled, answer('weu'))).toMatchObject({ wrong: 0 })
        const { wrong, asked, lastWrong, without } = since(three, returned, answer('weu'))
        console.log(
          `reclaimed: home after ${taken.lastWrong.toFixed(1)} s; the holder returns, ${order}: ${wrong} of ${asked} answers wrong, the last after ${lastWrong.toFixed(1)} s`,
        )
        if (order === 'ExternalDNS behind the gate')
          expect(since(three, returned, answer('weu')).shown).toBe('')
        expect(without).toBe(0)
        await done(neu, 'end', home)
        await becomes(neu, 'Standby')
      })

    test('a copied overlay: a second cluster that says it is weu writes nothing under its names', async () => {
      const { zones, sampler } = three
      const from = sampler.mark()
      await using copy = await startRegion({
        ...spec,
        zones,
        setup: 'single',
        manifests: platform('weu', zones, ['10.9.0.10']),
        daemonFlags: ['--interval', interval],
        externalDns: { interval },
      })
      await waitFor(async () => (await readiness(copy)) === 'IdentityConflict', {
        what: 'the conflict in the status of its Gateway',
        timeoutMs: 30_000,
      })
      await copy.cycle()
      expect((await endpoints(copy)).filter(each => each.includes('10.9.0.10'))).toEqual([])
      expect(await findings(copy)).toContainEqual(
        expect.objectContaining({ code: 'IdentityConflict', severity: 'error' }),
      )
      expect(since(three, from, answer('weu')).shown).toBe('')
    })

    test('a home cluster with IPv6 and a stand-in without: refused, and --force goes on', async () => {
      const { weu, neu, sampler } = three
      await weu.apply(...platform('weu', three.zones, [addressOf.weu, 'fd00::a']))
      const dual = `${addressOf.weu},fd00::a`
      await shows(answer(dual), 'both addresses of weu')
      const from = sampler.mark()
      const before = await endpoints(neu)
      const refused = await failover(neu, 'start', home)
      expect([refused.code, refused.err]).toEqual([
        1,
        expect.stringMatching(/RecordTypeMismatch: .* has AAAA in zone .*--force/s),
      ])
      expect(await endpoints(neu)).toEqual(before)
      expect(since(three, from, answer(dual)).shown).toBe('')
      await done(neu, 'start', home, '--force', '--wait')
      // What --force accepts: clients with IPv6 are still led to weu.
      await shows(answer(`${addressOf.neu},fd00::a`), 'the addresses of neu beside the one that stays')
      await done(neu, 'end', home, '--wait')
      await shows(answer(dual), 'the addresses of weu again')
    })

    test('a load balancer that turns from an address to a host name: plan shows the error, and what to do', async () => {
      const { frc } = three
      await frc.kill('daemon')
      const [balancer] = platform('frc', three.zones).filter(({ kind }) => kind === 'Service')
      await frc.apply({
        ...(balancer as Manifest),
        status: { loadBalancer: { ingress: [{ hostname: 'lb.example.com' }] } },
      })
      const found = (await findings(frc)).filter(({ code }) => code === 'RecordTypeMismatch')
      expect(found).toContainEqual(
        expect.objectContaining({
          severity: 'error',
          message: expect.stringContaining(`${gatewayOf('frc')} is A`),
          hint: expect.stringContaining('delete the A record'),
        }),
      )
      const { out, code } = await command(frc, 'plan')
      expect([code, out]).toEqual([0, expect.stringContaining('RecordTypeMismatch')])
    })
  },
  'bind',
  'external-dns',
)
