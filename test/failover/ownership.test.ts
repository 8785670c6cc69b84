import { expect, setDefaultTimeout, test } from 'bun:test'
import { describeLab } from '../lab/suite.ts'
import { between, flips, shareWithoutAddress } from '../lab/timeline.ts'
import { waitFor } from '../lab/wait.ts'
import { domain, type Scene, withStage } from './stage.ts'

/** Why the set-ups of docs/externaldns.md are as they are: what ExternalDNS does, with DNSEndpoints made by hand. */

const weu = '10.1.0.10'
const neu = '10.2.0.10'
const other = `other.${domain}`

describeLab(
  'two clusters that publish one gateway name',
  () => {
    setDefaultTimeout(180_000)
    const stage = withStage()

    /** weu publishes and fails; then neu publishes the same name. `other` shows that neu's ExternalDNS does work. */
    const takeover = async (scene: Scene, start: Parameters<Scene['start']>[1], neuStart = start) => {
      const first = await scene.start('weu', start)
      await scene.publish('weu', [weu])
      await scene.answers(weu)
      await first.kill()
      const second = await scene.start('neu', neuStart)
      await scene.publish('neu', [neu])
      await scene.publish('neu', [neu], { dnsName: other })
      await scene.answers(neu, other)
      return { first, second }
    }

    test('with a TXT prefix of their own: neu never takes over, whoever the owner is', async () => {
      await using scene = await stage.scene()
      const { second } = await takeover(
        scene,
        { kind: 'single', ownership: { txtPrefix: 'weu-' } },
        { kind: 'single', ownership: { txtPrefix: 'neu-' } },
      )
      await second.cycle()
      await second.cycle()
      expect(await scene.records()).toEqual([`gw A ${weu}`, `other A ${neu}`])
    })

    test('with one owner and prefix, and upsert-only: neu takes over; when weu returns, the answer flips', async () => {
      await using scene = await stage.scene()
      const { first } = await takeover(scene, { kind: 'single' })
      await scene.answers(neu)
      const returned = scene.sampler.mark()
      await first.restart()
      const seen = () => flips(between(scene.sampler.samples, returned)).length
      await waitFor(() => seen() >= 4, { what: 'the answer to flip four times', timeoutMs: 45_000 })
      const gateway = between(scene.sampler.samples, returned).filter(({ name }) => name === scene.name)
      expect(new Set(gateway.map(({ answer }) => answer))).toEqual(new Set([weu, neu]))
    })

    test('with one owner and prefix, and sync: each deletes what only the other publishes', async () => {
      await using scene = await stage.scene()
      const sync = { kind: 'single', ownership: { policy: 'sync' } } as const
      await scene.start('weu', sync)
      await scene.publish('weu', [weu])
      await scene.answers(weu)
      const joined = scene.sampler.mark()
      await scene.start('neu', sync)
      await scene.publish('neu', [neu], { dnsName: other })
      const deletions = (name: string): number =>
        flips(between(scene.sampler.samples, joined)).filter(
          sample => sample.name === name && sample.answer === 'NXDOMAIN',
        ).length
      await waitFor(() => deletions(scene.name) >= 3 && deletions(other) >= 3, {
        what: 'both names to be deleted three times',
        timeoutMs: 45_000,
      })
      const without = shareWithoutAddress(between(scene.sampler.samples, joined))
      console.log(`shared owner, prefix and sync: ${Math.round(without * 100)} % without an address`)
    })

    test('as gateways of the split set-up: takeover, and nothing flips when weu mirrors it before it returns', async () => {
      await using scene = await stage.scene()
      const { first } = await takeover(scene, { kind: 'gateways' })
      await scene.answers(neu)
      // What srouter does in the home cluster before ExternalDNS may start there.
      await scene.publish('weu', [neu])
      const returned = scene.sampler.mark()
      await first.restart()
      await first.cycle()
      await first.cycle()
      // The end of the stand-in, as srouter does it: neu withdraws, weu publishes its own over it.
      await scene.withdraw('neu')
      await first.cycle()
      expect(flips(between(scene.sampler.samples, returned))).toEqual([])
      const released = scene.sampler.mark()
      await scene.publish('weu', [weu])
      await scene.answers(weu)
      await first.cycle()
      const answers = flips(between(scene.sampler.samples, released)).map(({ answer }) => answer)
      expect(answers).toEqual([weu])
    })

    test('an ExternalDNS whose API server is dead goes on publishing what it knew: the answer flips', async () => {
      await using scene = await stage.scene()
      await scene.start('weu', { kind: 'gateways' })
      await scene.publish('weu', [weu])
      await scene.answers(weu)
      await stage.plane('weu').kill('apiserver')
      try {
        const failed = scene.sampler.mark()
        await scene.start('neu', { kind: 'gateways' })
        await scene.publish('neu', [neu])
        const seen = () => flips(between(scene.sampler.samples, failed)).length
        await waitFor(() => seen() >= 4, { what: 'the answer to flip four times', timeoutMs: 45_000 })
      } finally {
        await stage.plane('weu').restart('apiserver')
      }
    })
  },
  'bind',
  'external-dns',
)

describeLab(
  'what ExternalDNS never changes',
  () => {
    setDefaultTimeout(180_000)
    const stage = withStage()
    const upsert = { kind: 'gateways' } as const

    test('an address becomes no CNAME under upsert-only, and a CNAME no address', async () => {
      await using scene = await stage.scene()
      const dns = await scene.start('weu', upsert)
      await scene.publish('weu', [weu])
      await scene.publish('weu', ['lb.example.com'], { dnsName: other, type: 'CNAME' })
      await waitFor(async () => (await scene.records()).length === 2, { what: 'both records' })
      await scene.publish('weu', ['lb.example.com'], { type: 'CNAME' })
      await scene.publish('weu', [weu], { dnsName: other })
      await dns.cycle()
      await dns.cycle()
      expect(await scene.records()).toEqual([`gw A ${weu}`, 'other CNAME lb.example.com'])
    })

    test('a stand-in with IPv4 alone leaves the IPv6 address of the failed cluster behind', async () => {
      await using scene = await stage.scene()
      const first = await scene.start('weu', upsert)
      await scene.publish('weu', [weu], { name: 'a' })
      await scene.publish('weu', ['fd00::a'], { name: 'aaaa', type: 'AAAA' })
      await scene.answers(`${weu},fd00::a`)
      await first.kill()
      const second = await scene.start('neu', upsert)
      await scene.publish('neu', [neu])
      await scene.answers(`${neu},fd00::a`)
      await second.cycle()
      expect(await scene.records()).toEqual([`gw A ${neu}`, 'gw AAAA fd00::a'])
    })

    test('a deleted DNSEndpoint keeps its record under upsert-only, and loses it under sync', async () => {
      for (const [policy, left] of [
        ['upsert-only', [`gw A ${weu}`]],
        ['sync', []],
      ] as const) {
        await using scene = await stage.scene()
        const dns = await scene.start('weu', { kind: 'gateways', ownership: { policy } })
        await scene.publish('weu', [weu])
        await scene.answers(weu)
        await scene.withdraw('weu')
        await dns.cycle()
        await dns.cycle()
        expect(await scene.records()).toEqual([...left])
      }
    })

    test('a record made by hand is left alone in silence, and the DNSEndpoint counts as read', async () => {
      await using scene = await stage.scene()
      await scene.zone.update(`update add ${scene.name} 60 A 192.0.2.1`)
      const dns = await scene.start('weu', upsert)
      await scene.publish('weu', [weu])
      await scene.publish('weu', [weu], { dnsName: other })
      await scene.answers(weu, other)
      await dns.cycle()
      expect(await scene.records()).toEqual(['gw A 192.0.2.1', `other A ${weu}`])
      const endpoint = await stage.plane('weu').read({
        apiVersion: 'externaldns.k8s.io/v1alpha1',
        kind: 'DNSEndpoint',
        namespace: 'default',
        name: `${scene.zone.region}-gw`,
      })
      expect(endpoint?.status).toEqual({ observedGeneration: endpoint?.metadata.generation })
    })

    test('a TXT record of a DNSEndpoint is made and never updated', async () => {
      await using scene = await stage.scene()
      const dns = await scene.start('weu', {
        kind: 'gateways',
        arguments: ['--managed-record-types=TXT'],
      })
      await scene.publish('weu', ['first'], { type: 'TXT' })
      await waitFor(async () => (await scene.records()).length === 1, { what: 'the record' })
      await scene.publish('weu', ['second'], { type: 'TXT' })
      await dns.cycle()
      await dns.cycle()
      expect(await scene.records()).toEqual(['gw TXT "first"'])
    })
  },
  'bind',
  'external-dns',
)
