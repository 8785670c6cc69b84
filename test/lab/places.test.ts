import { expect, test } from 'bun:test'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProbeTarget } from '../../src/api/probe-outcome.ts'
import { startZone } from './bind.ts'
import { createAuthority } from './certificates.ts'
import { newFolder } from './folder.ts'
import { startGatewayListener } from './gateway-listener.ts'
import { startNetwork } from './namespaces.ts'
import type { Place } from './place.ts'
import { startRegion } from './region.ts'
import { hostOf, platformOf, tenant } from './region-manifests.ts'
import { describeLab } from './suite.ts'
import { type Talk, talkTo } from './talk.ts'
import { waitFor } from './wait.ts'

const domain = 'aks.example.com'

/** A process in a place that probes one address after the other. */
const askIn = (from: Place, target: ProbeTarget): Talk =>
  talkTo(from.command([process.execPath, join(import.meta.dir, '../probe/ask.ts'), JSON.stringify(target)]))

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
        const asking = askIn(from, target)
        try {
          return await asking.ask(address)
        } finally {
          await asking.end()
        }
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

    test('a name is looked up by the name servers there, anew each time', async () => {
      await using network = await startNetwork('weu', 'neu', 'dns')
      const [weu, neu] = [network.place('weu'), network.place('neu')]
      const authority = await createAuthority('lab CA')
      const tls = await authority.issueServer(['gw.example.com'])
      await using gateway = await startGatewayListener({ tls, place: weu })
      await using zone = await startZone({ name: 'lb.example', region: 'weu', place: network.place('dns') })
      const folder = newFolder(undefined)
      const resolvConf = join(folder, 'resolv.conf')
      writeFileSync(resolvConf, `nameserver ${zone.nameserver}\n`)
      const asking = askIn(
        {
          ...neu,
          command: command => {
            const script = `mount --bind ${resolvConf} /etc/resolv.conf && exec "$@"`
            return neu.command(['unshare', '--mount', 'sh', '-c', script, 'sh', ...command])
          },
        },
        {
          scheme: 'HTTPS',
          host: 'gw.example.com',
          port: gateway.port,
          path: '/',
          timeoutSeconds: 3,
          caBundle: authority.cert,
        },
      )
      const leadsTo = (address: string) =>
        zone.update('update delete one.lb.example A', `update add one.lb.example 300 A ${address}`)
      try {
        expect(await asking.ask('one.lb.example')).toBe('NotResolved: the name has no address')
        await leadsTo(weu.address)
        expect(await asking.ask('one.lb.example')).toBe('up')
        await leadsTo(neu.address)
        expect(await asking.ask('one.lb.example')).toStartWith('Refused: ')
        network.cut('neu', 'dns')
        expect(await asking.ask('one.lb.example')).toBe(
          'TimedOut: nothing within 3 s, stopped in looking up the name',
        )
        network.heal('neu', 'dns')
        await leadsTo(weu.address)
        expect(await asking.ask('one.lb.example')).toBe('up')
      } finally {
        await asking.end()
        rmSync(folder, { recursive: true })
      }
    })
  },
  'external-dns',
  'bind',
  'namespaces',
)
