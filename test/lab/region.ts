import type { KubeObject } from '../../src/api/object.ts'
import { execute, srouter } from '../executable/process.ts'
import type { Zone } from './bind.ts'
import type { Manifest } from './client.ts'
import { type ControlPlane, startControlPlane } from './cluster.ts'
import type { ComponentName } from './components.ts'
import { allCrds } from './crds.ts'
import { type Daemon, daemonOn, home } from './daemon.ts'
import { type ExternalDns, type ExternalDnsOptions, startExternalDns } from './external-dns.ts'
import type { InstanceKind } from './external-dns-arguments.ts'
import { here, type Place } from './place.ts'
import { identityIn } from './region-manifests.ts'

/** What a region is made of, in the order in which it can come up. `dns` is every ExternalDNS of it. */
export const regionParts = ['etcd', 'apiserver', 'controllerManager', 'daemon', 'dns'] as const
export type RegionPart = (typeof regionParts)[number]

export interface RegionOptions {
  /** The cluster's name and its region: `aks01`, `weu`. */
  readonly cluster: string
  readonly region: string
  /** Every zone that there is: each cluster writes them all. */
  readonly zones: readonly Zone[]
  /** Where all of it runs; here, unless told otherwise. */
  readonly place?: Place
  /** `split`: an instance for routes and one for gateways in every zone. `single`: one. */
  readonly setup: 'split' | 'single'
  /** What the cluster has beside its CRDs: see region-manifests.ts. */
  readonly manifests?: readonly (KubeObject | Manifest)[]
  /** Without it DNSEndpoints are made by hand. */
  readonly daemon?: boolean
  /** Further flags of `srouter run`. */
  readonly daemonFlags?: readonly string[]
  /** Whether `srouter gate` comes before every ExternalDNS that writes gateways, as an initContainer. */
  readonly gate?: boolean
  /** Of every ExternalDNS: `interval`, `ownership`, `arguments`. */
  readonly externalDns?: Pick<ExternalDnsOptions, 'interval' | 'ownership' | 'arguments'>
}

/** A cluster with everything that takes part in DNS: a control plane, the daemon, and ExternalDNS for every zone. */
export interface Region extends AsyncDisposable {
  /** `aks01-weu` */
  readonly name: string
  readonly region: string
  readonly plane: ControlPlane
  /** Of the cluster's admin, for commands that a person gives. */
  readonly kubeconfig: string
  readonly instances: readonly ExternalDns[]
  instance(zone: string, kind: InstanceKind): ExternalDns
  /** What the daemon has printed, one JSON object a line. */
  daemonLog(): Promise<string>
  /** Applies objects, and the addresses of a load balancer in a `status`. */
  apply(...manifests: readonly (KubeObject | Manifest)[]): Promise<void>
  /** Ends these parts by SIGKILL, or all of them: the region has failed. */
  kill(...parts: readonly RegionPart[]): Promise<void>
  /** Starts parts in the order given, or all of them: the region comes back. Waits for the control plane and the daemon. */
  start(...parts: readonly RegionPart[]): Promise<void>
  /** Waits until every ExternalDNS has gone through whatever is there now. */
  cycle(): Promise<void>
}

export const startRegion = async (options: RegionOptions): Promise<Region> => {
  const { cluster, region, zones, setup, manifests = [], place = here } = options
  const name = identityIn({ cluster, region })
  const plane = await startControlPlane({ place, manifests: await allCrds() })
  try {
    await plane.applyManifests(manifests)
    const kubeconfig = plane.kubeconfig()
    const daemon = options.daemon === false ? undefined : await installed(plane, options)
    await daemon?.start()
    const kinds: readonly InstanceKind[] = setup === 'split' ? ['routes', 'gateways'] : ['single']
    const gate = daemon !== undefined && options.gate === true ? await gateCommand(plane) : undefined
    const held = (kind: InstanceKind) => (kind === 'routes' || gate === undefined ? {} : { before: gate })
    const instances: ExternalDns[] = []
    for (const zone of zones)
      for (const kind of kinds)
        instances.push(
          await startExternalDns({
            ...options.externalDns,
            ...held(kind),
            place,
            kind,
            zone,
            cluster: name,
            kubeconfig,
            folder: plane.folder,
          }),
        )
    return assemble({ name, region, plane, kubeconfig, instances, daemon })
  } catch (thrown) {
    await plane.stop()
    throw thrown
  }
}

/** The daemon, with what `srouter install` prints. */
const installed = async (
  plane: ControlPlane,
  { place, daemonFlags = [] }: RegionOptions,
): Promise<Daemon> => {
  const { code, out, err } = await execute(srouter(), ['install'])
  if (code !== 0) throw new Error(err)
  await plane.applyManifests(out)
  return daemonOn(plane, { place, flags: daemonFlags })
}

interface Assembled extends Pick<Region, 'name' | 'region' | 'plane' | 'kubeconfig' | 'instances'> {
  readonly daemon: Daemon | undefined
}

const assemble = ({ name, region, plane, kubeconfig, instances, daemon }: Assembled): Region => {
  const all = (work: (instance: ExternalDns) => Promise<void>) => Promise.all(instances.map(work))
  const component = (part: ComponentName) => ({
    kill: () => plane.kill(part),
    start: () => plane.restart(part),
  })
  const parts: Readonly<Record<RegionPart, { kill(): Promise<unknown>; start(): Promise<unknown> }>> = {
    etcd: component('etcd'),
    apiserver: component('apiserver'),
    controllerManager: component('controllerManager'),
    daemon: { kill: async () => daemon?.kill(), start: async () => daemon?.start() },
    dns: { kill: () => all(each => each.kill()), start: () => all(each => each.restart()) },
  }
  const chosen = (given: readonly RegionPart[]) => (given.length === 0 ? regionParts : given)
  return {
    name,
    region,
    plane,
    kubeconfig,
    instances,
    instance: (zone, kind) => {
      const found = instances.find(each => each.zone.region === zone && each.kind === kind)
      if (found === undefined) throw new Error(`${name} has no ExternalDNS for ${kind} in zone ${zone}`)
      return found
    },
    daemonLog: async () => (daemon === undefined ? '' : Bun.file(daemon.logFile()).text()),
    apply: async (...objects) => {
      await plane.applyManifests(objects)
    },
    // All at once, as when the power fails.
    kill: async (...given) => {
      await Promise.all(chosen(given).map(part => parts[part].kill()))
    },
    start: async (...given) => {
      for (const part of chosen(given)) await parts[part].start()
    },
    cycle: async () => {
      await all(each => each.cycle())
    },
    [Symbol.asyncDispose]: async () => {
      await all(each => each.kill())
      await plane.stop()
    },
  }
}

/** `srouter gate` as docs/failover.md sets it up: with the rights of ExternalDNS, and the role that it wants beside. */
const gateCommand = async (plane: ControlPlane): Promise<readonly string[]> => {
  const account = { name: 'external-dns', namespace: home }
  const rbac = 'rbac.authorization.k8s.io'
  await plane.applyManifests([
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'external-dns-gate' },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'srouter-gate' },
      subjects: [{ kind: 'ServiceAccount', ...account }],
    },
  ])
  const token = await plane.serviceAccountToken(home, account.name, 24 * 3600)
  return [srouter(), 'gate', '--kubeconfig', plane.kubeconfig({ user: account.name, token })]
}
