import { controllerLabels, endpointAnnotations } from '../api/endpoint-metadata.ts'
import { apiVersionOf, DNSEndpoint } from '../api/kinds.ts'
import { adoptManagedByValue, gatewayServiceType, label } from '../api/labels.ts'
import { objectName, ownershipName } from '../api/names.ts'
import type { KubeObject } from '../api/object.ts'
import { endpointsOf } from '../engine/current.ts'
import type { ZoneRecord } from './records.ts'
import type { Zone } from './zone.ts'

/** So many fit into the annotation that "kubectl apply" keeps a copy of an object in, which is limited to 256 KiB. */
const perObject = 200

/** Of all DNSEndpoints of "srouter adopt". */
export const adoptValue = 'ownership'

/**
 * The text of an ownership record. It names no resource, as ExternalDNS's own do, because two clusters may write it for
 * one name, and a name server that has two different texts under it would keep both; ExternalDNS adds the resource when
 * it next changes the record.
 */
const textFor = (owner: string): string => `"heritage=external-dns,external-dns/owner=${owner}"`

/**
 * DNSEndpoints with the ownership records of `records`, for the instance that writes the zone's gateways. They are not
 * managed by srouter as far as its engine can see, which would remove what no resource asks for.
 */
export const ownershipEndpoints = (zone: Zone, records: readonly ZoneRecord[]): readonly KubeObject[] => {
  const endpoints = records.flatMap(({ kind, type, name }) => {
    const { owner, prefix } = zone.target[kind]
    return prefix === undefined
      ? []
      : [{ dnsName: ownershipName(prefix, type, name), recordType: 'TXT', targets: [textFor(owner)] }]
  })
  const { controller, namespace } = zone
  return Array.from({ length: Math.ceil(endpoints.length / perObject) }, (_, index) => ({
    apiVersion: apiVersionOf(DNSEndpoint),
    kind: DNSEndpoint.kind,
    metadata: {
      name: objectName(`srouter-adopt-${controller.name}-${index + 1}`),
      namespace,
      labels: {
        ...controllerLabels(controller),
        [label.managedBy]: adoptManagedByValue,
        [label.resourceType]: gatewayServiceType,
        [label.adopt]: adoptValue,
      },
      annotations: endpointAnnotations(controller.region),
    },
    spec: { endpoints: endpoints.slice(index * perObject, (index + 1) * perObject) },
  }))
}

/** Whether the cluster has the ownership records of all these already, waiting for ExternalDNS. */
export const areApplied = (zone: Zone, records: readonly ZoneRecord[]): boolean => {
  const applied = new Set(
    zone.adopting.flatMap(object =>
      endpointsOf(object).flatMap(({ dnsName, targets }) => targets.map(text => `${dnsName} ${text}`)),
    ),
  )
  return records.every(({ kind, type, name }) => {
    const { owner, prefix = '' } = zone.target[kind]
    return applied.has(`${ownershipName(prefix, type, name)} ${textFor(owner)}`)
  })
}
