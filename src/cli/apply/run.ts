import type { KubeClient } from '../../kube/index.ts'
import { type ExitCode, exitCode, UserError, usageError } from '../../lib/errors.ts'
import type { GatheredOnline } from '../../source/online.ts'
import type { Context } from '../context.ts'
import { connectWith, gatherFromCluster } from '../gather.ts'
import { styleOf, writeAll } from '../output.ts'
import { planFrom, settingsFor } from '../planning.ts'
import { planText } from '../render/plan/text.ts'
import { withAnswers } from '../zones.ts'
import { carryOut } from './carry-out.ts'
import { gatherSaved } from './from-saved.ts'
import { result, type Verdict } from './result.ts'

export interface ApplyArgs {
  readonly file: readonly string[]
  readonly onlyFiles: boolean
  readonly adopt: readonly string[]
  readonly allowDeletes: number | undefined
  readonly autoApprove: boolean
  readonly concurrency: number
  readonly output: 'text' | 'json'
  readonly planFile: string | undefined
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
  readonly defaultGatewayNamespace: string
}

/** Plan, show, ask, do. */
export const runApply = async (context: Context, args: ApplyArgs): Promise<ExitCode> => {
  const { output, clock, signal } = context
  const asks = args.planFile === undefined && !args.autoApprove
  if (asks && !context.isTerminal)
    throw usageError(
      'there is no terminal to ask on',
      'add --auto-approve, or apply a plan saved with "srouter plan --out"',
    )
  if (args.planFile !== undefined) refuseBesides(args)
  const client = connectWith(args)
  const { gathered, settings } = await gather(context, client, args)
  const { report, reconciliation } = planFrom(gathered, settings)
  const show = args.output === 'json' ? output.err : output.out
  writeAll({ out: show }, planText(report, styleOf(output)))
  if (!report.applyable) return exitCode.invalidInput
  const changes = report.objects.filter(change => change.action !== 'unchanged')
  if (
    asks &&
    changes.length > 0 &&
    (await context.ask('\nApply these changes? Only "yes" will do: ')) !== 'yes'
  )
    throw new UserError(exitCode.interrupted, 'not applied: nothing was written')
  if (signal.aborted) throw signal.reason
  const outcome = await carryOut(
    client,
    gathered,
    { settings, reconciliation, now: () => clock.now() },
    context,
  )
  const verdict: Verdict = { outcome, held: report.summary.held, interrupted: signal.aborted }
  return result(verdict, args.output, output)
}

const gather = async (
  context: Context,
  client: KubeClient,
  args: ApplyArgs,
): Promise<{ gathered: GatheredOnline; settings: ReturnType<typeof settingsFor> }> => {
  if (args.planFile !== undefined) return gatherSaved(client, args.planFile, context)
  const gathered = await gatherFromCluster(client, args, context)
  return { gathered, settings: await withAnswers(gathered, settingsFor(args, context.clock), context.signal) }
}

/** What a saved plan was made with cannot be said once more: it would be another plan. */
const refuseBesides = ({ file, onlyFiles, adopt, allowDeletes }: ApplyArgs): void => {
  const given = [
    ...(file.length > 0 ? ['-f'] : []),
    ...(onlyFiles ? ['--only-files'] : []),
    ...(adopt.length > 0 ? ['--adopt'] : []),
    ...(allowDeletes === undefined ? [] : ['--allow-deletes']),
  ]
  if (given.length > 0)
    throw usageError(
      `a saved plan has ${given.join(', ')} in it`,
      `leave ${given.join(', ')} out, or plan anew`,
    )
}
