import { expect, setDefaultTimeout, test } from 'bun:test'
import { describeLab } from '../lab/suite.ts'
import { startMove } from './move.ts'
import { domain, failed } from './pair.ts'
import { takeOver } from './takeover.ts'

describeLab(
  'adopt, in one of two clusters',
  () => {
    setDefaultTimeout(300_000)

    test('the other fails as it was set up before: it can be stood in for, which it never could', async () => {
      await using move = await startMove({
        name: 'a TXT prefix for each cluster',
        ownership: region => ({ ownerId: 'shared', txtPrefix: `${region}-` }),
        prefixes: { txtPrefix: 'sr-', gatewayTxtPrefix: 'srgw-' },
      })
      const { pair } = move
      await move.prepare('neu')
      await move.open('neu')
      await move.write('neu')
      await move.reaches('neu', 'clear')
      await move.clear('neu')
      for (const zone of pair.zones) {
        await move.on('neu').stop(`external-dns-${zone.region}`)
        for (const deployed of move.split(zone)) await move.on('neu').run(deployed)
      }
      expect((await move.check('neu')).steps).toEqual(['done', 'done'])
      await pair.weu.kill()
      await move.on('weu').kill()
      const { seconds } = await takeOver(pair)
      console.log(`adopt, in one of two clusters: redirected after ${seconds.toFixed(1)} s`)
      for (const zone of pair.zones)
        expect(await zone.records()).toContainEqual({
          name: `${failed}-internal.${domain}`,
          type: 'A',
          ttl: 60,
          data: '10.2.0.10',
        })
    })
  },
  'bind',
  'external-dns',
)
