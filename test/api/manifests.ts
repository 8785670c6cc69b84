import type { KubeObject } from '../../src/api/object.ts'

/** One valid manifest of each kind, to vary in tables. Together they derive something. */

const clusterScoped = (kind: string, name: string, spec: unknown): KubeObject => ({
  apiVersion: 'cluster.router.io/v1alpha1',
  kind,
  metadata: { name },
  spec,
})

const namespaced = (kind: string, namespace: string, name: string, spec: unknown): KubeObject => ({
  apiVersion: 'routing.router.io/v1alpha1',
  kind,
  metadata: { name, namespace },
  spec,
})

export const identity = (spec: object = {}, name = 'cluster-identity'): KubeObject =>
  clusterScoped('ClusterIdentity', name, {
    region: 'weu',
    cluster: 'aks01',
    domain: 'aks.example.com',
    environmentLetter: 'p',
    ...spec,
  })

export const configuration = (spec: object = {}, name = 'dns-config'): KubeObject =>
  clusterScoped('DNSConfiguration', name, {
    externalDNSControllers: [
      { name: 'external-dns-weu', region: 'weu' },
      { name: 'external-dns-neu', region: 'neu' },
    ],
    ...spec,
  })

export const failover = (spec: object = {}, name = 'aks01-neu'): KubeObject =>
  clusterScoped('RegionFailover', name, { region: 'neu', cluster: 'aks01', ...spec })

export const gateway = (
  spec: object = {},
  name = 'default-gateway',
  namespace = 'istio-system',
): KubeObject =>
  namespaced('Gateway', namespace, name, {
    controller: 'aks-istio-ingressgateway-internal',
    credentialName: 'wildcard-tls',
    targetPostfix: 'internal',
    ...spec,
  })

export const policy = (spec: object = {}, name = 'dns-policy', namespace = 'app1'): KubeObject =>
  namespaced('DNSPolicy', namespace, name, { mode: 'Active', ...spec })

export const route = (spec: object = {}, name = 'myapp', namespace = 'app1'): KubeObject =>
  namespaced('ServiceRoute', namespace, name, {
    serviceName: 'myapp',
    gatewayName: 'default-gateway',
    environment: 'prod',
    application: 'app1',
    ...spec,
  })

export const valid: Readonly<Record<string, (spec?: object) => KubeObject>> = {
  ClusterIdentity: identity,
  DNSConfiguration: configuration,
  RegionFailover: failover,
  Gateway: gateway,
  DNSPolicy: policy,
  ServiceRoute: route,
}

/** `object` without its spec. */
export const specless = ({ spec: _, ...rest }: KubeObject): KubeObject => rest

/** `n` times "a". */
export const letters = (n: number): string => 'a'.repeat(n)

/** The longest domain that the schema takes: 242 characters. */
export const longestDomain = `${'a.'.repeat(120)}aa`

/** A Gateway with allowedRoutes. */
export const selects = (selector: object | undefined, from: string | undefined = 'Selector') =>
  gateway({ allowedRoutes: { namespaces: { ...(from && { from }), ...(selector && { selector }) } } })

export const expression = (operator: string, values?: readonly string[]) =>
  selects({ matchExpressions: [{ key: 'team', operator, ...(values && { values }) }] })

export const txtPrefix = (prefix: string) =>
  configuration({ externalDNSControllers: [{ name: 'external-dns-weu', region: 'weu', txtPrefix: prefix }] })

/** Everything that a route needs, but the route. */
export const platform = [identity(), configuration(), gateway(), policy()]
