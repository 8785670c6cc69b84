import type { ClusterIdentitySpec } from '../api/cluster-identity.ts'
import { objectKey, type ResourceRef } from '../api/object.ts'
import { byKey } from '../lib/compare.ts'
import { type Current, indexCurrent } from './current.ts'
import { type Decoded, decode, fieldName } from './decode.ts'
import { wantedEndpoints } from './derive/endpoints.ts'
import { istioGateways } from './derive/istio-gateways.ts'
import { brake, counterfactual, recordsBefore, type Verdict } from './diff/brake.ts'
import { foreignObject, standInMismatches, typeMismatches } from './diff/findings.ts'
import { hold } from './diff/hold.ts'
import { istioChanges } from './diff/istio.ts'
import { losses, takesLastAddress } from './diff/losses.ts'
import { objectChanges } from './diff/object-changes.ts'
import { recordChanges, summarise } from './diff/record-changes.ts'
import { type RecordTable, recordTable } from './diff/record-table.ts'
import { type Detail, mayLose, states } from './diff/state.ts'
import { zoneCounts, zoneSizes } from './diff/zones.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import { type FinalizerChange, finalizerChanges } from './failover/finalizers.ts'
import type { Finding } from './finding.ts'
import { findingsOf } from './issue.ts'
import type { Plan } from './plan.ts'
import type { Settings, Snapshot } from './snapshot.ts'
import { wasTripped } from './statuses/singleton.ts'

/** What statuses are derived from. */
export interface Judgement {
  readonly evaluation: Evaluation
  readonly plan: Pick<Plan, 'objects' | 'findings'>
  readonly verdict: Verdict
  /** The identity under which the existing records were written, where a platform singleton has changed since. */
  readonly remembered: ClusterIdentitySpec | undefined
  /** No platform singleton has changed under existing records, and the brake holds nothing back. */
  readonly isSettled: boolean
  readonly finalizers: readonly FinalizerChange[]
}

/** The plan and what it was made from. */
export interface Reconciliation extends Judgement {
  readonly plan: Plan
}

/** The one function behind every command: a snapshot of the world in, everything that should change out. */
export const reconcile = (snapshot: Snapshot, detail: Detail = 'whole'): Reconciliation => {
  const { settings } = snapshot
  const decoded = decode(snapshot.inputs, snapshot.fromFiles)
  const current = indexCurrent(snapshot.current)
  const evaluation = evaluate(decoded, current, settings)
  const dns = states(evaluation, wantedEndpoints(evaluation), detail)
  const unedited = uneditedRecords(decoded, current, settings)
  const tables = once(() => ({
    before: recordTable(dns.before, dns.after),
    after: recordTable(dns.after, dns.after),
  }))
  const lost = unedited === undefined && !mayLose(dns) ? [] : losses(dns, tables(), unedited)
  const verdict = brake(
    lost,
    unedited === undefined ? 0 : recordsBefore(lost, tables().before, unedited.records),
    loss => takesLastAddress(dns, tables().after)(loss),
    settings.allowDeletes,
    wasTripped(decoded),
  )
  const records = once(() => recordChanges(tables(), lost, verdict))
  const istio = istioChanges(evaluation, istioGateways(evaluation))
  const after = hold(dns, verdict)
  const zones = zoneCounts(after)
  const endpointChanges = objectChanges(
    current.dnsEndpoints.ours,
    after,
    key => dns.removals.get(key)?.reason ?? 'its records moved to another object',
  )
  const subjects = new Map(evaluation.gateways.map(({ resource }) => [resource.key, resource.object]))
  const findings = [
    ...inputFindings(evaluation),
    ...onePerSource([...dns.foreign, ...istio.foreign].map(foreignObject)),
    ...(lost.length === 0
      ? []
      : typeMismatches(records(), ({ source }) => subjects.get(`${source?.namespace}/${source?.name}`))),
    ...standInMismatches(evaluation),
    ...zoneSizes(zones),
  ]
  const plan: Plan = {
    ...cluster(evaluation),
    complete: isComplete(evaluation),
    get summary() {
      return summarise(records())
    },
    // Put together when somebody asks: a daemon does not, and they are a third of what a pass takes.
    get records() {
      return records()
    },
    zones,
    // In the order of their keys: externaldns.k8s.io, networking.istio.io.
    objects: [...endpointChanges, ...istio.objects],
    findings: findings.sort(byFinding),
  }
  return {
    evaluation,
    plan,
    verdict,
    remembered: unedited?.identity,
    isSettled: unedited === undefined && verdict.held.length === 0,
    finalizers: finalizerChanges(evaluation),
  }
}

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** The records had no platform singleton changed since they were written; undefined where none did. */
const uneditedRecords = (decoded: Decoded, current: Current, settings: Settings): Unedited | undefined => {
  const other = counterfactual(decoded, [...current.dnsEndpoints.ours.values()], wasTripped(decoded))
  if (other === undefined) return undefined
  const evaluation = evaluate(other.decoded, current, settings)
  const { after } = states(evaluation, wantedEndpoints(evaluation))
  return {
    records: recordTable(after, after),
    cause: other.cause,
    identity: other.decoded.identities[0]?.spec,
  }
}

interface Unedited {
  readonly records: RecordTable
  readonly cause: string
  readonly identity: ClusterIdentitySpec | undefined
}

const inputFindings = ({
  identities,
  configurations,
  failovers,
  gateways,
  policies,
  routes,
}: Evaluation): readonly Finding[] =>
  findingsOf(
    [identities, configurations, failovers, gateways, policies, routes].flatMap(judged =>
      judged
        .filter(({ issues }) => issues.length > 0)
        .map(({ resource, issues }) => ({ object: resource.object, issues })),
    ),
  )

/** A route whose name is taken in every zone is one finding. */
const onePerSource = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map(finding => [`${finding.resource?.kind} ${finding.message}`, finding])).values(),
]

const cluster = ({ world }: Evaluation): Pick<Plan, 'cluster'> => {
  if (world.identity.state !== 'one') return {}
  const { cluster, region, domain } = world.identity.spec
  return { cluster: { cluster, region, domain } }
}

const isComplete = ({ identities, gateways, routes }: Evaluation): boolean =>
  ![identities, gateways, routes].some(judged =>
    judged.some(({ issues }) => issues.some(issue => issue.incomplete)),
  )

const refKey = (ref: ResourceRef | undefined): string => (ref === undefined ? '' : objectKey(ref))

const byFinding = byKey<Finding>(
  finding => refKey(finding.resource),
  finding => finding.code,
  finding => fieldName(finding.path ?? []),
  finding => finding.message,
)
