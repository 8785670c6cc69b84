/**
 * Labels and annotations of the derived objects. Names are the earlier operator's where it had one,
 * so that ExternalDNS instances that filter on them go on working.
 */
export const label = {
  app: 'app',
  region: 'router.io/region',
  controller: 'router.io/controller',
  managedBy: 'app.kubernetes.io/managed-by',
  serviceRoute: 'router.io/serviceroute',
  sourceNamespace: 'router.io/source-namespace',
  istioController: 'router.io/istio-controller',
  targetPostfix: 'router.io/target-postfix',
  resourceType: 'router.io/resource-type',
  gateway: 'router.io/gateway',
  /** Set by Istio's own installation on the ingress Service; its value is what a Gateway selects. */
  istio: 'istio',
} as const

export const managedByValue = 'service-router-operator'
export const gatewayServiceType = 'gateway-service'

/**
 * ExternalDNS reads the controller annotation under the first prefix up to v0.21 and under the second
 * from v0.22 on.
 */
export const controllerAnnotations = [
  'external-dns.alpha.kubernetes.io/controller',
  'external-dns.kubernetes.io/controller',
] as const

export const controllerAnnotationValue = (region: string): string => `external-dns-${region}`

/**
 * On Istio Gateways: any value other than `dns-controller` makes ExternalDNS's istio-gateway source skip the
 * object (external-dns source/istio_gateway.go), so that it does not publish the hosts a second time.
 */
export const istioControllerAnnotationValue = 'srouter'
