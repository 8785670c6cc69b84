import type { KubeObject } from '../../src/api/object.ts'
import { startZone, type Zone } from '../lab/bind.ts'
import type { Manifest } from '../lab/client.ts'
import { type Region, startRegion } from '../lab/region.ts'
import { hostOf, identityIn, platformOf, tenant } from '../lab/region-manifests.ts'
import { type Sampler, startSampler } from '../lab/sampler.ts'
import { between, type Expected, secondsOf, shareWithoutAddress, show, wrong } from '../lab/timeline.ts'
import { waitFor } from '../lab/wait.ts'
import { command, type Told } from './command.ts'

/**
 * Three clusters over two zones, in the single set-up: weu is the one that is stood in for, neu and frc may do so, and frc
 * for neu as well. What a test does it undoes: in between each has its own name.
 */
export interface Three extends AsyncDisposable {
  readonly zones: readonly Zone[]
  readonly sampler: Sampler
  readonly weu: Region
  readonly neu: Region
  readonly frc: Region
}

export const domain = 'aks.example.com'
export const home = 'aks01-weu'
/** Of every ExternalDNS, and between two looks of a daemon. */
export const interval = '2s'

export const addressOf = { weu: '10.1.0.10', neu: '10.2.0.10', frc: '10.3.0.10' } as const
export type Side = keyof typeof addressOf
export const gatewayOf = (side: Side): string => `aks01-${side}-internal.${domain}`
export const host = hostOf('billing', 'pay', domain)

const standIns: Readonly<Record<Side, readonly Side[]>> = { weu: ['neu', 'frc'], neu: ['frc'], frc: [] }
const standsInFor: Readonly<Record<Side, readonly Side[]>> = { weu: [], neu: ['weu'], frc: ['weu', 'neu'] }
const of = (region: Side) => ({ cluster: 'aks01', region })

/** What a cluster has that calls itself so, whichever it is. */
export const platform = (
  region: Side,
  zones: readonly Zone[],
  addresses: readonly string[] = [addressOf[region]],
): readonly (KubeObject | Manifest)[] => [
  ...platformOf({
    ...of(region),
    zones,
    setup: 'single',
    addresses,
    standIns: standIns[region].map(each => identityIn(of(each))),
    standsInFor: standsInFor[region].map(of),
  }),
  ...tenant('billing', { mode: 'RegionBound', sourceRegion: 'weu' }, 'pay'),
]

export const startThree = async (): Promise<Three> => {
  await using started = new AsyncDisposableStack()
  const zones: Zone[] = []
  for (const region of ['weu', 'neu']) zones.push(started.use(await startZone({ name: domain, region })))
  const sampler = started.use(
    startSampler({ zones, names: [host, gatewayOf('weu'), gatewayOf('neu'), gatewayOf('frc')] }),
  )
  const start = async (region: Side): Promise<Region> =>
    started.use(
      await startRegion({
        ...of(region),
        zones,
        setup: 'single',
        manifests: platform(region, zones),
        daemonFlags: ['--interval', interval],
        externalDns: { interval },
      }),
    )
  const [weu, neu, frc] = [await start('weu'), await start('neu'), await start('frc')]
  await sampler.shows(answer('weu'), 'every name in every zone', 120_000)
  const rest = started.move()
  return { zones, sampler, weu, neu, frc, [Symbol.asyncDispose]: () => rest.disposeAsync() }
}

/** Every zone gives the addresses of this cluster for the names of weu; and those of another for neu's, where it says so. */
export const answer =
  (weu: Side | (string & {}), neu: Side = 'neu'): Expected =>
  (_, name) => {
    if (name === gatewayOf('frc')) return addressOf.frc
    if (name === gatewayOf('neu')) return addressOf[neu]
    return weu in addressOf ? addressOf[weu as Side] : weu
  }

/** As a person gives it, who does not wait for long. */
export const failover = (
  region: Region,
  verb: 'start' | 'end' | 'reclaim',
  name: string,
  ...flags: readonly string[]
): Promise<Told> =>
  command(
    region,
    ...['failover', verb, name, '--auto-approve', '--interval', interval, '--timeout', '90s', ...flags],
  )

/** The same, which must go well. */
export const done = async (...given: Parameters<typeof failover>): Promise<Told> => {
  const told = await failover(...given)
  if (told.code !== 0)
    throw new Error(
      `${given[1]} ${given[2]} in ${given[0].name} ended with ${told.code}:\n${told.out}${told.err}`,
    )
  return told
}

interface Failover extends KubeObject {
  readonly status?: { readonly state?: string }
}

export const failoverRef = (name: string) => ({
  apiVersion: 'cluster.router.io/v1alpha1',
  kind: 'RegionFailover',
  name,
})

/** `status.state` of a RegionFailover, as the daemon has written it. */
export const stateOf = async ({ plane }: Region, name = home): Promise<string | undefined> =>
  (await plane.read<Failover>(failoverRef(name)))?.status?.state

export const becomes = (region: Region, state: string, name = home): Promise<unknown> =>
  waitFor(async () => (await stateOf(region, name)) === state, {
    what: `${name} to be ${state} in ${region.name}`,
    timeoutMs: 60_000,
  })

/** Every DNSEndpoint of gateways, claims and stand-ins, to the last byte. */
export const endpoints = async ({ plane }: Region): Promise<readonly string[]> =>
  (await plane.list<KubeObject>('externaldns.k8s.io/v1alpha1', 'DNSEndpoint')).map(each =>
    JSON.stringify(each),
  )

/** What was asked and answered since, beside what should have been. */
export const since = ({ sampler }: Three, from: number, expected: Expected) => {
  const samples = between(sampler.samples, from)
  const bad = wrong(samples, expected)
  return {
    asked: samples.length,
    wrong: bad.length,
    wrongSeconds: secondsOf(samples, sample => expected(sample.zone, sample.name) !== sample.answer),
    lastWrong: bad.length === 0 ? 0 : ((bad.at(-1)?.time ?? from) - from) / 1000,
    without: Math.round(shareWithoutAddress(samples) * samples.length),
    shown: show(bad.slice(0, 20), from),
  }
}
