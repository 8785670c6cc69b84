import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { describeLab } from '../lab/suite.ts'
import { secondsOf } from '../lab/timeline.ts'
import { waitFor } from '../lab/wait.ts'
import { command } from './command.ts'
import { comeHome, release } from './homecoming.ts'
import { failed, moved, type Pair, startPair } from './pair.ts'
import { answersSince } from './takeover.ts'

/**
 * The API server of a region is dead, and its ExternalDNS lives: it goes on publishing the old addresses from its memory,
 * and nobody can tell it otherwise. So people are told to take its right to write away.
 */

describeLab(
  'a region whose ExternalDNS outlives its API server',
  () => {
    setDefaultTimeout(180_000)
    let pair: Pair
    beforeAll(async () => {
      pair = await startPair('split')
    }, 300_000)
    afterAll(async () => {
      await pair?.[Symbol.asyncDispose]()
    })

    test('the command says Contended, how to fence it, and ends with 7; so does the status', async () => {
      await pair.weu.kill('daemon', 'apiserver', 'etcd', 'controllerManager')
      const from = pair.sampler.mark()
      const { code, out } = await command(
        pair.neu,
        ...['failover', 'start', failed, '--auto-approve', '--wait'],
      )
      expect(out).toContain('Contended: zone ')
      expect(out).toContain(`Fence it: take the right to write DNS away from ${failed}`)
      expect(code).toBe(7)
      await saysContended(pair)
      const { samples } = pair.sampler
      const asked = samples.filter(({ time, zone, name }) => time >= from && moved(zone, name) !== undefined)
      const share =
        secondsOf(asked, ({ zone, name, answer }) => answer !== moved(zone, name)) /
        secondsOf(asked, () => true)
      console.log(`contended: the wrong answer ${(100 * share).toFixed(0)} % of the time`)
      expect(share).toBeGreaterThan(0)
    })

    test('fenced, nothing is wrong any more', async () => {
      await pair.weu.kill('dns')
      await pair.neu.cycle()
      const from = pair.sampler.mark()
      await pair.neu.cycle()
      const { asked, shown } = answersSince(pair, from)
      expect(shown).toBe('')
      expect(asked).toBeGreaterThan(0)
    })

    test('it comes back behind the gate with the right to write, changes nothing, and gets its name back', async () => {
      const { shown } = await comeHome(pair, 'ExternalDNS behind the gate')
      expect(shown).toBe('')
      const { without } = await release(pair)
      expect(without).toBe(0)
    })
  },
  'bind',
  'external-dns',
)

/** Waits until the RegionFailover does; the daemon looks for itself. It goes on saying so for some minutes after the last time. */
const saysContended = async ({ neu }: Pair): Promise<void> => {
  const ref = { apiVersion: 'cluster.router.io/v1alpha1', kind: 'RegionFailover', name: failed }
  interface Read {
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
  }
  await waitFor(
    async () =>
      (await neu.plane.read<Read>(ref))?.status?.conditions?.some(
        ({ type, status }) => type === 'Contended' && status === 'True',
      ),
    { what: 'the condition Contended', timeoutMs: 60_000 },
  )
}
