import type { KubeObject, OwnerReference, ResourceRef } from '../../../src/api/object.ts'

/** What the earlier operator writes, as it writes it. */

const managedBy = { 'app.kubernetes.io/managed-by': 'service-router-operator' }

const owner = (object: KubeObject, more: Partial<OwnerReference>): OwnerReference => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  name: object.metadata.name,
  uid: object.metadata.uid ?? '',
  controller: true,
  ...more,
})

/** `target` as it is at the time. No TTL. */
export const cnameOf = (
  route: KubeObject,
  controller: { readonly name: string; readonly region: string },
  host: string,
  target: string,
): KubeObject => {
  const { name, namespace = '' } = route.metadata
  return {
    apiVersion: 'externaldns.k8s.io/v1alpha1',
    kind: 'DNSEndpoint',
    metadata: {
      name: `${name}-${controller.name}`,
      namespace,
      labels: {
        ...managedBy,
        'router.io/controller': controller.name,
        'router.io/region': controller.region,
        'router.io/serviceroute': name,
        'router.io/source-namespace': namespace,
      },
      annotations: { 'external-dns.alpha.kubernetes.io/controller': `external-dns-${controller.region}` },
      ownerReferences: [owner(route, { blockOwnerDeletion: true })],
    },
    spec: { endpoints: [{ dnsName: host, recordType: 'CNAME', targets: [target] }] },
  }
}

/** No annotations, and no label of the ExternalDNS instance. */
export const addressOf = (
  service: KubeObject,
  gateway: { readonly controller: string; readonly targetPostfix: string },
  controller: { readonly name: string; readonly region: string },
  host: string,
  ip: string,
): KubeObject => ({
  apiVersion: 'externaldns.k8s.io/v1alpha1',
  kind: 'DNSEndpoint',
  metadata: {
    name: `gateway-controller-${gateway.controller}-${gateway.targetPostfix}-${controller.name}`,
    namespace: service.metadata.namespace ?? '',
    labels: {
      ...managedBy,
      'router.io/istio-controller': gateway.controller,
      'router.io/target-postfix': gateway.targetPostfix,
      'router.io/region': controller.region,
      'router.io/resource-type': 'gateway-service',
    },
    ownerReferences: [owner(service, {})],
  },
  spec: { endpoints: [{ dnsName: host, recordType: 'A', recordTTL: 300, targets: [ip] }] },
})

export const istioOf = (
  gateway: KubeObject,
  spec: { readonly controller: string; readonly credentialName: string },
  hosts: readonly string[],
): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: {
    name: gateway.metadata.name,
    namespace: gateway.metadata.namespace ?? '',
    labels: { ...managedBy, 'router.io/gateway': gateway.metadata.name },
    ownerReferences: [owner(gateway, { blockOwnerDeletion: true })],
  },
  spec: {
    selector: { istio: spec.controller },
    servers: [
      {
        hosts,
        port: { name: 'https', number: 443, protocol: 'HTTPS' },
        tls: { credentialName: spec.credentialName, mode: 'SIMPLE' },
      },
    ],
  },
})

const condition = (type: string, status: string, reason: string) => ({
  type,
  status,
  reason,
  message: `${reason} by the earlier operator`,
  lastTransitionTime: '2025-01-31T12:00:00Z',
})

/** By kind, with phases that srouter does not have. */
export const statusOf = (ref: ResourceRef, phase: 'Active' | 'Failed' | 'Inactive'): object => {
  const ready = condition('Ready', phase === 'Active' ? 'True' : 'False', 'ReconciliationSucceeded')
  const common = { phase, conditions: [ready, condition('Validated', 'True', 'ValidationSucceeded')] }
  if (ref.kind === 'DNSPolicy') return { ...common, active: phase === 'Active', activeControllers: [] }
  if (ref.kind === 'Gateway') return { ...common, loadBalancerIP: '10.0.0.1' }
  if (ref.kind === 'ServiceRoute') return { ...common, dnsEndpoint: 'the-first' }
  return common
}

/** The Lease of its leader election. */
export const leaseOf = (namespace: string, spec: object): KubeObject => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: '3afd9a04.router.io', namespace },
  spec,
})
