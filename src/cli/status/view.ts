import { clusterNameOf } from '../../api/claims.ts'
import { label } from '../../api/labels.ts'
import { targetName } from '../../api/names.ts'
import type { KubeObject } from '../../api/object.ts'
import { isOurs } from '../../api/ownership.ts'
import { isRead, routeOwner, routeOwnerKey } from '../../engine/current.ts'
import { byKey, sortedBy } from '../../lib/compare.ts'
import { conditionsOf, fieldsOf, type Stated, specOf, stated, textIn, textsIn } from './fields.ts'
import { type StatusKind, type StatusObjects, statusKinds } from './objects.ts'

/** Everything that `status` shows, from what objects say of themselves: nothing is judged, and no zone is asked. */
export interface StatusView {
  /** Undefined where there is no single ClusterIdentity, or it may not be read. */
  readonly cluster: { readonly name: string; readonly region: string; readonly domain: string } | undefined
  /** What the platform's singletons are in, where it is worth a line: `Yielded`, `BrakeTripped`, an error. */
  readonly remarks: readonly Remark[]
  /** Those that the filters select, by namespace and name. */
  readonly routes: readonly RouteRow[]
  /** How many there are before the filters. */
  readonly allRoutes: number
  readonly gateways: readonly GatewayRow[]
  readonly zones: readonly ZoneRow[]
  readonly failovers: readonly FailoverRow[]
  /** Kinds that could not be read. */
  readonly unread: readonly string[]
}

export interface Remark {
  readonly reason: string
  readonly message: string
}

interface Row extends Stated {
  readonly name: string
  readonly created: string | undefined
}

export interface RouteRow extends Row {
  readonly namespace: string
  readonly host: string | undefined
  readonly target: string | undefined
  /** The regions in whose zones it has DNSEndpoints. Undefined, as what follows, where these may not be read. */
  readonly zones: readonly string[] | undefined
  /** Its DNSEndpoints, and how many of them ExternalDNS has read as they are now. */
  readonly endpoints: number | undefined
  readonly read: number | undefined
}

export interface GatewayRow extends Row {
  readonly namespace: string
  readonly target: string | undefined
  readonly addresses: readonly string[]
  readonly hosts: number | undefined
}

export interface ZoneRow {
  readonly zone: string
  readonly controllers: readonly string[]
  /** DNSEndpoints of routes that are selected, and of gateways; and how many of them all were read. */
  readonly endpoints: number
  readonly read: number
}

export interface FailoverRow extends Row {
  readonly state: string | undefined
}

export interface Filters {
  readonly namespace: string | undefined
  readonly phase: string | undefined
  readonly zone: string | undefined
}

export const viewOf = (objects: StatusObjects, filters: Filters): StatusView => {
  const identity = onlyOne(objects.ClusterIdentity)
  const cluster = clusterOf(identity)
  const endpoints = objects.DNSEndpoint?.filter(isOurs)
  const rows = routeRows(objects.ServiceRoute ?? [], endpoints)
  return {
    cluster,
    remarks: remarksOf([...(objects.ClusterIdentity ?? []), ...(objects.DNSConfiguration ?? [])]),
    routes: rows.filter(row => isSelected(row, filters)),
    allRoutes: rows.length,
    gateways: sortedBy(
      (objects.Gateway ?? []).map(object => gatewayRow(object, identity)),
      ({ namespace, name }) => `${namespace}/${name}`,
    ),
    zones: zoneRows(objects.DNSConfiguration, endpoints ?? []),
    failovers: sortedBy((objects.RegionFailover ?? []).map(failoverRow), ({ name }) => name),
    unread: Object.keys(statusKinds).filter(kind => objects[kind as StatusKind] === undefined),
  }
}

const isSelected = (row: RouteRow, { namespace, phase, zone }: Filters): boolean =>
  (namespace === undefined || row.namespace === namespace) &&
  (phase === undefined || row.phase === phase) &&
  (zone === undefined || row.zones?.includes(zone) === true)

const routeRows = (
  routes: readonly KubeObject[],
  endpoints: readonly KubeObject[] | undefined,
): readonly RouteRow[] => {
  const owned = Map.groupBy(endpoints ?? [], object => routeOwner(object) ?? '')
  const rows = routes.map(object => {
    const { namespace = '', name } = object.metadata
    const own = owned.get(routeOwnerKey({ namespace, name })) ?? []
    const fields = fieldsOf(object)
    return {
      namespace,
      ...rowOf(object),
      host: textIn(fields, 'host'),
      target: textIn(fields, 'target'),
      ...publishedBy(own, endpoints === undefined),
    }
  })
  return rows.sort(
    byKey(
      row => row.namespace,
      row => row.name,
    ),
  )
}

const publishedBy = (
  own: readonly KubeObject[],
  isUnread: boolean,
): Pick<RouteRow, 'zones' | 'endpoints' | 'read'> =>
  isUnread
    ? { zones: undefined, endpoints: undefined, read: undefined }
    : {
        zones: [...new Set(own.flatMap(({ metadata }) => metadata.labels?.[label.region] ?? []))].sort(),
        endpoints: own.length,
        read: own.filter(isRead).length,
      }

const rowOf = (object: KubeObject): Row => ({
  name: object.metadata.name,
  created: object.metadata.creationTimestamp,
  ...stated(object),
})

const gatewayRow = (object: KubeObject, identity: KubeObject | undefined): GatewayRow => {
  const fields = fieldsOf(object)
  const parts = identity === undefined ? undefined : identityParts(identity)
  const postfix = textIn(specOf(object), 'targetPostfix')
  return {
    namespace: object.metadata.namespace ?? '',
    ...rowOf(object),
    target: parts === undefined || postfix === undefined ? undefined : targetName(parts, postfix),
    addresses: textsIn(fields, 'addresses'),
    hosts: typeof fields.hosts === 'number' ? fields.hosts : undefined,
  }
}

const failoverRow = (object: KubeObject): FailoverRow => ({
  ...rowOf(object),
  state: textIn(fieldsOf(object), 'state'),
})

/** Every zone that a controller or a DNSEndpoint names. */
const zoneRows = (
  configurations: readonly KubeObject[] | undefined,
  endpoints: readonly KubeObject[],
): readonly ZoneRow[] => {
  const controllers = controllersOf(onlyOne(configurations))
  const byZone = Map.groupBy(endpoints, ({ metadata }) => metadata.labels?.[label.region] ?? '')
  const zones = new Set([...controllers.map(({ region }) => region), ...byZone.keys()])
  return [...zones]
    .filter(zone => zone !== '')
    .sort()
    .map(zone => {
      const own = byZone.get(zone) ?? []
      return {
        zone,
        controllers: controllers.filter(({ region }) => region === zone).map(({ name }) => name),
        endpoints: own.length,
        read: own.filter(isRead).length,
      }
    })
}

const controllersOf = (
  configuration: KubeObject | undefined,
): readonly { readonly name: string; readonly region: string }[] => {
  const named = configuration === undefined ? undefined : specOf(configuration).externalDNSControllers
  if (!Array.isArray(named)) return []
  return named.flatMap(each => {
    const [name, region] = [textIn(each ?? {}, 'name'), textIn(each ?? {}, 'region')]
    return name === undefined || region === undefined ? [] : [{ name, region }]
  })
}

const onlyOne = (objects: readonly KubeObject[] = []): KubeObject | undefined =>
  objects.length === 1 ? objects[0] : undefined

const identityParts = (identity: KubeObject) => {
  const spec = specOf(identity)
  const [cluster, region, domain] = [textIn(spec, 'cluster'), textIn(spec, 'region'), textIn(spec, 'domain')]
  return cluster === undefined || region === undefined || domain === undefined
    ? undefined
    : { cluster, region, domain }
}

const clusterOf = (identity: KubeObject | undefined): StatusView['cluster'] => {
  const parts = identity === undefined ? undefined : identityParts(identity)
  return parts === undefined
    ? undefined
    : { name: clusterNameOf(parts), region: parts.region, domain: parts.domain }
}

/** Conditions that are news where they are True; Ready is where it is False. */
const news = new Set(['Yielded', 'BrakeTripped', 'OrphanedRecords'])

/** What both singletons say, as they do of the brake, is said once. */
const remarksOf = (objects: readonly KubeObject[]): readonly Remark[] => [
  ...new Map(
    objects
      .flatMap(conditionsOf)
      .filter(({ type, status }) =>
        type === 'Ready' ? status === 'False' : news.has(type) && status === 'True',
      )
      .map(({ reason, message }) => [`${reason} ${message}`, { reason, message }]),
  ).values(),
]
