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
  /** On claims and stand-in records: the cluster that they are about, `{cluster}-{region}`. */
  regionFailover: 'router.io/region-failover',
  /** On the DNSEndpoints of "srouter adopt", by which they are found again and removed. */
  adopt: 'router.io/adopt',
  /** Set by Istio's own installation on the ingress Service; its value is what a Gateway selects. */
  istio: 'istio',
} as const

export const managedByValue = 'service-router-operator'
/** Of what "srouter adopt" prints: another one, as the engine would remove what it has no reason for. */
export const adoptManagedByValue = 'srouter-adopt'
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

/** On a claim: when it was made, in RFC 3339. */
export const claimedAtAnnotation = 'router.io/claimed-at'

/** On a yielded gateway's records: whose addresses they are, as a claim's target says it. */
export const yieldedAnnotation = 'router.io/yielded'

/** On a ClusterIdentity: the epoch with which "srouter failover reclaim" has ended a claim on this cluster. */
export const reclaimAnnotation = 'router.io/reclaim-epoch'

/** On a RegionFailover, as long as there is a claim to be released. */
export const failoverFinalizer = 'router.io/release-claim'

/** On a DNSEndpoint: when it was last touched, so that ExternalDNS looks at it. */
export const nudgedAnnotation = 'router.io/nudged-at'

/** On a RegionFailover: claims of others up to this epoch are over, as "srouter failover start --force" has decided. */
export const overrideAnnotation = 'router.io/override-epoch'

/** On a RegionFailover that is engaged: `automatic` where its probe and not people has decided so. */
export const engagedByAnnotation = 'router.io/engaged-by'
