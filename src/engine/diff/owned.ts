import type { IstioGatewaySpec, IstioServer } from '../../api/foreign.ts'
import { IstioGateway } from '../../api/kinds.ts'
import type { KubeObject, OwnerReference } from '../../api/object.ts'
import { endpointsOf, serversOf } from '../current.ts'
import { sameTargets } from './record.ts'

/**
 * Normalisation: what of an existing object is ours to say. Both sides of a comparison go through it, so that
 * another manager's labels, the server's bookkeeping and the order of endpoints are no difference.
 */
export const owned = (existing: KubeObject, wanted: KubeObject): KubeObject => ({
  apiVersion: wanted.apiVersion,
  kind: wanted.kind,
  metadata: {
    name: wanted.metadata.name,
    ...(wanted.metadata.namespace === undefined ? {} : { namespace: wanted.metadata.namespace }),
    labels: picked(existing.metadata.labels, wanted.metadata.labels),
    annotations: picked(existing.metadata.annotations, wanted.metadata.annotations),
    ...ownerReferences(existing, wanted),
  },
  spec: existing.spec,
})

const picked = (
  existing: Readonly<Record<string, string>> = {},
  wanted: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => {
  const result: Record<string, string> = {}
  for (const key of Object.keys(wanted)) if (existing[key] !== undefined) result[key] = existing[key]
  return result
}

const ownerReferences = (
  existing: KubeObject,
  wanted: KubeObject,
): { readonly ownerReferences?: readonly OwnerReference[] } => {
  const uids = new Set(wanted.metadata.ownerReferences?.map(reference => reference.uid))
  const kept = (existing.metadata.ownerReferences ?? []).filter(reference => uids.has(reference.uid))
  return kept.length === 0 ? {} : { ownerReferences: kept }
}

/** Why `existing` is not what is wanted, as the names of the parts that differ; none when nothing is to do. */
export const differences = (existing: KubeObject, wanted: KubeObject): readonly string[] => {
  const parts: string[] = []
  if (!contains(existing.metadata.labels, wanted.metadata.labels)) parts.push('labels')
  if (!contains(existing.metadata.annotations, wanted.metadata.annotations)) parts.push('annotations')
  if (!hasOwners(existing, wanted)) parts.push('owner')
  const sameSpec = wanted.kind === IstioGateway.kind ? sameIstioSpec : sameEndpoints
  if (!sameSpec(existing, wanted)) parts.push('spec')
  return parts
}

const contains = (
  existing: Readonly<Record<string, string>> = {},
  wanted: Readonly<Record<string, string>> = {},
): boolean => {
  for (const key in wanted) if (existing[key] !== wanted[key]) return false
  return true
}

/** An owner without uid is not wanted yet (see ownedBy), and the flags of a reference do not matter to anyone. */
const hasOwners = (existing: KubeObject, wanted: KubeObject): boolean =>
  (wanted.metadata.ownerReferences ?? []).every(reference =>
    existing.metadata.ownerReferences?.some(
      present =>
        present.uid === reference.uid &&
        present.apiVersion === reference.apiVersion &&
        present.kind === reference.kind &&
        present.name === reference.name,
    ),
  )

const endpointFields = new Set(['dnsName', 'recordType', 'recordTTL', 'targets'])

const sameEndpoints = (existing: KubeObject, wanted: KubeObject): boolean => {
  const before = endpointsOf(existing)
  const after = endpointsOf(wanted)
  const listed = (existing.spec as { endpoints?: readonly unknown[] } | undefined)?.endpoints ?? []
  // An endpoint that is none, or a field that srouter never writes, was put there by hand.
  if (listed.length !== after.length || before.length !== after.length) return false
  return after.every(endpoint => {
    const match = before.find(
      candidate => candidate.dnsName === endpoint.dnsName && candidate.recordType === endpoint.recordType,
    )
    return (
      match !== undefined &&
      match.recordTTL === endpoint.recordTTL &&
      (sameTargets(match.targets, endpoint.targets) ||
        sameTargets(match.targets.toSorted(), endpoint.targets.toSorted())) &&
      Object.keys(match).every(field => endpointFields.has(field))
    )
  })
}

const sameIstioSpec = (existing: KubeObject, wanted: KubeObject): boolean => {
  const before = existing.spec as IstioGatewaySpec | undefined
  const after = wanted.spec as IstioGatewaySpec
  const servers = serversOf(existing)
  return (
    sameFields(before?.selector, after.selector) &&
    // Whatever is no server was put there by hand.
    servers.length === (before?.servers ?? []).length &&
    servers.length === after.servers?.length &&
    servers.every((server, index) => sameServer(server, after.servers?.[index])) &&
    Object.keys(before ?? {}).every(key => key === 'selector' || key === 'servers')
  )
}

const sameServer = (before: IstioServer, after: IstioServer | undefined): boolean =>
  after !== undefined &&
  sameFields(before.port, after.port) &&
  sameFields(before.tls, after.tls) &&
  sameTargets((before.hosts ?? []).toSorted(), after.hosts ?? []) &&
  Object.keys(before).every(key => key in after)

const sameFields = (before: object | undefined, after: object | undefined): boolean => {
  const a = Object.entries(before ?? {})
  const b = new Map(Object.entries(after ?? {}))
  return a.length === b.size && a.every(([key, value]) => b.get(key) === value)
}
