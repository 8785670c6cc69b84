import { shortName } from '../../api/object.ts'
import { connect } from '../../kube/index.ts'
import { type ExitCode, exitCode } from '../../lib/errors.ts'
import { gatherOnline } from '../../source/online.ts'
import { carryOut } from '../apply/carry-out.ts'
import { result } from '../apply/result.ts'
import type { Context } from '../context.ts'
import { planFrom, settingsFor } from '../planning.ts'
import { withAnswers } from '../zones.ts'
import type { RunArgs } from './run.ts'

/** One full comparison, as `apply --auto-approve` makes it, and what it says in a log's words. */
export const runOnce = async (context: Context, args: RunArgs): Promise<ExitCode> => {
  const { clock, signal, output, log } = context
  const client = connect({
    kubeconfig: args.kubeconfig,
    context: args.context,
    concurrency: args.concurrency,
  })
  const gathered = await gatherOnline({ client, files: undefined, onlyFiles: false, signal })
  const settings = await withAnswers(gathered, settingsFor({ ...args, adopt: [] }, clock), signal)
  const { reconciliation, report } = planFrom(gathered, settings)
  for (const { code, severity, message, resource } of report.findings)
    log.warn('Finding', {
      code,
      severity,
      message,
      ...(resource === undefined ? {} : { kind: resource.kind, object: shortName(resource) }),
    })
  // A kind that is not installed is no kind without objects.
  if (!report.applyable) return exitCode.invalidInput
  const outcome = await carryOut(
    client,
    gathered,
    { settings, reconciliation, now: () => clock.now() },
    context,
  )
  client.close()
  return result({ outcome, held: report.summary.held, interrupted: signal.aborted }, 'text', output)
}
