import type { ClusterIdentitySpec, ClusterIdentityStatus } from '../../api/cluster-identity.ts'
import { label } from '../../api/labels.ts'
import type { KubeObject } from '../../api/object.ts'
import { endpointsOf, gatewayOwner } from '../current.ts'
import type { Resource } from '../resource.ts'

const fields = ['cluster', 'region', 'domain', 'environmentLetter'] as const

/**
 * The spec of a ClusterIdentity as it was when records were last written, where that differs: `status.applied`, or for
 * one that has none (taken over from the earlier operator, or deleted and made again) what the gateways' records say.
 */
export const rememberedSpec = (
  identity: Resource<ClusterIdentitySpec>,
  current: Iterable<KubeObject>,
  regions: ReadonlySet<string>,
): ClusterIdentitySpec | undefined => {
  const spec = identity.spec
  if (spec === undefined) return undefined
  const applied = (identity.object.status as ClusterIdentityStatus | undefined)?.applied ?? undefined
  const remembered: Partial<Record<(typeof fields)[number], unknown>> | undefined =
    applied ?? readOff(current, spec, regions)
  if (remembered === undefined) return undefined
  const before = { ...spec }
  for (const field of fields) {
    const value = remembered[field]
    if (typeof value === 'string') before[field] = value
  }
  return fields.some(field => before[field] !== spec[field]) ? before : undefined
}

export const identityCause = (before: ClusterIdentitySpec, after: ClusterIdentitySpec): string => {
  const changes = fields.flatMap(field =>
    before[field] === after[field] ? [] : [`${field} from ${before[field]} to ${after[field]}`],
  )
  return `the ClusterIdentity changed ${changes.join(', ')}`
}

/** What the name of a gateway tells. */
const told = ['cluster', 'region', 'domain'] as const
type Parts = Pick<ClusterIdentitySpec, (typeof told)[number]>

/** Undefined where some record is this identity's own, or none tells whose it is. */
const readOff = (
  current: Iterable<KubeObject>,
  spec: ClusterIdentitySpec,
  regions: ReadonlySet<string>,
): Parts | undefined => {
  let found: Parts | undefined
  for (const object of current) {
    if (gatewayOwner(object) === undefined) continue
    const postfix = object.metadata.labels?.[label.targetPostfix] ?? ''
    for (const { dnsName } of endpointsOf(object)) {
      const parts = partsOf(dnsName, postfix, regions)
      if (parts === undefined) continue
      if (told.every(field => parts[field] === spec[field])) return undefined
      found ??= parts
    }
  }
  return found
}

/**
 * | name                              | postfix  | regions  | answer                        |
 * | --------------------------------- | -------- | -------- | ----------------------------- |
 * | aks01-weu-internal.aks.example.com | internal | weu, neu | aks01, weu, aks.example.com   |
 * | aks01-frc-internal.aks.example.com | internal | weu, neu | (none)                        |
 */
const partsOf = (name: string, postfix: string, regions: ReadonlySet<string>): Parts | undefined => {
  const dot = name.indexOf('.')
  const first = name.slice(0, dot)
  if (dot < 0 || !first.endsWith(`-${postfix}`)) return undefined
  if (first.startsWith('own-')) return undefined
  const cluster = first.slice(0, -postfix.length - 1)
  const region = [...regions].find(candidate => cluster.endsWith(`-${candidate}`))
  return region === undefined
    ? undefined
    : { cluster: cluster.slice(0, -region.length - 1), region, domain: name.slice(dot + 1) }
}
