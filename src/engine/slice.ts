import type { KubeObject } from '../api/object.ts'
import type { ObjectChange } from './change.ts'
import type { Current } from './current.ts'
import { decode } from './decode.ts'
import { istioGateways } from './derive/istio-gateways.ts'
import { routeEndpoints } from './derive/route-endpoints.ts'
import { foreignObject } from './diff/findings.ts'
import { istioChanges } from './diff/istio.ts'
import { objectChanges } from './diff/object-changes.ts'
import { states } from './diff/state.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import type { Finding } from './finding.ts'
import { findingsOf } from './issue.ts'
import type { Settings } from './snapshot.ts'

/**
 * Some routes and all that is needed to judge them: the platform's objects, the policies of their namespaces, every
 * route that contends for a host of theirs, and the DNSEndpoints that belong to them. What the engine makes of a slice
 * is what it makes of the whole, as far as these routes go (test/engine/slice.test.ts).
 *
 * A slice knows nothing of the brake, which counts all records: it is for when no platform singleton has changed.
 */
export interface Slice {
  readonly inputs: readonly KubeObject[]
  readonly current: Current
  readonly settings: Settings
}

export interface SliceResult {
  readonly evaluation: Evaluation
  readonly objects: readonly ObjectChange[]
  readonly findings: readonly Finding[]
}

const noFiles: ReadonlySet<KubeObject> = new Set()

export const reconcileSlice = ({ inputs, current, settings }: Slice): SliceResult => {
  const evaluation = evaluate(decode(inputs, noFiles), current, settings)
  const dns = states(evaluation, routeEndpoints(evaluation))
  const objects = objectChanges(
    current.dnsEndpoints.ours,
    dns.after,
    key => dns.removals.get(key)?.reason ?? '',
  )
  const findings = [
    ...findingsOf(evaluation.routes.map(({ resource, issues }) => ({ object: resource.object, issues }))),
    ...dns.foreign.map(foreignObject),
  ]
  return { evaluation, objects, findings }
}

/** The Istio Gateways of some Gateways, given the hosts of all their routes; `current` has the objects of these alone. */
export const reconcileIstio = (
  { inputs, current, settings }: Slice,
  hosts: ReadonlyMap<string, ReadonlySet<string>>,
): readonly ObjectChange[] => {
  const evaluation = evaluate(decode(inputs, noFiles), current, settings)
  return istioChanges(
    evaluation,
    istioGateways(evaluation, hosts).filter(({ source }) => hosts.has(`${source.namespace}/${source.name}`)),
  ).objects
}
