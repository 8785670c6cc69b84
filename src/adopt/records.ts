import { claimName, clusterNameOf } from '../api/claims.ts'
import type { ClusterIdentitySpec } from '../api/cluster-identity.ts'
import { label } from '../api/labels.ts'
import { hostName, targetName } from '../api/names.ts'
import type { KubeObject } from '../api/object.ts'
import { type QueryType, queryTypes } from '../api/questions.ts'
import { endpointsOf, routeOwner } from '../engine/current.ts'
import { writers } from '../engine/diff/record.ts'
import type { World } from '../engine/world.ts'
import { byKey } from '../lib/compare.ts'

/** Which of the two instances of the split set-up a record is for. */
export type RecordKind = 'route' | 'gateway'

/** A record that may be in the zone of one controller, and that this cluster has to do with. */
export interface ZoneRecord {
  readonly name: string
  readonly type: QueryType
  readonly kind: RecordKind
  /**
   * `published`: by a DNSEndpoint of this cluster. `shared`: a claim, or the name of a gateway that this cluster may stand
   * in for; whoever takes over has to own it. `foreign`: known here, and published by another cluster.
   */
  readonly standing: 'published' | 'shared' | 'foreign'
  /** What this cluster publishes; empty where it publishes nothing under the name. */
  readonly targets: readonly string[]
  /** Of the DNSEndpoint, where there is one: what an instance picks it by. */
  readonly metadata?: KubeObject['metadata']
}

/**
 * The records of one controller, by name and type.
 *
 * | where it is known from                                        | standing  |
 * | ------------------------------------------------------------- | --------- |
 * | a DNSEndpoint of a route, of a gateway, or of failover        | published |
 * | the claim on this cluster, and on those it may stand in for   | shared    |
 * | gateways of those, with the postfixes that this cluster has   | shared    |
 * | a ServiceRoute whose host this cluster does not publish there | foreign   |
 */
export const recordsOf = (world: World, controller: string): readonly ZoneRecord[] => {
  if (world.identity.state !== 'one') return []
  const records = new Map<string, ZoneRecord>()
  const add = (record: ZoneRecord): void => {
    const key = `${record.name} ${record.type}`
    if (!records.has(key)) records.set(key, record)
  }
  for (const record of published(world, controller)) add(record)
  const names = new Set([...records.values()].map(({ name }) => name))
  for (const record of [...shared(world, records.values()), ...foreign(world)])
    if (!names.has(record.name)) add(record)
  return [...records.values()].sort(
    byKey(
      ({ name }) => name,
      ({ type }) => type,
    ),
  )
}

const published = (world: World, controller: string): readonly ZoneRecord[] => {
  const writerOf = writers(world)
  return [...world.current.dnsEndpoints.ours.values()].flatMap(object => {
    if (writerOf(object, undefined).controller !== controller) return []
    const kind = kindOf(object)
    if (kind === undefined) return []
    return endpointsOf(object).flatMap(({ dnsName: name, recordType, targets }) => {
      const type = queryTypes.find(each => each === recordType)
      const { metadata } = object
      return type === undefined
        ? []
        : [{ name, type, kind, targets, standing: 'published', metadata } as const]
    })
  })
}

const kindOf = (object: Parameters<typeof routeOwner>[0]): RecordKind | undefined => {
  if (object.metadata.labels?.[label.resourceType] !== undefined) return 'gateway'
  return routeOwner(object) === undefined ? undefined : 'route'
}

const shared = (world: World, own: Iterable<ZoneRecord>): readonly ZoneRecord[] => {
  if (world.identity.state !== 'one') return []
  const { domain } = world.identity.spec
  const me = clusterNameOf(world.identity.spec)
  const peers = world.failovers.flatMap(({ spec }) => spec ?? [])
  const postfixes = postfixesIn(own, world.identity.spec)
  const record = (name: string, type: QueryType): ZoneRecord => ({
    name,
    type,
    kind: 'gateway',
    standing: 'shared',
    targets: [],
  })
  return [
    ...[me, ...peers.map(clusterNameOf)].map(cluster => record(claimName(cluster, domain), 'CNAME')),
    ...peers.flatMap(peer =>
      postfixes.flatMap(postfix =>
        queryTypes.map(type => record(targetName({ ...peer, domain }, postfix), type)),
      ),
    ),
  ]
}

/** Those of the gateways that this cluster publishes. */
const postfixesIn = (own: Iterable<ZoneRecord>, identity: ClusterIdentitySpec): readonly string[] => {
  const [before, after] = [`${clusterNameOf(identity)}-`, `.${identity.domain}`]
  const postfixes = new Set<string>()
  for (const { name, kind } of own)
    if (kind === 'gateway' && name.startsWith(before) && name.endsWith(after))
      postfixes.add(name.slice(before.length, -after.length))
  return [...postfixes]
}

const foreign = ({ routes, identity }: World): readonly ZoneRecord[] =>
  identity.state !== 'one'
    ? []
    : routes.flatMap(({ spec }) =>
        spec === undefined
          ? []
          : [
              {
                name: hostName(spec, identity.spec),
                type: 'CNAME',
                kind: 'route',
                standing: 'foreign',
                targets: [],
              } as const,
            ],
      )
