import type { KubeObject } from '../../../src/api/object.ts'
import type { RegionFailoverStatus } from '../../../src/api/region-failover.ts'
import { startZone, type Zone } from '../../lab/bind.ts'
import { createAuthority } from '../../lab/certificates.ts'
import type { Manifest } from '../../lab/client.ts'
import { type GatewayListener, loopbackAddresses, startGatewayListener } from '../../lab/gateway-listener.ts'
import type { Network } from '../../lab/namespaces.ts'
import { freePorts } from '../../lab/ports.ts'
import { type Region, startRegion } from '../../lab/region.ts'
import { identityIn, platformOf } from '../../lab/region-manifests.ts'
import { type Sampler, startSampler } from '../../lab/sampler.ts'
import type { Expected } from '../../lab/timeline.ts'
import { waitFor } from '../../lab/wait.ts'

/**
 * Two clusters that may stand in for each other, in mode Automatic, and all that takes part: a zone and a gateway for each,
 * with a real HTTPS listener at its address, and a witness.
 */
export interface Scene extends AsyncDisposable {
  readonly zones: readonly Zone[]
  readonly sampler: Sampler
  readonly weu: Region
  readonly neu: Region
  readonly gateways: Readonly<Record<Side, GatewayListener>>
  readonly witness: GatewayListener
  /** Where the name of weu, and that of neu, lead to in every zone. */
  leadsTo(weu: Side, neu?: Side): Expected
  /** Changes the spec of the RegionFailover in a cluster. */
  configure(side: Side, spec: object): Promise<void>
}

export type Side = 'weu' | 'neu'

export const domain = 'aks.example.com'
/** Of every ExternalDNS: its interval. */
export const externalDnsSeconds = 1
export const timing = {
  intervalSeconds: 1,
  timeoutSeconds: 1,
  failureThreshold: 3,
  successThreshold: 3,
  holdDownSeconds: 6,
} as const

const otherOf = { weu: 'neu', neu: 'weu' } as const
export const host = `health.${domain}`
export const gatewayOf = (side: Side): string => `aks01-${side}-internal.${domain}`

export interface SceneOptions {
  /** Of both RegionFailovers, beside probe and witness. */
  readonly spec?: object
  /** Further flags of `srouter run`. */
  readonly daemonFlags?: readonly string[]
  /** With the places weu, neu, dns and witness; without it all is on the loopback. */
  readonly network?: Network
}

export const startScene = async ({
  spec = {},
  daemonFlags = [],
  network,
}: SceneOptions = {}): Promise<Scene> => {
  await using started = new AsyncDisposableStack()
  const [port = 0] = freePorts(1)
  const authority = await createAuthority('gateways')
  const tls = await authority.issueServer([host])
  const loopback = loopbackAddresses(3)
  const listen = async (name: Side | 'witness', index: number): Promise<GatewayListener> => {
    const at = network === undefined ? { address: loopback[index] ?? '' } : { place: network.place(name) }
    return started.use(await startGatewayListener({ ...at, port, tls }))
  }
  const gateways = { weu: await listen('weu', 0), neu: await listen('neu', 1) }
  const witness = await listen('witness', 2)
  const leadsTo =
    (weu: Side, neu: Side = 'neu'): Expected =>
    (_, name) =>
      name === gatewayOf('weu')
        ? gateways[weu].address
        : name === gatewayOf('neu')
          ? gateways[neu].address
          : undefined
  const { holdDownSeconds, ...thresholds } = timing
  const failoverSpec = {
    mode: 'Automatic',
    probe: { scheme: 'HTTPS', host, port, caBundle: authority.cert, ...thresholds },
    witnesses: [{ scheme: 'TCP', host: witness.address, port, ...thresholds }],
    holdDownSeconds,
    ...spec,
  }
  const zones: Zone[] = []
  for (const region of ['weu', 'neu'])
    zones.push(started.use(await startZone({ name: domain, region, ...placed(network, 'dns') })))
  const sampler = started.use(startSampler({ zones, names: [gatewayOf('weu'), gatewayOf('neu')] }))
  const failoverFor = (side: Side, more: object = {}): Manifest => ({
    apiVersion: 'cluster.router.io/v1alpha1',
    kind: 'RegionFailover',
    metadata: { name: peerOf(side) },
    spec: { region: otherOf[side], cluster: 'aks01', ...failoverSpec, ...more },
  })
  const start = async (side: Side): Promise<Region> => {
    const options = { cluster: 'aks01', region: side, zones, setup: 'single' as const }
    const manifests: readonly (KubeObject | Manifest)[] = [
      ...platformOf({ ...options, addresses: [gateways[side].address], standIns: [peerOf(side)] }),
      failoverFor(side),
    ]
    return started.use(
      await startRegion({
        ...options,
        ...placed(network, side),
        manifests,
        daemonFlags: ['--interval', '5s', ...daemonFlags],
        externalDns: { interval: `${externalDnsSeconds}s` },
      }),
    )
  }
  const weu = await start('weu')
  const neu = await start('neu')
  await sampler.shows(leadsTo('weu'), 'every name in every zone', 120_000)
  const rest = started.move()
  const regions = { weu, neu }
  return {
    zones,
    sampler,
    weu,
    neu,
    gateways,
    witness,
    leadsTo,
    configure: (side, more) => regions[side].apply(failoverFor(side, more)),
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  }
}

const placed = (network: Network | undefined, name: string) =>
  network === undefined ? {} : { place: network.place(name) }

/** `{cluster}-{region}` of the cluster that this one may stand in for. */
export const peerOf = (side: Side): string => identityIn({ cluster: 'aks01', region: otherOf[side] })

interface Failover extends KubeObject {
  readonly spec: { readonly engage?: boolean; readonly reason?: string }
  readonly status?: RegionFailoverStatus
}

const failoverIn = async ({ plane, region }: Region): Promise<Failover | undefined> =>
  plane.read<Failover>({
    apiVersion: 'cluster.router.io/v1alpha1',
    kind: 'RegionFailover',
    name: peerOf(region as Side),
  })

/** What a cluster says of the other one: `Armed PeerUp`, and what the probe finds. */
export const decisionOf = async (region: Region) => {
  const found = await failoverIn(region)
  const { automatic, probe, state } = found?.status ?? {}
  return {
    engage: found?.spec.engage ?? false,
    reason: found?.spec.reason,
    standIn: state,
    automatic: `${automatic?.state} ${automatic?.reason}`,
    state: automatic?.state,
    probe: probe?.state,
    message: probe?.addresses?.[0]?.message,
  }
}
export type Decided = Awaited<ReturnType<typeof decisionOf>>

export const until = (
  region: Region,
  what: string,
  holds: (decided: Decided) => boolean,
  timeoutMs = 30_000,
): Promise<Decided> =>
  waitFor(
    async () => {
      const decided = await decisionOf(region)
      return holds(decided) ? decided : undefined
    },
    { what: `${region.name}: ${what}`, timeoutMs },
  )

export const armed = (region: Region): Promise<Decided> =>
  until(
    region,
    'to be armed',
    ({ automatic, standIn }) => automatic === 'Armed PeerUp' && standIn === 'Standby',
  )

/** Waits until the cluster whose gateway is down publishes the addresses of the one that stands in. */
export const yielded = async (region: Region): Promise<void> => {
  const ref = {
    apiVersion: 'cluster.router.io/v1alpha1',
    kind: 'ClusterIdentity',
    name: 'cluster-identity',
  }
  await waitFor(
    async () => (await region.plane.read<{ status?: { yielded?: object } }>(ref))?.status?.yielded,
    { what: `${region.name} to yield`, timeoutMs: 60_000 },
  )
}
