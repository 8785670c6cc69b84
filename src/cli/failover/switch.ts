import { apiVersionOf, RegionFailover } from '../../api/kinds.ts'
import { overrideAnnotation } from '../../api/labels.ts'
import { apply, type KubeClient } from '../../kube/index.ts'

/** Owns what these commands set, so that GitOps, which leaves it out, leaves it alone. */
export const fieldManager = 'srouter-failover'

export interface Switch {
  readonly engage: boolean
  readonly reason: string | undefined
  /** Others' claims up to this epoch are over. */
  readonly overrideEpoch?: number | undefined
}

export const overrideAnnotations = (epoch: number | undefined): Readonly<Record<string, string>> =>
  epoch === undefined ? {} : { [overrideAnnotation]: String(epoch) }

/** Switches a RegionFailover on or off, by server-side apply, whoever has set it before. */
export const setEngage = async (
  client: KubeClient,
  peer: string,
  { engage, reason, overrideEpoch }: Switch,
  signal: AbortSignal,
): Promise<void> => {
  await apply(
    client,
    {
      apiVersion: apiVersionOf(RegionFailover),
      kind: RegionFailover.kind,
      metadata: { name: peer, annotations: overrideAnnotations(overrideEpoch) },
      spec: { engage, ...(reason === undefined ? {} : { reason }) },
    },
    { force: true, fieldManager, signal },
  )
}
