import { defaultNamespace } from '../api/leases.ts'
import type { KubeObject } from '../api/object.ts'

/** An object of any kind, with all that is to be said of it. */
export type Manifest = KubeObject & { readonly [field: string]: unknown }

export interface InstallOptions {
  readonly namespace: string
  /** With its tag. */
  readonly image: string
  readonly version: string
  /** `--default-gateway-namespace`, where it is not the default. */
  readonly defaultGatewayNamespace: string | undefined
  /** Metrics over TLS, and for those alone whom the API server lets. */
  readonly metricsSecure: boolean
  readonly withServiceMonitor: boolean
  readonly withNetworkPolicy: boolean
}

export const defaultOptions = (version: string): InstallOptions => ({
  namespace: defaultNamespace,
  image: `srouter:${version}`,
  version,
  defaultGatewayNamespace: undefined,
  metricsSecure: false,
  withServiceMonitor: false,
  withNetworkPolicy: false,
})

/** Of nearly every object: there is one srouter in a cluster. */
export const name = 'srouter'

/** What selects the pods. It can never change: the selector of a Deployment is immutable. */
export const selector = { 'app.kubernetes.io/name': name } as const

export const labelsOf = ({ version }: InstallOptions): Readonly<Record<string, string>> => ({
  ...selector,
  'app.kubernetes.io/version': version,
})

/** An object of the namespace; `rest` is what comes behind its metadata. */
export const namespaced = (
  options: InstallOptions,
  apiVersion: string,
  kind: string,
  objectName: string,
  rest: object,
): Manifest => {
  const { namespace } = options
  return { apiVersion, kind, metadata: { name: objectName, namespace, labels: labelsOf(options) }, ...rest }
}

/** An object of the cluster. */
export const clusterWide = (
  options: InstallOptions,
  apiVersion: string,
  kind: string,
  objectName: string,
  rest: object,
  labels: Readonly<Record<string, string>> = {},
): Manifest => ({
  apiVersion,
  kind,
  metadata: { name: objectName, labels: { ...labelsOf(options), ...labels } },
  ...rest,
})
