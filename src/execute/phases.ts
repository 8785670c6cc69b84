import { IstioGateway } from '../api/kinds.ts'
import { gatewayServiceType, label } from '../api/labels.ts'
import { groupOf } from '../api/object.ts'
import type { ObjectChange } from '../engine/change.ts'
import { endpointsOf } from '../engine/current.ts'

/**
 * The order of writing: a phase begins when the one before has ended.
 *
 * | phase | what                                       | why                                             |
 * | ----- | ------------------------------------------ | ----------------------------------------------- |
 * | 1     | address records written                    | a CNAME needs something to point at             |
 * | 2     | Istio Gateways and CNAME records written   | both long before ExternalDNS's next cycle       |
 * | 3     | CNAME records and Istio Gateways deleted   | nothing is deleted before its successor stands  |
 * | 4     | address records deleted                    | no CNAME points at them any more                |
 */
export const phases = (changes: readonly ObjectChange[]): readonly (readonly ObjectChange[])[] => {
  const written = changes.filter(({ action }) => action === 'create' || action === 'update')
  const deleted = changes.filter(({ action }) => action === 'delete')
  return [
    written.filter(isAddress),
    [...written.filter(isIstio), ...written.filter(isRoute)],
    deleted.filter(change => !isAddress(change)),
    deleted.filter(isAddress),
  ]
}

const isIstio = ({ ref }: ObjectChange): boolean => groupOf(ref.apiVersion) === IstioGateway.group

export const isAddress = (change: ObjectChange): boolean =>
  !isIstio(change) &&
  (change.after ?? change.before)?.metadata.labels?.[label.resourceType] === gatewayServiceType

const isRoute = (change: ObjectChange): boolean => !isIstio(change) && !isAddress(change)

/** The names that a DNSEndpoint has records of. */
export const namesOf = (change: ObjectChange): readonly string[] =>
  endpointsIn(change.after ?? change.before).map(endpoint => endpoint.dnsName)

/** The names that the CNAMEs of a DNSEndpoint point at, before the change or after it. */
export const targetsOf = (change: ObjectChange, when: 'before' | 'after'): readonly string[] =>
  endpointsIn(change[when]).flatMap(endpoint => (endpoint.recordType === 'CNAME' ? endpoint.targets : []))

const endpointsIn = (object: ObjectChange['after']) => (object === undefined ? [] : endpointsOf(object))
