import { comeHome, type Homecoming, homecomings, release } from '../failover/homecoming.ts'
import { manyRoutes } from '../failover/many-routes.ts'
import { gateways, intervalSeconds, type Pair, startPair } from '../failover/pair.ts'
import { type Takeover, takeOver } from '../failover/takeover.ts'
import { handMadeEndpoint } from '../lab/region-manifests.ts'
import { labMissing, prepareLab } from '../lab/tools.ts'
import { waitFor } from '../lab/wait.ts'
import { currentLoad, type Figure, figure } from './figure.ts'
import { type Scale, say } from './scale.ts'

/** One cycle of ExternalDNS for the claim, one for the records, and what lies between. */
const redirectedAim = 2 * intervalSeconds + 3

/**
 * A region is killed, another stands in for it, and hands back when it has returned: two regions with a name server each,
 * srouter and ExternalDNS as in production. What is measured is what the zones answer.
 */
export const failover = async (scale: Scale): Promise<readonly Figure[]> => {
  const missing = labMissing('bind', 'external-dns')
  if (missing !== undefined) {
    say(`no failover is measured: ${missing}`)
    return []
  }
  await prepareLab('bind', 'external-dns')
  const figures: Figure[] = []
  for (const setup of scale.setUps) {
    say(`failover, ${setup} set-up: two regions start`)
    await using pair = await startPair(setup)
    figures.push(...(await inOneSetUp(pair)))
    if (setup === 'split' && scale.failoverRoutes > 0)
      figures.push(...(await withRoutes(pair, scale.failoverRoutes)))
  }
  return figures
}

const inOneSetUp = async (pair: Pair): Promise<readonly Figure[]> => {
  const load = currentLoad()
  const name = (what: string): string => `failover, ${pair.setup}: ${what}`
  const floors: number[] = []
  const takeovers: Takeover[] = []
  const wrong: (readonly [how: Homecoming, answers: number])[] = []
  const releases: { readonly seconds: number; readonly without: number }[] = []
  for (const how of homecomings) {
    say(`failover, ${pair.setup} set-up: the region returns, ${how}`)
    floors.push(await bareSeconds(pair))
    await pair.weu.kill()
    takeovers.push(await takeOver(pair))
    wrong.push([how, (await comeHome(pair, how)).wrong])
    releases.push(await release(pair))
  }
  const seconds = (what: string, of: (takeover: Takeover) => number) =>
    ({ name: name(what), unit: 's', values: takeovers.map(of) }) as const
  return [
    figure(
      {
        ...seconds('command to last wrong answer', taken => taken.seconds),
        floor: { what: 'two bare DNSEndpoints, one after the other, until zones answer', values: floors },
        aim: { of: 'figure', atMost: redirectedAim },
      },
      load,
    ),
    figure(
      seconds('of that, the claim', taken => taken.claimSeconds),
      load,
    ),
    figure(
      seconds('of that, the records', taken => taken.recordSeconds),
      load,
    ),
    figure(
      seconds('TTL that comes on top', taken => taken.ttlSeconds),
      load,
    ),
    figure(
      {
        name: name('writes'),
        unit: 'DNSEndpoints',
        values: takeovers.map(({ writes }) => writes),
        aim: writesAim(pair),
      },
      load,
    ),
    ...wrong.map(([how, answers]) =>
      figure(
        {
          name: name(`it returns, ${how}: wrong`),
          unit: 'answers',
          values: [answers],
          ...(how === 'ExternalDNS first' ? {} : { aim: { of: 'figure', atMost: 0 } as const }),
        },
        load,
      ),
    ),
    figure(
      {
        name: name('release to last answer of the stand-in'),
        unit: 's',
        values: releases.map(each => each.seconds),
      },
      load,
    ),
    figure(
      {
        name: name('release: without an address'),
        unit: 'answers',
        values: releases.map(({ without }) => without),
        aim: { of: 'figure', atMost: 0 },
      },
      load,
    ),
  ]
}

/** A stand-in record for each gateway and zone, and a claim for each zone. */
const writesAim = ({ zones }: Pair) =>
  ({ of: 'figure', atMost: (gateways.length + 1) * zones.length }) as const

const withRoutes = async (pair: Pair, routes: number): Promise<readonly Figure[]> => {
  const load = currentLoad()
  const name = (what: string): string =>
    `failover, ${pair.setup}, ${routes.toLocaleString('en')} routes: ${what}`
  say(`failover with ${routes} routes`)
  await manyRoutes(pair, routes)
  await pair.weu.kill()
  const { seconds, writes } = await takeOver(pair)
  return [
    figure(
      {
        name: name('command to last wrong answer'),
        unit: 's',
        values: [seconds],
        aim: { of: 'figure', atMost: redirectedAim },
      },
      load,
    ),
    figure({ name: name('writes'), unit: 'DNSEndpoints', values: [writes], aim: writesAim(pair) }, load),
  ]
}

/** What ExternalDNS alone takes for two steps: a DNSEndpoint in every zone, and when zones have that, another. */
const bareSeconds = async ({ neu, zones }: Pair): Promise<number> => {
  const began = performance.now()
  const names = [1, 2].map(step => `bare-${step}.${zones[0]?.name}`)
  for (const dnsName of names) {
    const endpoints = zones.map(({ region }) =>
      handMadeEndpoint({
        name: `${dnsName.slice(0, 6)}-${region}`,
        zone: region,
        dnsName,
        type: 'A',
        targets: ['10.9.0.1'],
      }),
    )
    await neu.apply(...endpoints)
    const isThere = async (): Promise<boolean> =>
      (await Promise.all(zones.map(zone => zone.records()))).every(records =>
        records.some(({ name }) => name === dnsName),
      )
    await waitFor(isThere, { what: `${dnsName} in every zone`, timeoutMs: 30_000, everyMs: 100 })
  }
  const seconds = (performance.now() - began) / 1000
  for (const dnsName of names)
    for (const zone of zones) {
      await neu.plane.remove({
        apiVersion: 'externaldns.k8s.io/v1alpha1',
        kind: 'DNSEndpoint',
        namespace: 'default',
        name: `${dnsName.slice(0, 6)}-${zone.region}`,
      })
      await zone.update(...['', 'sr-a-', 'srgw-a-'].map(prefix => `update delete ${prefix}${dnsName}`))
    }
  return seconds
}
