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
import { isNotFound, type KubeClient, list } from '../kube/index.ts'
import { exitCode, UserError } from '../lib/errors.ts'

/**
 * What decides about gateways' addresses, and these alone: for failover, which shall not take longer because there are
 * many routes. What the engine makes of it says nothing of routes and Istio Gateways.
 */
export const readPlatform = async (
  client: KubeClient,
  signal?: AbortSignal,
): Promise<Pick<Snapshot, 'inputs' | 'current'>> => {
  const read = async (kind: KindInfo, labelSelector?: string) => {
    try {
      return (await list(client, kind, { signal, labelSelector })).items
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown
      throw new UserError(
        exitCode.invalidInput,
        `the cluster has no ${kind.plural}.${kind.group}`,
        'install the CRDs: srouter install --crds-only | kubectl apply -f -',
      )
    }
  }
  const [inputs, services, current] = await Promise.all([
    Promise.all([ClusterIdentity, DNSConfiguration, RegionFailover, Gateway].map(kind => read(kind))),
    read(Service, label.istio),
    read(DNSEndpoint, `${label.resourceType}=${gatewayServiceType}`),
  ])
  return { inputs: [...inputs.flat(), ...services], current }
}
