import {
  ClusterIdentity,
  DNSConfiguration,
  DNSEndpoint,
  Gateway,
  type KindInfo,
  RegionFailover,
  Service,
} from '../api/kinds.ts'
import { gatewayServiceType, label } from '../api/labels.ts'
import type { Snapshot } from '../engine/snapshot.ts'
import type { KubeClient } from '../kube/index.ts'
import { listInstalled } from './installed.ts'

/**
 * What decides about gateways' addresses, and these alone: for failover, which shall not take longer because there are
 * many routes. What the engine makes of it says nothing of routes and Istio Gateways.
 */
export const readPlatform = async (
  client: KubeClient,
  signal?: AbortSignal,
): Promise<Pick<Snapshot, 'inputs' | 'current'>> => {
  const read = (kind: KindInfo, labelSelector?: string) =>
    listInstalled(client, kind, { signal, ...(labelSelector === undefined ? {} : { labelSelector }) })
  const [inputs, services, current] = await Promise.all([
    Promise.all([ClusterIdentity, DNSConfiguration, RegionFailover, Gateway].map(kind => read(kind))),
    read(Service, label.istio),
    read(DNSEndpoint, `${label.resourceType}=${gatewayServiceType}`),
  ])
  return { inputs: [...inputs.flat(), ...services], current }
}
