import type { ClusterIdentitySpec, ClusterIdentityStatus } from '../../api/cluster-identity.ts'
import type { Condition } from '../../api/fields.ts'
import type { GatewaySpec } from '../../api/gateway.ts'
import type { KubeObject } from '../../api/object.ts'
import { type ResourceRef, refOf } from '../../api/object.ts'
import { addressesOf } from '../addresses.ts'
import type { ObjectChange } from '../change.ts'
import { gatewayOwner, gatewayOwnerKey, isOurs, routeOwner, routeOwnerKey } from '../current.ts'
import type { Reconciliation } from '../engine.ts'
import type { Evaluation, Judged, JudgedRoute } from '../evaluate.ts'
import type { Issue } from '../issue.ts'
import { hostsByGateway } from './istio-gateways.ts'

/** The whole status that a resource should have; `changed` is false where it has it already. */
export interface StatusChange {
  readonly ref: ResourceRef
  readonly subject: KubeObject
  readonly changed: boolean
  readonly status: Readonly<Record<string, unknown>>
}

/** A condition without its time, which follows from the condition that is there. */
type Stated = Pick<Condition, 'type' | 'reason' | 'message'> & { readonly status: 'True' | 'False' }

/** The statuses once the plan is carried out: `Ready` says that the objects are written. */
export const statuses = (reconciliation: Reconciliation): readonly StatusChange[] => {
  const { evaluation } = reconciliation
  const published = publishedBy(reconciliation)
  const { identities, configurations, gateways, policies, routes } = evaluation
  const hosts = hostsByGateway(evaluation)
  const held = brakeCondition(reconciliation)
  const now = evaluation.world.settings.now
  return [
    ...identities.map(identity => finish(identity, identityStatus(identity, evaluation, held), now)),
    ...configurations.map(configuration =>
      finish(configuration, { conditions: [ready(configuration), ...held] }, now),
    ),
    ...gateways.map(gateway => finish(gateway, gatewayStatus(gateway, evaluation, hosts, published), now)),
    ...policies.map(policy => finish(policy, policyStatus(policy, evaluation), now)),
    ...routes.map(route => finish(route, routeStatus(route, published), now)),
  ]
}

interface Fields {
  readonly phase?: string
  readonly conditions: readonly Stated[]
  readonly [field: string]: unknown
}

const finish = (judged: Judged<unknown>, fields: Fields, now: string): StatusChange => {
  const { object } = judged.resource
  const before = (object.status ?? {}) as { readonly conditions?: readonly Condition[] } & Record<
    string,
    unknown
  >
  const generation = object.metadata.generation
  const conditions = fields.conditions.map(stated => {
    const previous = before.conditions?.find(condition => condition.type === stated.type)
    return {
      ...stated,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      lastTransitionTime: previous?.status === stated.status ? previous.lastTransitionTime : now,
    }
  })
  const status = {
    phase: phaseOf(judged.trouble),
    ...fields,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions,
  }
  return { ref: refOf(object), subject: object, changed: !same(before, status), status }
}

const phaseOf = (trouble: Issue | undefined): string =>
  trouble === undefined ? 'Active' : trouble.effect === 'error' ? 'Error' : 'Pending'

/** Whether two JSON values are the same; a field that is undefined counts as absent. */
const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const left = Object.entries(a).filter(([, value]) => value !== undefined)
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined))
  return (
    left.length === right.size && left.every(([key, value]) => right.has(key) && same(value, right.get(key)))
  )
}

/** A stand-by cluster is healthy, so an inactive policy is ready. */
const ready = ({ trouble }: Judged<unknown>): Stated =>
  trouble === undefined
    ? { type: 'Ready', status: 'True', reason: 'ReconciliationSucceeded', message: 'reconciled' }
    : {
        type: 'Ready',
        status: trouble.effect === 'inactive' ? 'True' : 'False',
        reason: trouble.code,
        message: trouble.message,
      }

const brakeCondition = ({ verdict }: Reconciliation): readonly Stated[] =>
  verdict.reason === undefined
    ? []
    : [
        {
          type: 'BrakeTripped',
          status: 'True',
          reason: 'BrakeTripped',
          message: `${verdict.held.length} record changes are held back: ${verdict.reason}`,
        },
      ]

const identityStatus = (
  identity: Judged<ClusterIdentitySpec>,
  { world }: Evaluation,
  held: readonly Stated[],
): Fields => {
  const spec = identity.resource.spec
  const before = (identity.resource.object.status as ClusterIdentityStatus | undefined)?.applied
  // What was last written stays remembered until the brake lets its records go.
  const settled = identity.trouble === undefined && spec !== undefined && held.length === 0
  const applied =
    settled && world.identity.state === 'one' && world.configuration.state === 'one'
      ? { region: spec.region, cluster: spec.cluster, domain: spec.domain }
      : before
  return {
    ...(applied === undefined ? {} : { applied }),
    conditions: [ready(identity), adoptedRegions(identity), ...held],
  }
}

const adoptedRegions = ({ resource, issues }: Judged<ClusterIdentitySpec>): Stated => {
  const missing = issues.find(issue => issue.code === 'AdoptedRegionNotFound')
  const type = 'AdoptedRegionsValid'
  if (missing !== undefined) return { type, status: 'False', reason: missing.code, message: missing.message }
  const adopted = resource.spec?.adoptsRegions ?? []
  return adopted.length === 0
    ? { type, status: 'True', reason: 'NoAdoptedRegions', message: 'no region is adopted' }
    : { type, status: 'True', reason: 'AllAdoptedRegionsValid', message: `adopted: ${adopted.join(', ')}` }
}

const gatewayStatus = (
  gateway: Judged<GatewaySpec>,
  { world }: Evaluation,
  hosts: ReadonlyMap<string, ReadonlySet<string>>,
  published: Published,
): Fields => {
  const { resource, trouble } = gateway
  const spec = resource.spec
  const count = hosts.get(resource.key)?.size ?? 0
  const idle = trouble === undefined && count === 0 && world.identity.state === 'one'
  const addresses = spec === undefined ? [] : addressList(spec, world)
  const own =
    spec === undefined
      ? undefined
      : published.gateways.get(gatewayOwnerKey(spec.controller, spec.targetPostfix))
  return {
    ...(idle ? { phase: 'Pending' } : {}),
    ...(addresses[0] === undefined ? {} : { loadBalancerIP: addresses[0] }),
    addresses,
    hosts: count,
    conditions: [
      idle
        ? {
            type: 'Ready',
            status: 'False',
            reason: 'NoServiceRoutes',
            message: 'no ServiceRoute names this Gateway',
          }
        : ready(gateway),
      dnsReady(own, gateway.issues.find(issue => issue.code === 'LoadBalancerIPPending') ?? trouble),
    ],
  }
}

const addressList = (spec: GatewaySpec, world: Evaluation['world']): readonly string[] => {
  const addresses = addressesOf(spec, world)
  return addresses.state === 'none' ? [] : addresses.sets.flatMap(set => set.targets)
}

const policyStatus = (policy: Judged<unknown>, evaluation: Evaluation): Fields => {
  const { resource, trouble } = policy
  const state = evaluation.policyStates.get(resource.namespace)
  if (trouble !== undefined || state === undefined || state.state === 'none' || state.state === 'invalid')
    return { active: false, activeControllers: [], conditions: [ready(policy)] }
  if (state.state === 'inactive')
    return {
      phase: 'Pending',
      active: false,
      activeControllers: [],
      conditions: [
        { type: 'Ready', status: 'True', reason: 'DNSPolicyInactive', message: state.mismatch },
        { type: 'Active', status: 'False', reason: 'PolicyInactive', message: state.mismatch },
      ],
    }
  if (state.state !== 'active') return waiting(evaluation)
  const controllers = state.controllers.map(controller => controller.name)
  const none = controllers.length === 0
  const message = none
    ? 'no ExternalDNS controller serves this region'
    : `controllers: ${controllers.join(', ')}`
  return {
    ...(none ? { phase: 'Error' } : {}),
    active: true,
    activeControllers: controllers,
    conditions: [
      none ? { type: 'Ready', status: 'False', reason: 'NoActiveControllers', message } : ready(policy),
      { type: 'Active', status: 'True', reason: 'ReconciliationSucceeded', message },
    ],
  }
}

const waiting = ({ world }: Evaluation): Fields => {
  const reason =
    world.identity.state === 'one' ? 'DNSConfigurationNotAvailable' : 'ClusterIdentityNotAvailable'
  const message = `waiting for a valid ${world.identity.state === 'one' ? 'DNSConfiguration' : 'ClusterIdentity'}`
  return {
    phase: 'Pending',
    active: false,
    activeControllers: [],
    conditions: [{ type: 'Ready', status: 'False', reason, message }],
  }
}

const routeStatus = (route: JudgedRoute, published: Published): Fields => {
  const { trouble, facts, resource } = route
  const own = published.routes.get(routeOwnerKey(resource))
  const endpoints = own?.names.toSorted() ?? []
  const inactive = trouble?.effect === 'inactive'
  const foreign = published.foreign.get(resource.key)
  return {
    ...(foreign === undefined ? {} : { phase: 'Error' }),
    ...(facts.host === undefined ? {} : { host: facts.host }),
    ...(facts.target === undefined ? {} : { target: facts.target }),
    ...(endpoints[0] === undefined ? {} : { dnsEndpoint: endpoints[0] }),
    dnsEndpoints: endpoints,
    conditions: [
      foreign === undefined
        ? ready(route)
        : { type: 'Ready', status: 'False', reason: 'ForeignObject', message: foreign },
      ...(inactive
        ? [{ type: 'Active', status: 'False', reason: trouble.code, message: trouble.message } as const]
        : [dnsReady(own, trouble)]),
    ],
  }
}

/** ExternalDNS has read every DNSEndpoint; that the records are published it does not prove. */
const dnsReady = (own: PublishedObjects | undefined, trouble: Issue | undefined): Stated => {
  const type = 'DNSReady'
  if (trouble !== undefined) return { type, status: 'False', reason: trouble.code, message: trouble.message }
  if (own === undefined || own.names.length === 0)
    return { type, status: 'False', reason: 'DNSNotReady', message: 'there is no DNSEndpoint yet' }
  return own.unread === 0
    ? {
        type,
        status: 'True',
        reason: 'DNSEndpointsCreated',
        message: 'ExternalDNS has read every DNSEndpoint',
      }
    : {
        type,
        status: 'False',
        reason: 'DNSNotReady',
        message: `ExternalDNS has not read ${own.unread} of ${own.names.length} DNSEndpoints yet`,
      }
}

interface PublishedObjects {
  readonly names: string[]
  unread: number
}

/** By owner: the DNSEndpoints that exist once the plan is carried out, and how many ExternalDNS has not read. */
interface Published {
  readonly routes: ReadonlyMap<string, PublishedObjects>
  readonly gateways: ReadonlyMap<string, PublishedObjects>
  /** By route: why an object of its name is left alone. */
  readonly foreign: ReadonlyMap<string, string>
}

const publishedBy = ({ plan, evaluation }: Reconciliation): Published => {
  const routes = new Map<string, PublishedObjects>()
  const gateways = new Map<string, PublishedObjects>()
  const add = (
    map: Map<string, PublishedObjects>,
    owner: string,
    change: ObjectChange,
    read: boolean,
  ): void => {
    const known = map.get(owner) ?? { names: [], unread: 0 }
    known.names.push(change.ref.name)
    if (!read) known.unread++
    map.set(owner, known)
  }
  for (const change of plan.objects) {
    if (change.after === undefined || change.ref.kind !== 'DNSEndpoint') continue
    const existing = evaluation.world.current.dnsEndpoints.get(`${change.ref.namespace}/${change.ref.name}`)
    const read =
      change.action === 'unchanged' && existing !== undefined && isOurs(existing) && isRead(existing)
    const route = routeOwner(change.after)
    const gateway = gatewayOwner(change.after)
    if (route !== undefined) add(routes, route, change, read)
    else if (gateway !== undefined) add(gateways, gateway, change, read)
  }
  const foreign = new Map(
    plan.findings
      .filter(finding => finding.code === 'ForeignObject')
      .map(finding => [`${finding.resource?.namespace}/${finding.resource?.name}`, finding.message]),
  )
  return { routes, gateways, foreign }
}

const isRead = (object: KubeObject): boolean => {
  const observed = (object.status as { observedGeneration?: unknown } | undefined)?.observedGeneration
  return observed !== undefined && observed === object.metadata.generation
}
