import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Condition } from '../../src/api/fields.ts'
import type { KubeObject } from '../../src/api/object.ts'
import { routeRef } from '../cluster/support/refs.ts'
import { startZone, type Zone } from '../lab/bind.ts'
import { type Region, startRegion } from '../lab/region.ts'
import { hostOf, identityIn, platformOf, route, tenant } from '../lab/region-manifests.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { command } from './command.ts'

const domain = 'aks.example.com'
const home = { cluster: 'aks01', region: 'weu' }

/** Whether DNSReady tells what is in the zone, where ExternalDNS and a name server are real. */
describeLab(
  'DNSReady of a route',
  () => {
    setDefaultTimeout(240_000)
    let zone: Zone
    let region: Region
    beforeAll(async () => {
      zone = await startZone({ name: domain, region: home.region })
      const options = { ...home, zones: [zone], setup: 'split', addresses: ['10.1.0.10'] } as const
      region = await startRegion({
        ...options,
        manifests: [...platformOf(options), ...tenant('shop', { mode: 'Active' }, 'web')],
        externalDns: { interval: '2s' },
      })
    }, 300_000)
    afterAll(async () => {
      await region?.[Symbol.asyncDispose]()
      await zone?.stop()
    })

    const target = `${identityIn(home)}-internal.${domain}`
    const hostOfShop = (name: string): string => hostOf('shop', name, domain)
    const dnsReady = async (name: string): Promise<Condition | undefined> => {
      const found = await region.plane.read<KubeObject>(routeRef('shop', name))
      const { conditions = [] } = (found?.status ?? {}) as { readonly conditions?: readonly Condition[] }
      return conditions.find(({ type }) => type === 'DNSReady')
    }
    const textOf = (condition: Condition | undefined): string => `${condition?.status} ${condition?.reason}`
    const says = async (name: string, wanted: string): Promise<Condition> => {
      let last: Condition | undefined
      return await waitFor(
        async () => {
          last = await dnsReady(name)
          if (last !== undefined && textOf(last) === wanted) return last
          throw new Error(JSON.stringify(last))
        },
        { what: `DNSReady of ${name} to be "${wanted}"`, timeoutMs: 150_000, everyMs: 250 },
      )
    }

    test('is Published once the zone has the record', async () => {
      await says('web', 'True Published')
      const [record] = (await zone.records()).filter(({ name }) => name === hostOfShop('web'))
      expect(record?.data).toStartWith(target)
    })

    test('says what is there where somebody made a record by hand, until that is gone', async () => {
      const host = hostOfShop('odd')
      await zone.update(`update add ${host} 60 CNAME elsewhere.${domain}`)
      await region.apply(route('shop', 'odd'))
      await says('odd', 'True DNSEndpointsCreated')
      await region.kill('dns')
      await region.apply(route('shop', 'unread'))
      await says('unread', 'False DNSNotReady')
      const { message } = await says('odd', 'False DiffersInZone')
      expect(message).toStartWith(`zone weu answers elsewhere.${domain} for ${host} and not ${target}`)
      // The zone has nothing of this one either, for as long. But ExternalDNS has not read it.
      expect(textOf(await dnsReady('unread'))).toBe('False DNSNotReady')
      // Who applies by hand does not look, and takes nothing back.
      const { code } = await command(region, 'apply', '--auto-approve')
      expect(code).toBe(0)
      expect(textOf(await dnsReady('odd'))).toBe('False DiffersInZone')
      expect(textOf(await dnsReady('web'))).toBe('True Published')
      await region.start('dns')
      await says('unread', 'True Published')
      await zone.update(`update delete ${host}`)
      await says('odd', 'True Published')
    })
  },
  'bind',
  'external-dns',
)
