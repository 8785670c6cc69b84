import { expect, setDefaultTimeout, test } from 'bun:test'
import { describeLab } from '../lab/suite.ts'
import { between, changes, flips } from '../lab/timeline.ts'
import { waitFor } from '../lab/wait.ts'
import { domain, type Scene, withStage } from './stage.ts'

/** The same for routes: why their instances have an owner id each, and one TXT prefix. DNSEndpoints are made by hand. */

const weu = '10.1.0.10'
const neu = '10.2.0.10'
const host = `gw.${domain}`
const route = (side: string) => ({ of: 'route', type: 'CNAME', name: `${side}-host` }) as const

describeLab(
  'routes of two clusters',
  () => {
    setDefaultTimeout(180_000)
    const stage = withStage()

    /** The addresses that CNAMEs lead to, made by hand. */
    const withGateways = async (): Promise<Scene> => {
      const scene = await stage.scene()
      await scene.zone.update(`update add weu.${domain} 60 A ${weu}`, `update add neu.${domain} 60 A ${neu}`)
      return scene
    }
    const publish = (scene: Scene, side: 'weu' | 'neu', more = {}) =>
      scene.publish(side, [`${side}.${domain}`], { ...route(scene.zone.region), ...more })
    const cnames = async (scene: Scene) =>
      (await scene.records()).filter(record => record.includes(' CNAME '))
    const owners = async (scene: Scene) =>
      (await scene.zone.records()).flatMap(({ name, data }) => {
        const [, owner] = /external-dns\/owner=([^,]+)/.exec(data) ?? []
        return owner === undefined ? [] : [`${name.replace(`.${domain}`, '')} ${owner}`]
      })

    test('a host that another cluster holds stays there, and is free once that one lets it go', async () => {
      await using scene = await withGateways()
      const first = await scene.start('weu', { kind: 'routes' })
      const second = await scene.start('neu', { kind: 'routes' })
      await publish(scene, 'weu')
      await scene.answers(weu)
      const claimed = scene.sampler.mark()
      await publish(scene, 'neu')
      await second.cycle()
      await second.cycle()
      expect(flips(between(scene.sampler.samples, claimed))).toEqual([])
      await scene.withdraw('weu', route(scene.zone.region))
      await scene.answers(neu)
      await first.cycle()
      expect(await owners(scene)).toEqual(['sr-cname-gw aks01-neu'])
    })

    test('with a TXT prefix per cluster both may own a host, and then it flips', async () => {
      await using scene = await withGateways()
      // Both ownership records, as two clusters leave them that make the host in one cycle.
      const owned = (owner: string) => `"heritage=external-dns,external-dns/owner=${owner}"`
      await scene.zone.update(
        `update add ${host} 60 CNAME weu.${domain}`,
        `update add weu-cname-${host} 60 TXT ${owned('aks01-weu')}`,
        `update add neu-cname-${host} 60 TXT ${owned('aks01-neu')}`,
      )
      for (const side of ['weu', 'neu'] as const) {
        await publish(scene, side)
        await scene.start(side, { kind: 'routes', ownership: { txtPrefix: `${side}-` } })
      }
      await waitFor(() => flips(scene.sampler.samples.filter(({ name }) => name === host)).length >= 4, {
        what: 'the answer to flip four times',
        timeoutMs: 45_000,
      })
    })

    test('a host that lies on an ownership record makes another host one that nobody owns', async () => {
      await using scene = await withGateways()
      const dns = await scene.start('weu', { kind: 'routes' })
      // `sr-cname-gw` is where the ownership of `gw` would be written.
      await publish(scene, 'weu', { name: 'tenant', dnsName: `sr-cname-${host}` })
      await waitFor(async () => (await cnames(scene)).length === 1, { what: "the tenant's record" })
      await publish(scene, 'weu')
      await scene.answers(weu)
      await publish(scene, 'weu', { targets: [`neu.${domain}`] })
      await dns.cycle()
      await dns.cycle()
      expect(await cnames(scene)).toEqual([`gw CNAME weu.${domain}`, `sr-cname-gw CNAME weu.${domain}`])
      expect(await owners(scene)).toEqual(['sr-cname-sr-cname-gw aks01-weu'])
    })

    test('--events publishes a change within seconds, whatever the interval', async () => {
      await using scene = await withGateways()
      const dns = await scene.start('weu', { kind: 'routes', interval: '10m', arguments: ['--events'] })
      await waitFor(
        async () => (await dns.metric('external_dns_controller_last_sync_timestamp_seconds')) > 0,
        {
          what: 'its first cycle',
        },
      )
      const made = scene.sampler.mark()
      await publish(scene, 'weu')
      await scene.answers(weu)
      const [, published] = changes(between(scene.sampler.samples, made).filter(({ name }) => name === host))
      console.log(`--events: published after ${((published?.time ?? 0) - made) / 1000} s`)
    })

    test('another set-up becomes the split one: ownership written beside, and no answer changes', async () => {
      await using scene = await withGateways()
      const { zone } = scene
      const other = `other.${domain}`
      const theirs = `theirs.${domain}`
      const before = []
      // As the earlier operator's guide has it: one owner, a prefix for each cluster.
      for (const side of ['weu', 'neu'] as const)
        before.push(
          await scene.start(side, {
            kind: 'single',
            ownership: { ownerId: 'shared', txtPrefix: `${side}-` },
          }),
        )
      await publish(scene, 'weu')
      await publish(scene, 'neu', { name: `${zone.region}-theirs`, dnsName: theirs })
      await scene.publish('weu', [weu], { dnsName: other, name: `${zone.region}-gateway` })
      await scene.answers(weu)
      await scene.answers(weu, other)
      await waitFor(async () => (await cnames(scene)).length === 2, { what: 'both routes' })
      const start = scene.sampler.mark()
      const records = await scene.records()

      const owned = (owner: string) => `"heritage=external-dns,external-dns/owner=${owner}"`
      await zone.update(
        `update add sr-cname-${host} 60 TXT ${owned('aks01-weu')}`,
        `update add sr-cname-${theirs} 60 TXT ${owned('aks01-neu')}`,
        `update add srgw-a-${other} 60 TXT ${owned(`zone-${zone.region}`)}`,
      )
      for (const each of before) await each.kill()
      const split = []
      for (const side of ['weu', 'neu'] as const)
        for (const kind of ['routes', 'gateways'] as const) split.push(await scene.start(side, { kind }))
      for (const each of split) await each.cycle()
      expect(await scene.records()).toEqual(records)

      // Each has what it needs to change and to delete.
      await scene.publish('neu', [neu], { dnsName: other, name: `${zone.region}-gateway` })
      await scene.withdraw('weu', { dnsName: other, name: `${zone.region}-gateway` })
      await scene.answers(neu, other)
      const answers = flips(between(scene.sampler.samples, start)).map(
        ({ name, answer }) => `${name} ${answer}`,
      )
      expect(answers.filter(each => each.startsWith(host))).toEqual([])
      await scene.withdraw('weu', route(zone.region))
      await scene.answers('NXDOMAIN')
      expect(await cnames(scene)).toEqual([`theirs CNAME neu.${domain}`])
    })
  },
  'bind',
  'external-dns',
)
