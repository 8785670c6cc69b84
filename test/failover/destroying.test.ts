import { expect, setDefaultTimeout, test } from 'bun:test'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { domain, type Scene, withStage } from './stage.ts'

/** What "srouter adopt --check" warns of does happen. DNSEndpoints are made by hand. */

const weu = '10.1.0.10'
const route = { of: 'route', type: 'CNAME' } as const
const theirs = `theirs.${domain}`

describeLab(
  'the old owner id and prefix, and sync',
  () => {
    setDefaultTimeout(180_000)
    const stage = withStage()

    /** One instance in each cluster, as before; then weu gets one for routes alone, which deletes. */
    const published = async (scene: Scene): Promise<void> => {
      const before = [
        await scene.start('weu', { kind: 'single' }),
        await scene.start('neu', { kind: 'single' }),
      ]
      await scene.publish('weu', [weu])
      await scene.publish('weu', [scene.name], {
        ...route,
        name: `${scene.zone.region}-host`,
        dnsName: `host.${domain}`,
      })
      await scene.publish('neu', [scene.name], {
        ...route,
        name: `${scene.zone.region}-theirs`,
        dnsName: theirs,
      })
      await reaches(scene, [`gw A ${weu}`, `host CNAME ${scene.name}`, `theirs CNAME ${scene.name}`])
      for (const each of before) await each.kill()
    }
    const reaches = async (scene: Scene, records: readonly string[]): Promise<void> => {
      await waitFor(async () => Bun.deepEquals(await scene.records(), [...records]), {
        what: `the zone to have ${records.join(', ') || 'nothing'}`,
        timeoutMs: 45_000,
      })
    }
    const routes = (scene: Scene, more: readonly string[]) =>
      scene.start('weu', {
        kind: 'routes',
        ownership: { ownerId: `zone-${scene.zone.region}`, txtPrefix: 'sr-', policy: 'sync' },
        arguments: more,
      })

    test('for routes, while addresses are managed: the gateways are gone', async () => {
      await using scene = await stage.scene()
      await published(scene)
      await routes(scene, ['--managed-record-types=A'])
      await reaches(scene, [`host CNAME ${scene.name}`])
    })

    test('for routes, with CNAME alone: what the other cluster publishes is gone', async () => {
      await using scene = await stage.scene()
      await published(scene)
      await routes(scene, [])
      await reaches(scene, [`gw A ${weu}`, `host CNAME ${scene.name}`])
    })

    test('for gateways: the routes are gone', async () => {
      await using scene = await stage.scene()
      await published(scene)
      await scene.start('weu', {
        kind: 'gateways',
        ownership: { ownerId: `zone-${scene.zone.region}`, txtPrefix: 'sr-', policy: 'sync' },
      })
      await reaches(scene, [`gw A ${weu}`])
      expect((await scene.zone.records()).map(({ name }) => name)).not.toContain(`sr-cname-${theirs}`)
    })
  },
  'bind',
  'external-dns',
)
