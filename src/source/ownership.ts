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
import { Deployment, isNotFound, type KubeClient, list } from '../kube/index.ts'
import { exitCode, UserError } from '../lib/errors.ts'

/** What says which records a cluster writes, and as whom: for "srouter adopt". */
export interface OwnershipState extends Pick<Snapshot, 'inputs' | 'current'> {
  readonly deployments: readonly KubeObject[]
}

export const readOwnership = async (client: KubeClient, signal?: AbortSignal): Promise<OwnershipState> => {
  const read = async (kind: KindInfo): Promise<readonly KubeObject[]> => {
    try {
      return (await list(client, kind, { signal })).items
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown
      throw new UserError(
        exitCode.invalidInput,
        `the cluster has no ${kind.plural}.${kind.group}`,
        'install the CRDs: srouter install --crds-only | kubectl apply -f -',
      )
    }
  }
  const [inputs, current, deployments] = await Promise.all([
    Promise.all([ClusterIdentity, DNSConfiguration, RegionFailover, ServiceRoute].map(read)),
    read(DNSEndpoint),
    read(Deployment),
  ])
  return { inputs: inputs.flat(), current, deployments }
}
