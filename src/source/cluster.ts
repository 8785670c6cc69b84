import {
  apiVersionOf,
  DNSEndpoint,
  IstioGateway,
  type KindInfo,
  Namespace,
  RegionFailover,
  routerKinds,
  Service,
} from '../api/kinds.ts'
import { label } from '../api/labels.ts'
import type { KubeObject } from '../api/object.ts'
import type { LocatedFinding } from '../engine/finding.ts'
import type { Snapshot } from '../engine/snapshot.ts'
import { isNotFound, type KubeClient, list, served } from '../kube/index.ts'
import { installHint } from './installed.ts'

/** A snapshot of a cluster, without settings that do not come from it. */
export interface ClusterState extends Pick<Snapshot, 'current'> {
  readonly inputs: readonly KubeObject[]
  /** Undefined where Istio's Gateway is not served. */
  readonly istioApiVersion: string | undefined
  /** Kinds that are not installed. */
  readonly findings: readonly LocatedFinding[]
}

/** Lists every kind that the engine reads, all at once. One list that fails is an error: half a snapshot would delete. */
export const readCluster = async (client: KubeClient, signal?: AbortSignal): Promise<ClusterState> => {
  const istio = await istioKind(client, signal)
  const inputKinds = [...routerKinds, Namespace]
  const [inputs, services, endpoints, gateways] = await Promise.all([
    Promise.all(inputKinds.map(kind => listed(client, kind, { signal }))),
    // Only ingress Services carry the label; a cluster may have thousands of others.
    listed(client, Service, { signal, labelSelector: label.istio }),
    listed(client, DNSEndpoint, { signal }),
    istio === undefined ? undefined : listed(client, istio, { signal }),
  ])
  const missing = [
    ...inputKinds.filter((_, index) => inputs[index] === undefined),
    ...(endpoints === undefined ? [DNSEndpoint] : []),
    ...(gateways === undefined ? [IstioGateway] : []),
  ]
  return {
    inputs: [...inputs.flatMap(items => items ?? []), ...(services ?? [])],
    current: [...(endpoints ?? []), ...(gateways ?? [])],
    istioApiVersion: istio === undefined || gateways === undefined ? undefined : apiVersionOf(istio),
    findings: missing.map(notInstalled),
  }
}

/** Istio's Gateway in the version that is served: v1 from Istio 1.22 on, before it v1beta1. */
const istioKind = async (
  client: KubeClient,
  signal: AbortSignal | undefined,
): Promise<KindInfo | undefined> => {
  const versions = await served(client, IstioGateway.group, { signal })
  const version = ['v1', 'v1beta1'].find(candidate => versions.includes(candidate))
  return version === undefined ? undefined : { ...IstioGateway, version }
}

/** Undefined where the kind is not installed. */
const listed = async (
  client: KubeClient,
  kind: KindInfo,
  options: { readonly signal: AbortSignal | undefined; readonly labelSelector?: string },
): Promise<readonly KubeObject[] | undefined> => {
  try {
    return (await list(client, kind, options)).items
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined
    throw thrown
  }
}

const notInstalled = (kind: KindInfo): LocatedFinding => {
  const name = `${kind.plural}.${kind.group}`
  if (kind.kind === IstioGateway.kind && kind.group === IstioGateway.group)
    return {
      code: 'CRDNotInstalled',
      severity: 'warning',
      message: `the cluster has no ${name}: DNS records are written, Istio Gateways are not`,
      hint: 'install Istio',
    }
  return {
    code: 'CRDNotInstalled',
    // The earlier operator had none, and a cluster without takes part in no failover.
    severity: kind.kind === RegionFailover.kind ? 'warning' : 'error',
    message: `the cluster has no ${name}`,
    hint:
      kind.group === DNSEndpoint.group
        ? "install ExternalDNS's CRD; without it no record can be written"
        : installHint,
  }
}
