import { Gateway, routingGroup } from '../../api/kinds.ts'
import { label } from '../../api/labels.ts'
import { groupOf, type KubeObject } from '../../api/object.ts'
import type { ObjectChange } from '../change.ts'
import { routeOwnerKey } from '../current.ts'
import type { Wanted } from '../derive/wanted.ts'
import type { Evaluation } from '../evaluate.ts'
import { objectChanges, type Target } from './object-changes.ts'

export interface IstioChanges {
  readonly objects: readonly ObjectChange[]
  readonly foreign: readonly Wanted[]
}

/** Istio Gateways before and after. Those of a Gateway that is missing or in error stay while a route names it. */
export const istioChanges = (evaluation: Evaluation, wanted: readonly Wanted[]): IstioChanges => {
  // Where Istio is not served, whatever is known of its objects says nothing about what is wanted.
  if (evaluation.world.settings.istioApiVersion === undefined) return { objects: [], foreign: [] }
  const existing = evaluation.world.current.istioGateways
  const foreign = wanted.filter(({ key }) => existing.isForeign(key))
  const before = existing.ours
  const after = new Map<string, Target>(
    wanted.filter(target => !foreign.includes(target)).map(({ key, object }) => [key, { object }]),
  )
  const removed = new Map<string, string>()
  const disposalOf = disposals(evaluation)
  for (const [key, object] of before) {
    if (after.has(key)) continue
    const { keep, reason } = disposalOf(object)
    if (keep) after.set(key, { object, kept: reason })
    else removed.set(key, reason)
  }
  return { objects: objectChanges(before, after, key => removed.get(key) ?? ''), foreign }
}

const disposals = ({ world, gateways, routes }: Evaluation) => {
  const byLabel = new Map(gateways.map(gateway => [routeOwnerKey(gateway.resource), gateway]))
  const named = new Set(routes.map(route => route.facts.gatewayKey))
  return (object: KubeObject): { readonly keep: boolean; readonly reason: string } => {
    if (world.identity.state !== 'one') return { keep: true, reason: 'the ClusterIdentity is not available' }
    const owner = ownerOf(object)
    if (owner === undefined) return { keep: true, reason: 'it belongs to no known Gateway' }
    const gateway = byLabel.get(owner)
    if (gateway?.trouble !== undefined) return { keep: true, reason: gateway.trouble.message }
    if (gateway !== undefined)
      return { keep: false, reason: `Gateway ${gateway.resource.key} has no hosts for it` }
    return named.has(owner)
      ? { keep: true, reason: `Gateway ${owner} is gone and ServiceRoutes still name it` }
      : { keep: false, reason: `Gateway ${owner} is gone` }
  }
}

/** The router Gateway an Istio Gateway was made for, as `namespace/label value of its name`. */
const ownerOf = ({
  metadata: { namespace = '', ownerReferences, labels },
}: KubeObject): string | undefined => {
  const reference = ownerReferences?.find(
    owner => owner.kind === Gateway.kind && groupOf(owner.apiVersion) === routingGroup,
  )
  if (reference !== undefined) return routeOwnerKey({ namespace, name: reference.name })
  const stated = labels?.[label.gateway]
  return stated === undefined ? undefined : `${namespace}/${stated}`
}
