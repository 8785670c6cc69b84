import { clusterNameOf } from '../../api/claims.ts'
import type { ClusterIdentitySpec } from '../../api/cluster-identity.ts'
import type { KubeObject } from '../../api/object.ts'
import { ask } from '../../dns/ask.ts'
import { type Reconciliation, reconcile } from '../../engine/engine.ts'
import { type Inquiry, inquiryOf } from '../../engine/failover/questions.ts'
import type { StandIn } from '../../engine/failover/stand-in.ts'
import { defaultSettings, type Settings, type Snapshot } from '../../engine/snapshot.ts'
import { overrideAnnotations } from '../../execute/engage.ts'
import type { KubeClient } from '../../kube/index.ts'
import { timestamp } from '../../lib/timestamp.ts'
import { readPlatform } from '../../source/platform.ts'
import { theOne } from '../singletons.ts'

/** What there is to know for a failover, and what the engine makes of it. */
export interface View {
  readonly snapshot: Snapshot
  readonly inquiry: Inquiry
  readonly identity: ClusterIdentitySpec
  /** `{cluster}-{region}` of this cluster. */
  readonly me: string
  readonly reconciliation: Reconciliation
}

export interface ViewOptions {
  readonly client: KubeClient
  readonly defaultGatewayNamespace: string
  readonly intervalSeconds: number
  readonly signal: AbortSignal
}

export const look = async ({ client, signal, ...options }: ViewOptions): Promise<View> => {
  const platform = await readPlatform(client, signal)
  const settings: Settings = {
    ...defaultSettings,
    defaultGatewayNamespace: options.defaultGatewayNamespace,
    intervalSeconds: options.intervalSeconds,
    istioApiVersion: undefined,
    now: timestamp(client.timing.now()),
  }
  const inquiry = inquiryOf(platform.inputs, platform.current, settings)
  const answers = await ask(inquiry, { signal })
  if (signal.aborted) throw signal.reason
  return viewOf({ ...platform, fromFiles: new Set(), settings: { ...settings, answers } }, inquiry)
}

/** The same, should the RegionFailover of `peer` be engaged. */
export const ifEngaged = (view: View, peer: string, overrideEpoch?: number): View =>
  viewOf(
    {
      ...view.snapshot,
      inputs: view.snapshot.inputs.map(object =>
        isFailover(object, peer) ? withEngage(object, overrideEpoch) : object,
      ),
    },
    view.inquiry,
  )

export const isFailover = (object: KubeObject, peer: string): boolean =>
  object.kind === 'RegionFailover' && object.metadata.name === peer

const withEngage = (object: KubeObject, overrideEpoch: number | undefined): KubeObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    annotations: { ...object.metadata.annotations, ...overrideAnnotations(overrideEpoch) },
  },
  spec: { ...(object.spec as object), engage: true },
  // What it gave way to is to be judged anew.
  status: { ...(object.status as object | undefined), state: undefined },
})

const viewOf = (snapshot: Snapshot, inquiry: Inquiry): View => {
  const reconciliation = reconcile(snapshot)
  const { identity, configuration } = reconciliation.evaluation.world
  const spec = theOne('ClusterIdentity', identity, 'it has no name to stand in under')
  theOne('DNSConfiguration', configuration, 'its zones are unknown')
  return { snapshot, inquiry, identity: spec, me: clusterNameOf(spec), reconciliation }
}

export const standInFor = (
  { reconciliation }: Pick<View, 'reconciliation'>,
  peer: string,
): StandIn | undefined => reconciliation.evaluation.standIns.find(standIn => standIn.peer === peer)
