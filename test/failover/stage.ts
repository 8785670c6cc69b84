import { afterAll, beforeAll } from 'bun:test'
import { startZone, type Zone } from '../lab/bind.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { dnsEndpointCrd } from '../lab/crds.ts'
import { type ExternalDns, type ExternalDnsOptions, startExternalDns } from '../lab/external-dns.ts'
import { type HandMade, handMadeEndpoint } from '../lab/region-manifests.ts'
import { type Sampler, startSampler } from '../lab/sampler.ts'

/** Two clusters that have nothing but DNSEndpoints, which a test makes by hand: what ExternalDNS does with them. */

export type Side = 'weu' | 'neu'

export interface Stage {
  plane(side: Side): ControlPlane
  /** A zone of its own, so that tests of one stage do not meet; it ends with the scene, and so does all that writes it. */
  scene(): Promise<Scene>
}

export interface Scene extends AsyncDisposable {
  readonly zone: Zone
  /** `gw.aks.example.com`, the name that both clusters may publish. */
  readonly name: string
  readonly sampler: Sampler
  /** An ExternalDNS of that cluster, for this zone. */
  start(
    side: Side,
    options: Pick<ExternalDnsOptions, 'kind' | 'ownership' | 'arguments' | 'interval'>,
  ): Promise<ExternalDns>
  /** Makes that cluster's DNSEndpoint of the name, or of another, exactly so. */
  publish(side: Side, targets: readonly string[], more?: Partial<HandMade>): Promise<void>
  withdraw(side: Side, more?: Partial<HandMade>): Promise<void>
  /** Waits until the zone answers so, for the name or another. */
  answers(answer: string, name?: string): Promise<void>
  /** The records, without those of ownership: `gw A 10.1.0.10`. */
  records(): Promise<readonly string[]>
}

export const domain = 'aks.example.com'

export const withStage = (): Stage => {
  const planes = new Map<Side, ControlPlane>()
  const plane = (side: Side): ControlPlane => {
    const found = planes.get(side)
    if (found === undefined) throw new Error(`${side} has not been started`)
    return found
  }
  beforeAll(async () => {
    for (const side of ['weu', 'neu'] as const)
      planes.set(side, await startControlPlane({ manifests: [await dnsEndpointCrd()] }))
  }, 180_000)
  afterAll(async () => {
    for (const each of planes.values()) await each.stop()
  })
  let scenes = 0
  return { plane, scene: () => startScene(plane, `zone${++scenes}`) }
}

const startScene = async (plane: Stage['plane'], region: string): Promise<Scene> => {
  const zone = await startZone({ name: domain, region })
  const name = `gw.${domain}`
  const other = `other.${domain}`
  const sampler = startSampler({ zones: [zone], names: [name, other] })
  const running: ExternalDns[] = []
  const endpoint = (targets: readonly string[], more: Partial<HandMade>) => {
    const dnsName = more.dnsName ?? name
    const [label = ''] = dnsName.split('.')
    return handMadeEndpoint({
      name: `${region}-${label}`,
      zone: region,
      dnsName,
      type: 'A',
      targets,
      ...more,
    })
  }
  return {
    zone,
    name,
    sampler,
    start: async (side, options) => {
      const started = await startExternalDns({
        zone,
        cluster: `aks01-${side}`,
        kubeconfig: plane(side).kubeconfig(),
        folder: plane(side).folder,
        interval: '1s',
        ...options,
      })
      running.push(started)
      return started
    },
    publish: async (side, targets, more = {}) => {
      await plane(side).applyManifests([endpoint(targets, more)])
    },
    withdraw: async (side, more = {}) => {
      const { apiVersion, kind, metadata } = endpoint([], more)
      await plane(side).remove({ apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name })
    },
    answers: async (answer, asked = name) => {
      await sampler.shows(
        (_, each) => (each === asked ? answer : undefined),
        `${asked} to be ${answer} in ${region}`,
      )
    },
    records: async () =>
      (await zone.records())
        .filter(record => !record.data.includes('heritage=external-dns'))
        .map(record => `${record.name.replace(`.${domain}`, '')} ${record.type} ${record.data}`),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(running.map(each => each.kill()))
      await sampler.stop()
      await zone.stop()
    },
  }
}
