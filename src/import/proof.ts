import { ServiceRoute } from '../api/kinds.ts'
import { type KubeObject, objectKey, shortName } from '../api/object.ts'
import type { RecordChange } from '../engine/change.ts'
import { sameTargets } from '../engine/diff/record.ts'
import { reconcile } from '../engine/engine.ts'
import type { Plan } from '../engine/plan.ts'
import { sortedBy } from '../lib/compare.ts'
import type { GatewayProposal } from './gateways.ts'
import type { Merged } from './merged.ts'
import { type Reason, recordKey } from './original.ts'
import { type Proposed, proposedKey } from './proposal.ts'
import type { Imports } from './request.ts'
import type { RouteProposal } from './routes.ts'

export interface Candidate {
  readonly platform: readonly Proposed[]
  readonly gateways: readonly GatewayProposal[]
  readonly policies: readonly Proposed[]
  readonly routes: readonly RouteProposal[]
  /** Namespaces with ServiceRoutes that are there already, and that wait for a policy. */
  readonly waiting: ReadonlySet<string>
}

export interface Proven {
  readonly proposal: readonly Proposed[]
  /** What the engine makes of it. */
  readonly plan: Plan
  /** Records after the plan, by controller, name and type. */
  readonly after: ReadonlyMap<string, RecordChange>
  /** Why a proposal was taken out, by its key. */
  readonly dropped: ReadonlyMap<string, Reason>
}

/**
 * Runs the engine over a proposal, and takes out what does not come to exactly the records that there are: until all
 * that is left does. What was taken out may have been needed by something else, hence again and again.
 */
export const prove = (
  candidate: Candidate,
  records: ReadonlyMap<string, Merged>,
  imports: Imports,
): Proven => {
  const named = new Set([...records.values()].map(({ writer, name }) => `${writer.controller} ${name}`))
  const dropped = new Map<string, Reason>()
  let left = without(candidate, new Map())
  for (;;) {
    const proposal = inOrder(left)
    const plan = planOf(proposal, imports)
    const after = afterOf(plan)
    const faults = faultsOf(left, proposal, plan, after, records, named)
    if (faults.size === 0) return { proposal, plan, after, dropped }
    for (const [key, reason] of faults) dropped.set(key, reason)
    left = without(left, faults)
  }
}

const inOrder = ({ platform, gateways, policies, routes }: Candidate): readonly Proposed[] => [
  ...platform,
  ...gateways.map(({ proposed }) => proposed),
  ...policies,
  ...sortedBy(
    routes.map(({ proposed }) => proposed),
    proposedKey,
  ),
]

/** What the engine makes of it once objects that were made by hand are gone, and their names are free. */
export const afterwards = (
  proposal: readonly Proposed[],
  gone: ReadonlySet<KubeObject>,
  imports: Imports,
): ReadonlyMap<string, RecordChange> =>
  afterOf(planOf(proposal, { ...imports, current: imports.current.filter(object => !gone.has(object)) }))

const planOf = (proposal: readonly Proposed[], imports: Imports): Plan => {
  const objects = proposal.map(({ object }) => object)
  return reconcile({ ...imports, inputs: [...imports.inputs, ...objects], fromFiles: new Set(objects) }).plan
}

const afterOf = ({ records }: Plan): ReadonlyMap<string, RecordChange> =>
  new Map(
    records.flatMap(record =>
      record.action === 'delete'
        ? []
        : [[recordKey(record.controller, record.name, record.type), record] as const],
    ),
  )

/** Whether the zone gets exactly what it has. */
export const isSame = ({ writer, targets }: Merged, after: RecordChange | undefined): boolean =>
  after !== undefined && after.zone === writer.zone && sameTargets(after.targets, targets)

type Faults = ReadonlyMap<string, Reason>

/** The proposals that are wrong, each with the first reason. */
const faultsOf = (
  { routes }: Candidate,
  proposal: readonly Proposed[],
  plan: Plan,
  after: ReadonlyMap<string, RecordChange>,
  records: ReadonlyMap<string, Merged>,
  named: ReadonlySet<string>,
): Faults => {
  const keys = new Set(proposal.map(proposedKey))
  const faults = new Map<string, Reason>()
  const add = (key: string, reason: Reason): void => {
    if (keys.has(key) && !faults.has(key)) faults.set(key, reason)
  }
  for (const { severity, code, message, hint, resource } of plan.findings)
    if (severity === 'error' && resource !== undefined) add(objectKey(resource), { code, message, hint })
  for (const [key, record] of after) {
    const original = records.get(key)
    const source = record.source
    if (source === null || (original !== undefined && isSame(original, record))) continue
    const isRoutes = source.kind === ServiceRoute.kind
    if (original !== undefined || isRoutes || named.has(`${record.controller} ${record.name}`))
      add(objectKey(source), notExactly(record, original))
  }
  for (const { proposed, host } of routes) {
    const missing = host.records.find(record => !isSame(record, after.get(record.key)))
    if (missing !== undefined) add(proposedKey(proposed), notMade(missing))
  }
  return faults
}

/** Without what is wrong, and without what nothing needs any more. */
const without = (candidate: Candidate, faults: Faults): Candidate => {
  const isRight = (proposed: Proposed): boolean => !faults.has(proposedKey(proposed))
  const routes = candidate.routes.filter(({ proposed }) => isRight(proposed))
  const namespaces = new Set([...candidate.waiting, ...routes.map(({ host }) => host.namespace)])
  const named = new Set(routes.map(({ gateway }) => gateway))
  return {
    ...candidate,
    platform: candidate.platform.filter(isRight),
    gateways: candidate.gateways.filter(
      ({ proposed, hasAddresses }) => isRight(proposed) && (hasAddresses || named.has(proposedKey(proposed))),
    ),
    policies: candidate.policies.filter(
      policy => isRight(policy) && namespaces.has(policy.object.metadata.namespace ?? ''),
    ),
    routes,
  }
}

const shown = ({ type, targets }: Pick<Merged, 'type' | 'targets'>): string => `${type} ${targets.join(', ')}`

const sourceWords = ({ source }: RecordChange): string =>
  source === null ? 'what is there' : `${source.kind} ${shortName(source)}`

export const notExactly = (made: RecordChange, original: Merged | undefined): Reason => ({
  code: 'NotReproduced',
  message:
    original === undefined
      ? `${sourceWords(made)} would make ${made.name} ${shown(made)} in zone ${made.zone} as well, which is not or is something else today`
      : `${sourceWords(made)} would make ${shown(made)} of it`,
  hint: 'keep its DNSEndpoint, or change what it says first',
})

const notMade = ({ name, writer }: Merged): Reason => ({
  code: 'NotReproduced',
  message: `what was proposed for it would not make ${name} in zone ${writer.zone}`,
  hint: 'keep its DNSEndpoint',
})
