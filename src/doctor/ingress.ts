import type { GatewaySpec } from '../api/gateway.ts'
import { label } from '../api/labels.ts'
import type { KubeObject } from '../api/object.ts'
import type { Resource } from '../engine/resource.ts'
import type { World } from '../engine/world.ts'

/** A Secret that Gateways name, where Istio looks for it: in the namespace of its ingress pods. */
export interface Credential {
  /** Undefined where no ingress of this controller was found. */
  readonly namespace: string | undefined
  readonly name: string
  readonly controller: string
  readonly gateways: readonly Resource<GatewaySpec>[]
}

export const credentialsOf = (world: World, deployments: readonly KubeObject[]): readonly Credential[] => {
  const valid = [...world.gateways.values()].filter(({ spec }) => spec !== undefined)
  const groups = Map.groupBy(valid, ({ spec }) => `${spec?.controller} ${spec?.credentialName}`)
  return [...groups.values()].flatMap(gateways => {
    const spec = gateways[0]?.spec
    if (spec === undefined) return []
    const { controller, credentialName: name } = spec
    return [{ namespace: ingressNamespace(controller, world, deployments), name, controller, gateways }]
  })
}

/** The load balancer's Service is where its pods are. */
const ingressNamespace = (
  controller: string,
  world: World,
  deployments: readonly KubeObject[],
): string | undefined =>
  world.loadBalancers.get(controller)?.[0]?.metadata.namespace ??
  deployments.find(({ spec }) => podLabels(spec)?.[label.istio] === controller)?.metadata.namespace

const podLabels = (spec: unknown): Readonly<Record<string, string>> | undefined =>
  (spec as { template?: { metadata?: { labels?: Record<string, string> } } } | undefined)?.template?.metadata
    ?.labels
