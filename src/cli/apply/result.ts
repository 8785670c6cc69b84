import { shortName } from '../../api/object.ts'
import type { ObjectChange } from '../../engine/change.ts'
import { counted } from '../../lib/counted.ts'
import { type ExitCode, exitCode } from '../../lib/errors.ts'
import type { Output } from '../../lib/io.ts'
import { escapeTerminal } from '../render/escape.ts'
import type { Applied } from './carry-out.ts'

export interface Verdict {
  readonly outcome: Applied
  /** Records that the brake holds back. */
  readonly held: number
  readonly interrupted: boolean
}

/** Says how it ended, and answers the exit code: the first that applies, in the order of the contract. */
export const result = (verdict: Verdict, format: 'text' | 'json', output: Output): ExitCode => {
  if (format === 'json') output.out(`${JSON.stringify(asData(verdict))}\n`)
  else for (const line of lines(verdict)) output.out(`${escapeTerminal(line)}\n`)
  const { outcome, held, interrupted } = verdict
  const { failed, statusFailures, finalizerFailures } = outcome
  if (interrupted) return exitCode.interrupted
  if (failed.length + statusFailures.length + finalizerFailures.length > 0) return exitCode.partlyApplied
  return held > 0 ? exitCode.held : exitCode.ok
}

const named = ({ action, ref }: Pick<ObjectChange, 'action' | 'ref'>): string =>
  `${action} ${ref.kind} ${shortName(ref)}`

const asData = ({ outcome, held, interrupted }: Verdict): object => ({
  formatVersion: '1.0',
  done: outcome.done.map(({ action, ref }) => ({ action, ...ref })),
  failed: outcome.failed.map(({ change, message }) => ({ action: change.action, ...change.ref, message })),
  skipped: outcome.skipped.map(({ action, ref }) => ({ action, ...ref })),
  finalizersFailed: outcome.finalizerFailures,
  statusFailed: outcome.statusFailures.map(({ change, message }) => ({ ...change.ref, message })),
  held,
  interrupted,
})

/** The API server names the namespace, and not what to do. */
const missingNamespaces = (failed: Applied['failed']): readonly string[] =>
  [
    ...new Set(
      failed.flatMap(({ change, message }) =>
        lacksNamespace(change, message) ? (change.ref.namespace ?? []) : [],
      ),
    ),
  ].sort()

const lacksNamespace = ({ ref }: ObjectChange, message: string): boolean =>
  message.endsWith(`namespaces "${ref.namespace}" not found`)

function* lines({ outcome, held, interrupted }: Verdict): Generator<string> {
  const { done, failed, skipped, statusFailures, finalizerFailures } = outcome
  for (const { change, message } of failed) yield `failed: ${named(change)}: ${message}`
  const missing = missingNamespaces(failed)
  if (missing.length > 0)
    yield `hint: namespaces to make first, with kubectl or in the files: ${missing.join(', ')}`
  for (const { change, message } of statusFailures)
    yield `failed: status of ${change.ref.kind} ${shortName(change.ref)}: ${message}`
  for (const message of finalizerFailures) yield `failed: finalizers of ${message}`
  const parts = [
    `${counted(done.length, 'object')} written`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} not begun`] : []),
    ...(held > 0 ? [`${counted(held, 'record')} held back`] : []),
  ]
  yield `${interrupted ? 'Interrupted: ' : 'Applied: '}${parts.join(', ')}`
  if (interrupted || failed.length > 0) yield 'Run it again to do the rest; what is done stays done.'
}
