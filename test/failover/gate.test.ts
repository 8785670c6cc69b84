import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { RegionPart } from '../lab/region.ts'
import { describeLab } from '../lab/suite.ts'
import { between, hasAddress } from '../lab/timeline.ts'
import { command } from './command.ts'
import { release } from './homecoming.ts'
import { atHome, failed, type Pair, startPair } from './pair.ts'
import { answersSince, takeOver } from './takeover.ts'

/** `srouter gate` as the initContainer of ExternalDNS, with its own role: in whatever order a region comes back. */

describeLab(
  'a region with a gate before ExternalDNS',
  () => {
    setDefaultTimeout(240_000)
    let pair: Pair
    beforeAll(async () => {
      pair = await startPair('split', { gate: true })
    }, 300_000)
    afterAll(async () => {
      await pair?.[Symbol.asyncDispose]()
    })
    /** Two, because what one instance has made of the first may be news for another. */
    const cycles = async (): Promise<void> => {
      for (let i = 0; i < 2; i++) await Promise.all([pair.weu.cycle(), pair.neu.cycle()])
    }

    test.each<readonly [what: string, order: readonly RegionPart[]]>([
      ['ExternalDNS before everything else', ['dns', 'etcd', 'apiserver', 'controllerManager', 'daemon']],
      ['ExternalDNS before srouter', ['etcd', 'apiserver', 'controllerManager', 'dns', 'daemon']],
    ])('changes no answer when it returns: %s', async (_, order) => {
      await pair.weu.kill()
      await takeOver(pair)
      const from = pair.sampler.mark()
      for (const part of order) {
        await pair.weu.start(part)
        // Time for ExternalDNS to do what it should not.
        if (order.indexOf(part) >= order.indexOf('dns')) await pair.neu.cycle()
      }
      await cycles()
      const { asked, shown } = answersSince(pair, from)
      expect(shown).toBe('')
      expect(asked).toBeGreaterThan(0)
      expect(await release(pair)).toMatchObject({ without: 0 })
    })

    test('takes its name back from a holder that is gone, and that one gives in when it returns', async () => {
      await pair.weu.kill()
      await takeOver(pair)
      await pair.weu.start()
      await pair.neu.kill()
      const { began, ...told } = await command(
        pair.weu,
        ...['failover', 'reclaim', failed, '--auto-approve', '--wait'],
      )
      expect(told).toMatchObject({ code: 0 })
      await pair.sampler.shows(atHome, 'the addresses of weu in every zone')
      const meanwhile = between(pair.sampler.samples, began)
      const homeless = meanwhile.filter(
        ({ zone, name, answer }) => atHome(zone, name) !== undefined && !hasAddress(answer),
      )
      expect(homeless).toEqual([])
      const returned = pair.sampler.mark()
      await pair.neu.start()
      await cycles()
      expect(answersSince(pair, returned, atHome).shown).toBe('')
    })
  },
  'bind',
  'external-dns',
)
