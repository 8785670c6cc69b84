import { clusterNameOf } from '../api/claims.ts'
import type { ExternalDNSController } from '../api/dns-configuration.ts'
import { label } from '../api/labels.ts'
import { labelValue } from '../api/names.ts'
import type { KubeObject } from '../api/object.ts'
import { isAdopting } from '../api/ownership.ts'
import type { Answers } from '../engine/failover/answers.ts'
import type { World } from '../engine/world.ts'
import type { Instance } from '../external-dns/instance.ts'
import { type Role, roleOf } from '../external-dns/set-up.ts'
import { type RecordKind, recordsOf, type ZoneRecord } from './records.ts'

/** Under which owner id and TXT prefix an instance keeps what it has written. */
export interface Registry {
  readonly owner: string
  readonly prefix: string
}

/** An instance that writes this zone, or would if it ran. */
export interface Writer {
  readonly instance: Instance
  readonly role: Role
}

/** All that is known of one controller's zone before it is asked. */
export interface Zone {
  readonly controller: ExternalDNSController
  /** `{cluster}-{region}` of this cluster. */
  readonly me: string
  readonly domain: string
  readonly writers: readonly Writer[]
  /** Instances that select nothing of ours for any zone: nobody can tell which one they write. */
  readonly strays: readonly Instance[]
  /** Where ownership is to be; without a prefix where DNSConfiguration does not name it. */
  readonly target: Readonly<
    Record<RecordKind, { readonly owner: string; readonly prefix: string | undefined }>
  >
  readonly records: readonly ZoneRecord[]
  /** The DNSEndpoints of "srouter adopt" that the cluster has for it. */
  readonly adopting: readonly KubeObject[]
  /** Where the DNSEndpoints of its gateways are: every instance for gateways reads that namespace. */
  readonly namespace: string
}

export interface Facts {
  readonly world: World
  readonly instances: readonly Instance[]
  /** DNSEndpoints, ours and others'. */
  readonly endpoints: readonly KubeObject[]
  readonly answers: Answers
}

/** The zones of all controllers, by the controller's name; none where identity or configuration is missing. */
export const zonesOf = ({ world, instances, endpoints }: Omit<Facts, 'answers'>): readonly Zone[] => {
  const { identity, controllers } = world
  if (identity.state !== 'one') return []
  const me = clusterNameOf(identity.spec)
  const strays = instances.filter(({ settings }) =>
    controllers.every(controller => roleOf(settings, controller) === undefined),
  )
  return controllers.map(controller => {
    const writers = instances.flatMap(instance => {
      const role = roleOf(instance.settings, controller)
      return role === undefined ? [] : [{ instance, role }]
    })
    return {
      controller,
      me,
      domain: identity.spec.domain,
      writers,
      strays,
      target: targetOf(controller, writers, me),
      records: recordsOf(world, controller.name),
      adopting: endpoints.filter(
        object =>
          isAdopting(object) && object.metadata.labels?.[label.controller] === labelValue(controller.name),
      ),
      namespace: gatewayNamespace(world),
    }
  })
}

/**
 * The owner ids that are recommended, unless instances that write under these prefixes have others already. A route's
 * is taken from one with `sync` alone: before that it may be the old one, which several clusters share.
 */
const targetOf = (
  { region, txtPrefix, gatewayTxtPrefix }: ExternalDNSController,
  writers: readonly Writer[],
  me: string,
): Zone['target'] => {
  const routes = writers.find(
    ({ role, instance: { settings } }) =>
      role === 'routes' && settings.txtPrefix === txtPrefix && settings.policy === 'sync',
  )
  const gateways = writers.find(
    ({ role, instance: { settings } }) => role !== 'routes' && settings.txtPrefix === gatewayTxtPrefix,
  )
  return {
    route: { owner: routes?.instance.settings.ownerId ?? me, prefix: txtPrefix },
    gateway: { owner: gateways?.instance.settings.ownerId ?? `zone-${region}`, prefix: gatewayTxtPrefix },
  }
}

const gatewayNamespace = ({ current, settings }: World): string => {
  const namespaces = [...current.dnsEndpoints.ours.values()].flatMap(({ metadata }) =>
    metadata.labels?.[label.resourceType] === undefined ? [] : (metadata.namespace ?? []),
  )
  return namespaces.sort()[0] ?? settings.defaultGatewayNamespace
}

type Deployed = Pick<Writer, 'instance'>

/** Whether it is one that runs: a Deployment with no replicas writes nothing. */
export const isRunning = ({ instance: { replicas } }: Deployed): boolean => replicas > 0

export const managesTxt = ({ instance: { settings } }: Deployed): boolean =>
  settings.recordTypes.includes('TXT')

/** `external-dns/external-dns-weu` */
export const deploymentOf = ({ instance: { namespace, name } }: Deployed): string => `${namespace}/${name}`
