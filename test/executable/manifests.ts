/** Manifests as people write them: in text, so that a test can say at which line and column something is. */

export const identity = `apiVersion: cluster.router.io/v1alpha1
kind: ClusterIdentity
metadata:
  name: cluster-identity
spec:
  region: weu
  cluster: aks01
  domain: aks.example.com
  environmentLetter: p
`

export const configuration = `apiVersion: cluster.router.io/v1alpha1
kind: DNSConfiguration
metadata:
  name: dns-config
spec:
  externalDNSControllers:
    - name: external-dns-weu
      region: weu
      txtPrefix: sr-
      gatewayTxtPrefix: srgw-
    - name: external-dns-neu
      region: neu
      txtPrefix: sr-
      gatewayTxtPrefix: srgw-
`

export const gateway = `apiVersion: routing.router.io/v1alpha1
kind: Gateway
metadata:
  name: internal
  namespace: istio-system
spec:
  controller: igw-internal
  credentialName: wildcard
  targetPostfix: internal
  addresses:
    - 10.0.0.1
`

export const policy = `apiVersion: routing.router.io/v1alpha1
kind: DNSPolicy
metadata:
  name: dns-policy
  namespace: shop
`

/** Line 4 is the name, 7 the serviceName, 8 the gatewayName. */
export const route = (name = 'api', serviceName = name): string => `apiVersion: routing.router.io/v1alpha1
kind: ServiceRoute
metadata:
  name: ${name}
  namespace: shop
spec:
  serviceName: ${serviceName}
  gatewayName: internal
  environment: prod
  application: shop
`

export const documents = (...texts: readonly string[]): string => texts.join('---\n')

/** Everything that a route of the namespace shop needs. */
export const platform = { 'platform.yaml': documents(identity, configuration, gateway, policy) }
