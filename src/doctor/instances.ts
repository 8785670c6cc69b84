import type { ClusterIdentitySpec } from '../api/cluster-identity.ts'
import type { ResourceRef } from '../api/object.ts'
import type { World } from '../engine/world.ts'
import { type Instance, instancesIn } from '../external-dns/instance.ts'
import { type ZoneInstance, type ZoneSetUp, zoneSetUp } from '../external-dns/set-up.ts'
import type { Flag } from '../external-dns/settings.ts'
import type { Verdict } from './check.ts'
import type { Facts } from './facts.ts'

/** The ExternalDNS instances of a cluster, and what each is to srouter. */
export interface Instances {
  /** All that run, whoever's records they write. */
  readonly all: readonly Instance[]
  /** Those of which it cannot be said which DNSEndpoints they look at. */
  readonly unknown: readonly Instance[]
  /** By controller of the DNSConfiguration. */
  readonly zones: readonly ZoneSetUp[]
  readonly world: World
  /** Undefined where there is no single valid one. */
  readonly identity: ClusterIdentitySpec | undefined
}

/** Answers with what is missing where the instances, or what they should be like, cannot be known. */
export const ofInstances =
  (look: (instances: Instances) => Verdict) =>
  ({ deployments, state }: Facts): Verdict => {
    if (!deployments.known) return { notChecked: deployments.why }
    if (!state.known) return { notChecked: state.why }
    const { world } = state.value.evaluation
    if (world.configuration.state !== 'one')
      return { notChecked: 'there is no single valid DNSConfiguration' }
    const all = instancesIn(deployments.value).filter(({ replicas }) => replicas > 0)
    if (all.length === 0) return { notChecked: 'there is no ExternalDNS' }
    const readable = all.filter(instance => hasRead(instance, roleFlags))
    return look({
      all,
      unknown: all.filter(instance => !hasRead(instance, roleFlags)),
      zones: world.controllers.map(controller => zoneSetUp(controller, readable)),
      world,
      identity: world.identity.state === 'one' ? world.identity.spec : undefined,
    })
  }

/** What decides which DNSEndpoints an instance looks at. */
const roleFlags: readonly Flag[] = [
  'source',
  'crd-source-apiversion',
  'crd-source-kind',
  'label-filter',
  'annotation-filter',
]

/** One zone and one of the instances that write it. */
export interface Writing extends ZoneInstance {
  readonly zone: ZoneSetUp
}

/** Every instance with each zone that it writes, where the flags that matter are known. */
export const writings = ({ zones }: Instances, ...flags: readonly Flag[]): readonly Writing[] =>
  zones.flatMap(zone =>
    zone.instances
      .filter(({ instance }) => hasRead(instance, flags))
      .map(zoneInstance => ({ ...zoneInstance, zone })),
  )

/** The instances among them, each once. */
export const instancesOf = (all: readonly Writing[]): readonly Instance[] => [
  ...new Set(all.map(({ instance }) => instance)),
]

const hasRead = ({ unread }: Instance, flags: readonly Flag[]): boolean =>
  !flags.some(flag => unread.includes(flag))

/** `external-dns/external-dns-neu-routes` */
export const nameOf = ({ namespace, name }: Instance): string => `${namespace}/${name}`

export const deploymentRef = ({ namespace, name }: Instance): ResourceRef => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace,
  name,
})
