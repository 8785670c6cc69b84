/** Kinds of other projects: a loose shape of what srouter reads and writes of them. */

export interface DNSEndpointSpec {
  readonly endpoints?: readonly Endpoint[]
}

/** One record set, as sigs.k8s.io/external-dns endpoint.Endpoint. */
export interface Endpoint {
  readonly dnsName: string
  readonly recordType: string
  readonly recordTTL?: number
  readonly targets: readonly string[]
}

export interface ServiceSpec {
  readonly type?: string
}

export interface ServiceStatus {
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[]
  }
}

export interface IstioGatewaySpec {
  readonly selector?: Readonly<Record<string, string>>
  readonly servers?: readonly IstioServer[]
}

export interface IstioServer {
  readonly port?: { readonly number?: number; readonly name?: string; readonly protocol?: string }
  readonly hosts?: readonly string[]
  readonly tls?: { readonly mode?: string; readonly credentialName?: string }
}
