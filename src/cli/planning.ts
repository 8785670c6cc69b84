import { objectKey } from '../api/object.ts'
import type { ObjectChange } from '../engine/change.ts'
import { type Reconciliation, reconcile } from '../engine/engine.ts'
import type { LocatedFinding } from '../engine/finding.ts'
import { defaultSettings, type Settings } from '../engine/snapshot.ts'
import { inputChanges } from '../execute/inputs.ts'
import { sortedBy } from '../lib/compare.ts'
import { type ExitCode, exitCode } from '../lib/errors.ts'
import type { Clock } from '../lib/io.ts'
import { timestamp } from '../lib/timestamp.ts'
import { inOrder, locate } from '../source/files/index.ts'
import type { Gathered } from '../source/gathered.ts'
import type { GatheredOnline } from '../source/online.ts'
import type { PlanReport } from './render/plan/report.ts'

export interface Planned {
  readonly reconciliation: Reconciliation
  readonly report: PlanReport
}

/** Runs the engine on what was gathered and gives everything in its answer a place. */
export const planFrom = (gathered: Gathered | GatheredOnline, given: Settings): Planned => {
  const isOnline = 'applied' in gathered
  const settings = isOnline ? { ...given, istioApiVersion: gathered.istioApiVersion } : given
  const reconciliation = reconcile({ ...gathered, settings })
  const { plan } = reconciliation
  const judged = locate(plan.findings, gathered.places)
  return {
    reconciliation,
    report: {
      timestamp: settings.now,
      cluster: plan.cluster,
      applyable: !gathered.findings.some(isError) && !judged.some(isFileError),
      complete: plan.complete,
      summary: plan.summary,
      records: plan.records,
      placeOf: ({ source }) =>
        source?.subject === undefined ? undefined : gathered.places.start(source.subject),
      objects: isOnline ? withInputs(inputChanges(gathered.applied), plan.objects) : plan.objects,
      findings: inOrder([...gathered.findings, ...judged]),
    },
  }
}

const withInputs = (
  inputs: readonly ObjectChange[],
  objects: readonly ObjectChange[],
): readonly ObjectChange[] =>
  inputs.length === 0 ? objects : sortedBy([...inputs, ...objects], change => objectKey(change.ref))

export const isError = (finding: LocatedFinding): boolean => finding.severity === 'error'

/** An error in a resource that came from the cluster stops nobody; one in a file does. */
const isFileError = (finding: LocatedFinding): boolean => isError(finding) && finding.file !== undefined

/** The exit code of a plan; the first that applies, in the order of the design. */
export const planExit = ({ applyable, summary, objects }: PlanReport, detailed: boolean): ExitCode => {
  if (!applyable) return exitCode.invalidInput
  if (
    detailed &&
    (summary.add + summary.change + summary.delete + summary.held > 0 || objects.some(isChange))
  )
    return exitCode.changes
  return exitCode.ok
}

const isChange = ({ action }: { readonly action: string }): boolean => action !== 'unchanged'

/** The engine's settings from a command's flags, for a plan without a cluster. */
export const settingsFor = (
  args: {
    readonly defaultGatewayNamespace: string
    readonly adopt: readonly string[]
    readonly allowDeletes?: number | undefined
  },
  clock: Clock,
): Settings => ({
  ...defaultSettings,
  defaultGatewayNamespace: args.defaultGatewayNamespace,
  adopt: args.adopt,
  allowDeletes: args.allowDeletes,
  now: timestamp(clock.now()),
})

/** "No changes" would be taken for good news where the namespace is only mistyped. */
export const isAnythingIn = (namespace: string, { inputs, current }: Gathered): boolean =>
  [...inputs, ...current].some(({ metadata }) => metadata.namespace === namespace)
