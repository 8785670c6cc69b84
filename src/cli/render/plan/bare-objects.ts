import type { DNSEndpointSpec } from '../../../api/foreign.ts'
import { DNSEndpoint, IstioGateway } from '../../../api/kinds.ts'
import { label } from '../../../api/labels.ts'
import { labelValue } from '../../../api/names.ts'
import { groupOf, objectKey, type ResourceRef, shortName } from '../../../api/object.ts'
import type { ObjectChange } from '../../../engine/change.ts'
import type { Host } from './hosts.ts'
import type { LocatedRecord } from './report.ts'

/**
 * The object changes that no record change tells of: new labels on a DNSEndpoint, an Istio Gateway's hosts, a
 * resource of `-f` that has no effect on DNS. `hosts` are the record changes.
 */
export const bareObjects = (
  objects: readonly ObjectChange[],
  hosts: readonly Host[],
): readonly ObjectChange[] => {
  const records = new Map(hosts.map(host => [host.name, host.records]))
  let sources: ReadonlySet<string> | undefined
  return objects.filter(change => {
    if (change.action === 'unchanged') return false
    if (change.ref.kind === DNSEndpoint.kind) return !holdsOneOf(change, records)
    sources ??= sourcesOf(hosts)
    return !sources.has(objectKey(change.ref))
  })
}

const sourcesOf = (hosts: readonly Host[]): ReadonlySet<string> => {
  const keys = new Set<string>()
  for (const host of hosts)
    for (const { source } of host.records) if (source !== null) keys.add(objectKey(source))
  return keys
}

/** Whether a DNSEndpoint holds, or held, one of the records. */
const holdsOneOf = (
  { before, after }: ObjectChange,
  records: ReadonlyMap<string, readonly LocatedRecord[]>,
): boolean => {
  const labels = (after ?? before)?.metadata.labels
  // The earlier operator's objects do not all say who writes them.
  const writer = labels?.[label.controller] ?? labels?.[label.app]
  const isWriter = (record: LocatedRecord): boolean =>
    writer === undefined
      ? record.zone === labels?.[label.region]
      : writer === record.controller || writer === labelValue(record.controller)
  for (const object of [after, before])
    for (const { dnsName, recordType } of (object?.spec as DNSEndpointSpec | undefined)?.endpoints ?? [])
      if (records.get(dnsName)?.some(record => record.type === recordType && isWriter(record))) return true
  return false
}

/** `DNSEndpoint app1/api`. Two kinds are called Gateway, and one is not ours. */
export const objectName = (ref: ResourceRef): string => {
  const istio = ref.kind === IstioGateway.kind && groupOf(ref.apiVersion) === IstioGateway.group
  return `${istio ? 'Istio ' : ''}${ref.kind} ${shortName(ref)}`
}

export const objectVerbs = { create: 'add', update: 'change', delete: 'delete', unchanged: 'change' } as const
