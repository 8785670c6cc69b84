import type { ExternalDNSController } from '../api/dns-configuration.ts'
import { controllerLabels, endpointAnnotations } from '../api/endpoint-metadata.ts'
import { apiVersionOf, DNSEndpoint } from '../api/kinds.ts'
import { gatewayServiceType, label } from '../api/labels.ts'
import type { KubeObject } from '../api/object.ts'
import { matches, parseSelector } from '../api/selector.ts'
import type { Instance } from './instance.ts'
import { policyOf, type Settings } from './settings.ts'

/**
 * What an instance writes for one controller of DNSConfiguration: `routes` the CNAMEs of routes, `gateways` the
 * addresses of gateways and claims, `single` both.
 */
export type Role = 'routes' | 'gateways' | 'single'

/** How an instance differs from what docs/externaldns.md shows for its role. */
export type Deviation = 'policy' | 'registry' | 'recordTypesMissing' | 'recordTypesTooMany'

export interface ZoneInstance {
  readonly instance: Instance
  readonly role: Role
  readonly deviations: readonly Deviation[]
}

/** What writes the records of one controller. */
export interface ZoneSetUp {
  readonly controller: ExternalDNSController
  /** In the order of the instances. */
  readonly instances: readonly ZoneInstance[]
  /** `other`: there are instances, and they are none of the documented set-ups. */
  readonly kind: 'split' | 'single' | 'other' | 'none'
}

/** What a role has to be like. */
const documented: Readonly<Record<Role, { readonly policy: string; readonly types: readonly string[] }>> = {
  routes: { policy: 'sync', types: ['CNAME'] },
  gateways: { policy: 'upsert-only', types: ['A', 'AAAA', 'CNAME'] },
  single: { policy: 'upsert-only', types: ['A', 'AAAA', 'CNAME'] },
}

/**
 * Who writes the records of `controller`. Instances that are stopped write nothing.
 *
 * | roles of the instances, as documented each | answer                            |
 * | ------------------------------------------ | --------------------------------- |
 * | routes, gateways                           | split, if prefixes and owners differ |
 * | single                                     | single                            |
 * | (none)                                     | none                              |
 * | anything else                              | other                             |
 */
export const zoneSetUp = (controller: ExternalDNSController, all: readonly Instance[]): ZoneSetUp => {
  const instances = all.flatMap(instance => {
    const role = instance.replicas === 0 ? undefined : roleOf(instance.settings, controller)
    return role === undefined ? [] : [{ instance, role, deviations: deviationsOf(instance.settings, role) }]
  })
  return { controller, instances, kind: kindOf(instances) }
}

const kindOf = (instances: readonly ZoneInstance[]): ZoneSetUp['kind'] => {
  const [first, second, ...more] = instances.toSorted((a, b) => order.indexOf(a.role) - order.indexOf(b.role))
  if (first === undefined) return 'none'
  if (more.length > 0 || instances.some(({ deviations }) => deviations.length > 0)) return 'other'
  if (second === undefined) return first.role === 'single' ? 'single' : 'other'
  const [a, b] = [first.instance.settings, second.instance.settings]
  return first.role === 'routes' &&
    second.role === 'gateways' &&
    a.txtPrefix !== b.txtPrefix &&
    a.ownerId !== b.ownerId
    ? 'split'
    : 'other'
}

const order: readonly Role[] = ['routes', 'gateways', 'single']

/** Undefined where it selects nothing of what srouter makes for `controller`. */
export const roleOf = (settings: Settings, controller: ExternalDNSController): Role | undefined => {
  const annotations = endpointAnnotations(controller.region)
  const [routes, gateways] = samples(controller).map(labels => selects(settings, { labels, annotations }))
  if (routes) return gateways ? 'single' : 'routes'
  return gateways ? 'gateways' : undefined
}

const ourKind = `${apiVersionOf(DNSEndpoint)} ${DNSEndpoint.kind}`

/** The labels of a route's DNSEndpoint and of a gateway's. */
const samples = (controller: ExternalDNSController): readonly Readonly<Record<string, string>>[] => [
  { ...controllerLabels(controller), [label.serviceRoute]: 'route', [label.sourceNamespace]: 'namespace' },
  {
    ...controllerLabels(controller),
    [label.istioController]: 'controller',
    [label.targetPostfix]: 'postfix',
    [label.resourceType]: gatewayServiceType,
  },
]

/** Whether its filters pass a DNSEndpoint, in whichever namespace. */
export const selects = (
  { sources, crd, labelFilter, annotationFilter }: Settings,
  { labels = {}, annotations = {} }: Pick<KubeObject['metadata'], 'labels' | 'annotations'>,
): boolean => {
  if (!sources.includes('crd') || crd !== ourKind) return false
  const byLabel = parseSelector(labelFilter)
  const byAnnotation = parseSelector(annotationFilter)
  return (
    byLabel !== undefined &&
    byAnnotation !== undefined &&
    matches(byLabel, labels) &&
    matches(byAnnotation, annotations)
  )
}

const deviationsOf = (settings: Settings, role: Role): readonly Deviation[] => {
  const { policy, types } = documented[role]
  const table: readonly (readonly [Deviation, boolean])[] = [
    ['policy', policyOf(settings) !== policy],
    ['registry', settings.registry !== 'txt'],
    ['recordTypesMissing', types.some(type => !settings.recordTypes.includes(type))],
    // Of what srouter makes; what else an instance manages is its owner's business.
    [
      'recordTypesTooMany',
      settings.recordTypes.some(type => addressTypes.includes(type) && !types.includes(type)),
    ],
  ]
  return table.filter(([, differs]) => differs).map(([deviation]) => deviation)
}

const addressTypes: readonly string[] = ['A', 'AAAA']
