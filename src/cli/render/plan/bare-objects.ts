import { DNSEndpoint, IstioGateway } from '../../../api/kinds.ts'
import { label } from '../../../api/labels.ts'
import { labelValue } from '../../../api/names.ts'
import { groupOf, objectKey, type ResourceRef, shortName } from '../../../api/object.ts'
import type { ObjectChange, RecordChange } from '../../../engine/change.ts'
import { endpointsOf } from '../../../engine/current.ts'

/**
 * The object changes that no record change tells of: new labels on a DNSEndpoint, an Istio Gateway's hosts, a
 * resource of `-f` that has no effect on DNS.
 */
export const bareObjects = (
  objects: readonly ObjectChange[],
  records: readonly RecordChange[],
): readonly ObjectChange[] => {
  const firsts = firstOfName(records)
  let sources: ReadonlySet<string> | undefined
  return objects.filter(change => {
    if (change.action === 'unchanged') return false
    if (change.ref.kind === DNSEndpoint.kind) return !holdsOneOf(change, records, firsts)
    if (isIstio(change.ref)) return true
    sources ??= sourcesOf(records)
    return !sources.has(objectKey(change.ref))
  })
}

const sourcesOf = (records: readonly RecordChange[]): ReadonlySet<string> => {
  const keys = new Set<string>()
  for (const { action, source } of records)
    if (action !== 'unchanged' && source !== null) keys.add(objectKey(source))
  return keys
}

/** Whether a DNSEndpoint holds, or held, one of the records that change. */
const holdsOneOf = (
  { before, after }: ObjectChange,
  records: readonly RecordChange[],
  firsts: ReadonlyMap<string, number>,
): boolean => {
  const labels = (after ?? before)?.metadata.labels
  // The earlier operator's objects do not all say who writes them.
  const writer = labels?.[label.controller] ?? labels?.[label.app]
  const isWriter = (record: RecordChange): boolean =>
    writer === undefined
      ? record.zone === labels?.[label.region]
      : writer === record.controller || writer === labelValue(record.controller)
  for (const object of [after, before])
    for (const { dnsName, recordType } of object === undefined ? [] : endpointsOf(object))
      for (let at = firsts.get(dnsName) ?? records.length; records[at]?.name === dnsName; at++) {
        const record = records[at]
        if (record?.type === recordType && record.action !== 'unchanged' && isWriter(record)) return true
      }
  return false
}

/** By name the index of the first of its records; they stand together. */
const firstOfName = (records: readonly RecordChange[]): ReadonlyMap<string, number> => {
  const firsts = new Map<string, number>()
  let last: string | undefined
  for (const [index, { name }] of records.entries()) {
    if (name !== last) firsts.set(name, index)
    last = name
  }
  return firsts
}

const isIstio = (ref: ResourceRef): boolean =>
  ref.kind === IstioGateway.kind && groupOf(ref.apiVersion) === IstioGateway.group

/** `DNSEndpoint app1/api`. Two kinds are called Gateway, and one is not ours. */
export const objectName = (ref: ResourceRef): string => {
  return `${isIstio(ref) ? 'Istio ' : ''}${ref.kind} ${shortName(ref)}`
}

export const objectVerbs = { create: 'add', update: 'change', delete: 'delete', unchanged: 'change' } as const
