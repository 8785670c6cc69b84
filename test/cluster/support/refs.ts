import type { ResourceRef } from '../../../src/api/object.ts'

/** Names of what the platform of test/engine/build.ts has and comes to. */
const ref =
  (apiVersion: string, kind: string) =>
  (namespace: string, name: string): ResourceRef => ({ apiVersion, kind, namespace, name })

export const endpointRef = ref('externaldns.k8s.io/v1alpha1', 'DNSEndpoint')
export const istioRef = ref('networking.istio.io/v1', 'Gateway')
export const routeRef = ref('routing.router.io/v1alpha1', 'ServiceRoute')
export const gatewayRef = ref('routing.router.io/v1alpha1', 'Gateway')
export const policyRef = ref('routing.router.io/v1alpha1', 'DNSPolicy')
export const serviceRef = ref('v1', 'Service')
export const identityRef: ResourceRef = {
  apiVersion: 'cluster.router.io/v1alpha1',
  kind: 'ClusterIdentity',
  name: 'cluster-identity',
}
export const configurationRef: ResourceRef = {
  apiVersion: 'cluster.router.io/v1alpha1',
  kind: 'DNSConfiguration',
  name: 'dns-config',
}
/** Of the cluster that it may stand in for. */
export const failoverRef: ResourceRef = {
  apiVersion: 'cluster.router.io/v1alpha1',
  kind: 'RegionFailover',
  name: 'aks01-neu',
}
