import { expect, test } from 'bun:test'
import { join } from 'node:path'
import type { ProbeTarget } from '../../src/api/probe-outcome.ts'
import { startZone } from './bind.ts'
import { createAuthority } from './certificates.ts'
import { startGatewayListener } from './gateway-listener.ts'
import { startNetwork } from './namespaces.ts'
import type { Place } from './place.ts'
import { startRegion } from './region.ts'
import { hostOf, platformOf, tenant } from './region-manifests.ts'
import { describeLab } from './suite.ts'
import { GiveUp, waitFor } from './wait.ts'

const domain = 'aks.example.com'

describeLab(
  'a region in a place of its own',
  () => {
    test('works as elsewhere; cut off, it lives and publishes nothing; back, it catches up', async () => {
      await using network = await startNetwork('weu', 'neu', 'dns')
      await using zone = await startZone({ name: domain, region: 'weu', place: network.place('dns') })
      const place = network.place('weu')
      const platform = {
        cluster: 'aks01',
        region: 'weu',
        zones: [zone],
        setup: 'single',
        addresses: [place.address],
      } as const
      await using region = await startRegion({
        ...platform,
        place,
        manifests: [...platformOf(platform), ...tenant('app', {}, 'first')],
      })
      const published = async (route: string): Promise<boolean> =>
        (await zone.records()).some(
          ({ name, type }) => name === hostOf('app', route, domain) && type === 'CNAME',
        )
      const patience = { timeoutMs: 60_000 }
      await waitFor(() => published('first'), { what: 'the first route in DNS', ...patience })

      network.isolate('weu')
      const failures = async (): Promise<number> =>
        (await Promise.all(region.instances.map(({ logFile }) => Bun.file(logFile).text())))
          .join('')
          .split(/"level":"(?:error|fatal)"/).length
      const before = await failures()
      await region.apply(...tenant('app', {}, 'second'))
      await waitFor(async () => (await failures()) > before, { what: 'ExternalDNS to fail', ...patience })
      expect(await published('second')).toBe(false)

      network.rejoin('weu')
      await waitFor(() => published('second'), { what: 'the second route in DNS', ...patience })
    }, 240_000)

    test('a gateway there is probed from elsewhere, until the link is cut', async () => {
      await using network = await startNetwork('weu', 'neu')
      const [weu, neu] = [network.place('weu'), network.place('neu')]
      const authority = await createAuthority('lab CA')
      const tls = await authority.issueServer(['gw.example.com'])
      await using gateway = await startGatewayListener({ tls, place: weu })
      const probed = async (from: Place, timeoutSeconds: number, address = gateway.address) => {
        const target: ProbeTarget = {
          scheme: 'HTTPS',
          host: 'gw.example.com',
          port: gateway.port,
          path: '/',
          timeoutSeconds,
          caBundle: authority.cert,
        }
        const program = join(import.meta.dir, '../probe/ask.ts')
        const command = [process.execPath, program, JSON.stringify(target), address]
        const child = Bun.spawn([...from.command(command)], { stdin: 'ignore', stdout: 'pipe' })
        const [out, code] = await Promise.all([child.stdout.text(), child.exited])
        if (code !== 0) throw new GiveUp(`the probe ended with ${code}`)
        return out.trim()
      }
      expect(await probed(neu, 20)).toBe('up')
      network.cut('weu', 'neu')
      expect(await probed(neu, 1)).toBe('TimedOut: nothing within 1 s, stopped in connecting')
      expect(await probed(weu, 20)).toBe('up')
      network.heal('weu', 'neu')
      expect(await probed(neu, 20)).toBe('up')
      await gateway.become('silent')
      expect(await probed(neu, 1)).toBe('TimedOut: nothing within 1 s, stopped in connecting')
      await gateway.become('closed')
      expect(await probed(neu, 20)).toBe('Refused: the connection was refused, or there is no route')
      // Bun tells no difference.
      expect(await probed(neu, 20, '203.0.113.1')).toBe(await probed(neu, 20))
    })
  },
  'external-dns',
  'bind',
  'namespaces',
)
