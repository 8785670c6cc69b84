import type { KubeObject } from '../../src/api/object.ts'
import { startZone, type Zone } from '../lab/bind.ts'
import type { Manifest } from '../lab/client.ts'
import type { Ownership } from '../lab/external-dns-arguments.ts'
import { type Region, type RegionOptions, startRegion } from '../lab/region.ts'
import { hostOf, identityIn, platformOf, tenant } from '../lab/region-manifests.ts'
import { type Sampler, startSampler } from '../lab/sampler.ts'
import type { Expected } from '../lab/timeline.ts'

/**
 * Two clusters with two gateways each, which may stand in for each other, a zone for each, and everything that takes part
 * in DNS. Answers are taken of routes and of gateways, in both zones, from the first moment on.
 */
export interface Pair extends AsyncDisposable {
  readonly setup: 'split' | 'single'
  readonly zones: readonly Zone[]
  readonly sampler: Sampler
  /** The one that fails. */
  readonly weu: Region
  /** The one that stands in for it. */
  readonly neu: Region
}

export const domain = 'aks.example.com'
/** Of every ExternalDNS. */
export const intervalSeconds = 3
/** Of clusters. */
export const failed = 'aks01-weu'
const regions = ['weu', 'neu'] as const
type RegionName = (typeof regions)[number]

export const gateways = ['internal', 'external'] as const
const addressOf = {
  weu: { internal: '10.1.0.10', external: '10.1.0.20' },
  neu: { internal: '10.2.0.10', external: '10.2.0.20' },
} as const

/** An Active route, in both clusters; RegionBound ones of weu, which every zone has. */
export const hosts = {
  active: hostOf('shop', 'web', domain),
  bound: hostOf('billing', 'pay', domain),
  other: hostOf('billing', 'other', domain),
} as const
export const tenants = [
  ...tenant('shop', { mode: 'Active' }, 'web'),
  ...tenant('billing', { mode: 'RegionBound', sourceRegion: 'weu' }, 'pay', 'other'),
]
const gatewayName = (region: RegionName, postfix: string) =>
  `${identityIn({ cluster: 'aks01', region })}-${postfix}.${domain}`

/** What every zone should answer while the addresses of weu are those of `region`. */
const leadsTo =
  (region: RegionName): Expected =>
  (zone, name) => {
    for (const postfix of gateways) {
      if (name === gatewayName('weu', postfix)) return addressOf[region][postfix]
      if (name === gatewayName('neu', postfix)) return addressOf.neu[postfix]
    }
    if (name === hosts.active && zone === 'neu') return addressOf.neu.internal
    return name === hosts.active || name === hosts.bound ? addressOf[region].internal : undefined
  }
export const atHome = leadsTo('weu')
export const moved = leadsTo('neu')

/** What a test may want otherwise. */
interface More extends Pick<RegionOptions, 'gate'> {
  /** Of every ExternalDNS of a region, where it is to differ from the set-up. */
  readonly ownership?: (region: string) => Partial<Ownership>
}

export const startPair = async (setup: Pair['setup'], more: More = {}): Promise<Pair> => {
  await using started = new AsyncDisposableStack()
  const zones: Zone[] = []
  for (const region of regions) zones.push(started.use(await startZone({ name: domain, region })))
  const names = [
    ...Object.values(hosts),
    ...regions.flatMap(region => gateways.map(postfix => gatewayName(region, postfix))),
  ]
  const sampler = started.use(startSampler({ zones, names }))
  const weu = started.use(await start('weu', zones, setup, more))
  const neu = started.use(await start('neu', zones, setup, more))
  await sampler.shows(atHome, 'every name to be published', 120_000)
  await Promise.all([weu.cycle(), neu.cycle()])
  const ends = started.move()
  return { setup, zones, sampler, weu, neu, [Symbol.asyncDispose]: () => ends.disposeAsync() }
}

const start = (
  region: RegionName,
  zones: readonly Zone[],
  setup: Pair['setup'],
  { ownership, ...more }: More,
): Promise<Region> => {
  const cluster = 'aks01'
  const other = region === 'weu' ? 'neu' : 'weu'
  const options = { cluster, region, zones, setup } as const
  const platform = platformOf({
    ...options,
    addresses: [addressOf[region].internal],
    standIns: [identityIn({ cluster, region: other })],
    standsInFor: [{ cluster, region: other }],
  })
  return startRegion({
    ...options,
    ...more,
    manifests: [...platform, ...externalGateway(addressOf[region].external), ...tenants],
    daemonFlags: ['--interval', '5s'],
    externalDns: { interval: `${intervalSeconds}s`, ownership: ownership?.(region) ?? {} },
  })
}

/** The DNSConfiguration of a pair; with another name server for every zone, where one is named. */
export const configurationOf = ({ zones, setup }: Pair, nameserver?: string): KubeObject | Manifest => {
  const asked = zones.map(zone => ({ ...zone, nameserver: nameserver ?? zone.nameserver }))
  const all = platformOf({ cluster: 'aks01', region: 'neu', zones: asked, setup, addresses: [] })
  const found = all.find(({ kind }) => kind === 'DNSConfiguration')
  if (found === undefined) throw new Error('the platform has no DNSConfiguration')
  return found
}

/** A second gateway beside the one that platformOf has. */
const externalGateway = (ip: string): readonly (KubeObject | Manifest)[] => [
  {
    apiVersion: 'routing.router.io/v1alpha1',
    kind: 'Gateway',
    metadata: { name: 'external', namespace: 'istio-system' },
    spec: { controller: 'igw-external', credentialName: 'tls', targetPostfix: 'external' },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'lb-external', namespace: 'ingress', labels: { istio: 'igw-external' } },
    spec: { type: 'LoadBalancer', ports: [{ port: 443 }] },
    status: { loadBalancer: { ingress: [{ ip }] } },
  },
]
