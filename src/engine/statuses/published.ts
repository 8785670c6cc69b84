import { IstioGateway } from '../../api/kinds.ts'
import { label } from '../../api/labels.ts'
import { objectKey } from '../../api/object.ts'
import type { ObjectChange } from '../change.ts'
import { gatewayOwner, isRead, routeOwner } from '../current.ts'
import type { Evaluation } from '../evaluate.ts'
import type { Issue } from '../issue.ts'
import type { Plan } from '../plan.ts'
import { type Compared, comparison } from './compared.ts'
import type { Stated } from './stated.ts'

export interface PublishedObjects {
  readonly names: string[]
  unread: number
  /** What the zones answer, of a route; undefined where none of its zones can be read. */
  compared?: Compared
  /** Why one of them could not be written. */
  failure?: string
}

/** By owner: the DNSEndpoints that exist once the plan is carried out, and how many ExternalDNS has not read. */
export interface Published {
  readonly routes: ReadonlyMap<string, PublishedObjects>
  readonly gateways: ReadonlyMap<string, PublishedObjects>
  /** By Gateway, as `namespace/label value of its name`: why its Istio Gateway could not be written. */
  readonly istio: ReadonlyMap<string, string>
  /** By route: why an object of its name is left alone. */
  readonly foreign: ReadonlyMap<string, string>
}

/** The part of a reconciliation, whole or slice, that was written. */
interface Written {
  readonly evaluation: Evaluation
  readonly plan: Pick<Plan, 'objects' | 'findings'>
}

export const publishedBy = (
  { plan, evaluation }: Written,
  failures: ReadonlyMap<string, string>,
): Published => {
  const routes = new Map<string, PublishedObjects>()
  const gateways = new Map<string, PublishedObjects>()
  const compare = comparison(evaluation.world)
  const failureOf = ({ ref }: ObjectChange): string | undefined =>
    failures.size === 0 ? undefined : failures.get(objectKey(ref))
  const add = (
    map: Map<string, PublishedObjects>,
    owner: string,
    change: ObjectChange,
    read: boolean,
  ): void => {
    const known = map.get(owner) ?? { names: [], unread: 0 }
    const failure = failureOf(change)
    if (failure !== undefined) known.failure = `DNSEndpoint ${change.ref.name}: ${failure}`
    else {
      known.names.push(change.ref.name)
      if (!read) known.unread++
    }
    map.set(owner, known)
  }
  for (const change of plan.objects) {
    if (change.after === undefined || change.ref.kind !== 'DNSEndpoint') continue
    const existing = evaluation.world.current.dnsEndpoints.ours.get(
      `${change.ref.namespace}/${change.ref.name}`,
    )
    const read = change.action === 'unchanged' && existing !== undefined && isRead(existing)
    const route = routeOwner(change.after)
    const gateway = gatewayOwner(change.after)
    if (route !== undefined) {
      add(routes, route, change, read)
      if (read) compare(routes.get(route), existing)
    } else if (gateway !== undefined) add(gateways, gateway, change, read)
  }
  const foreign = new Map(
    plan.findings
      .filter(finding => finding.code === 'ForeignObject')
      .map(finding => [`${finding.resource?.namespace}/${finding.resource?.name}`, finding.message]),
  )
  return { routes, gateways, foreign, istio: istioFailures(plan, failureOf) }
}

const istioFailures = (
  plan: Written['plan'],
  failureOf: (change: ObjectChange) => string | undefined,
): ReadonlyMap<string, string> =>
  new Map(
    plan.objects.flatMap(change => {
      const { ref, after, before } = change
      if (ref.kind !== IstioGateway.kind) return []
      const message = failureOf(change)
      const gateway = (after ?? before)?.metadata.labels?.[label.gateway]
      if (message === undefined || gateway === undefined) return []
      return [[`${ref.namespace}/${gateway}`, `Istio Gateway ${ref.name}: ${message}`] as const]
    }),
  )

/** ExternalDNS has read every DNSEndpoint; that the records are published it does not prove. */
export const dnsReady = (own: PublishedObjects | undefined, trouble: Issue | undefined): Stated => {
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
