import { apiVersionOf, RegionFailover } from '../../api/kinds.ts'
import { apply, type KubeClient } from '../../kube/index.ts'

/** Owns `engage` and `reason`, so that GitOps, which leaves them out, leaves them alone. */
const fieldManager = 'srouter-failover'

/** Switches a RegionFailover on or off, by server-side apply, whoever has set it before. */
export const setEngage = async (
  client: KubeClient,
  peer: string,
  { engage, reason }: { readonly engage: boolean; readonly reason: string | undefined },
  signal: AbortSignal,
): Promise<void> => {
  await apply(
    client,
    {
      apiVersion: apiVersionOf(RegionFailover),
      kind: RegionFailover.kind,
      metadata: { name: peer },
      spec: { engage, ...(reason === undefined ? {} : { reason }) },
    },
    { force: true, fieldManager, signal },
  )
}
