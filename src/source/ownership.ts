import {
  ClusterIdentity,
  DNSConfiguration,
  DNSEndpoint,
  type KindInfo,
  RegionFailover,
  ServiceRoute,
} from '../api/kinds.ts'
import type { KubeObject } from '../api/object.ts'
import type { Snapshot } from '../engine/snapshot.ts'
import { Deployment, type KubeClient } from '../kube/index.ts'
import { listInstalled } from './installed.ts'

/** What says which records a cluster writes, and as whom: for "srouter adopt". */
export interface OwnershipState extends Pick<Snapshot, 'inputs' | 'current'> {
  readonly deployments: readonly KubeObject[]
}

export const readOwnership = async (client: KubeClient, signal?: AbortSignal): Promise<OwnershipState> => {
  const read = (kind: KindInfo) => listInstalled(client, kind, { signal })
  const [inputs, current, deployments] = await Promise.all([
    Promise.all([ClusterIdentity, DNSConfiguration, RegionFailover, ServiceRoute].map(read)),
    read(DNSEndpoint),
    read(Deployment),
  ])
  return { inputs: inputs.flat(), current, deployments }
}
