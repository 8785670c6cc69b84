import { apiVersionOf, RegionFailover } from '../api/kinds.ts'
import { engagedByAnnotation, overrideAnnotation } from '../api/labels.ts'
import type { KubeObject } from '../api/object.ts'
import { automaticValue } from '../engine/failover/automatic/facts.ts'
import { apply, type KubeClient } from '../kube/index.ts'

/** Owns what switches a failover on and off, so that GitOps, which leaves it out, leaves it alone. */
export const failoverManager = 'srouter-failover'

export interface Switch {
  readonly engage: boolean
  readonly reason: string | undefined
  /** Others' claims up to this epoch are over. */
  readonly overrideEpoch?: number | undefined
  /** Set where a probe and not people has decided so: on which version of the RegionFailover. Then it is written onto that or not at all. */
  readonly decidedOn?: string | undefined
}

export const overrideAnnotations = (epoch: number | undefined): Readonly<Record<string, string>> =>
  epoch === undefined ? {} : { [overrideAnnotation]: String(epoch) }

/** Switches a RegionFailover on or off, by server-side apply, whoever has set it before. */
export const setEngage = (
  client: KubeClient,
  peer: string,
  { engage, reason, overrideEpoch, decidedOn }: Switch,
  signal: AbortSignal,
): Promise<KubeObject> =>
  apply<KubeObject>(
    client,
    {
      apiVersion: apiVersionOf(RegionFailover),
      kind: RegionFailover.kind,
      metadata: {
        name: peer,
        ...(decidedOn === undefined ? {} : { resourceVersion: decidedOn }),
        annotations: {
          ...overrideAnnotations(overrideEpoch),
          // What a person does after that leaves it out, and so takes it away.
          ...(engage && decidedOn !== undefined ? { [engagedByAnnotation]: automaticValue } : {}),
        },
      },
      spec: { engage, ...(reason === undefined ? {} : { reason }) },
    },
    { force: true, fieldManager: failoverManager, signal },
  )
