import type { Zone } from '../lab/bind.ts'
import type { Manifest } from '../lab/client.ts'
import { type ExternalDns, startExternalDns } from '../lab/external-dns.ts'
import {
  bindArguments,
  type InstanceKind,
  instanceArguments,
  type Ownership,
  ownershipOf,
} from '../lab/external-dns-arguments.ts'
import type { Region } from '../lab/region.ts'

/** An ExternalDNS as a Deployment says it, which the lab, having no nodes, runs as a process. */
export interface Deployed {
  readonly name: string
  readonly kind: InstanceKind
  readonly zone: Zone
  readonly ownership?: Partial<Ownership>
  /** Beside those of its kind. */
  readonly arguments?: readonly string[]
}

const namespace = 'external-dns'

/** The Deployments of a region's ExternalDNS, and the processes that stand for those that run. */
export interface Deployments extends AsyncDisposable {
  /** Starts it, or starts it again with other arguments. */
  run(deployed: Deployed): Promise<void>
  /** Makes the Deployment, and leaves it at no replicas. */
  declare(deployed: Deployed): Promise<void>
  stop(name: string): Promise<void>
  remove(name: string): Promise<void>
  cycle(): Promise<void>
  kill(): Promise<void>
}

export const deploymentsOf = async (region: Region, interval: string): Promise<Deployments> => {
  const running = new Map<string, ExternalDns>()
  const known = new Map<string, Deployed>()
  await region.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  const end = async (name: string): Promise<void> => {
    await running.get(name)?.kill()
    running.delete(name)
  }
  const declare = async (deployed: Deployed, replicas = 0): Promise<void> => {
    known.set(deployed.name, deployed)
    await region.apply(manifestOf(region.name, deployed, replicas))
  }
  const kill = async (): Promise<void> => {
    for (const name of [...running.keys()]) await end(name)
  }
  return {
    declare: async deployed => declare(deployed),
    run: async deployed => {
      await end(deployed.name)
      await declare(deployed, 1)
      running.set(
        deployed.name,
        await startExternalDns({
          kind: deployed.kind,
          zone: deployed.zone,
          cluster: region.name,
          kubeconfig: region.kubeconfig,
          folder: region.plane.folder,
          interval,
          ownership: deployed.ownership ?? {},
          arguments: deployed.arguments ?? [],
        }),
      )
    },
    stop: async name => {
      await end(name)
      const deployed = known.get(name)
      if (deployed !== undefined) await declare(deployed)
    },
    remove: async name => {
      await end(name)
      await region.plane.remove({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name })
    },
    cycle: async () => {
      await Promise.all([...running.values()].map(each => each.cycle()))
    },
    kill,
    [Symbol.asyncDispose]: kill,
  }
}

const manifestOf = (cluster: string, deployed: Deployed, replicas: number): Manifest => {
  const { name, kind, zone, ownership, arguments: more = [] } = deployed
  const instance = { kind, cluster, region: zone.region, domain: zone.name }
  const labels = { app: name }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'external-dns',
              image: 'registry.k8s.io/external-dns/external-dns:v0.21.0',
              args: [
                ...instanceArguments(instance, { ...ownershipOf(instance), ...ownership }),
                ...bindArguments(zone),
                ...more,
              ],
            },
          ],
        },
      },
    },
  }
}
