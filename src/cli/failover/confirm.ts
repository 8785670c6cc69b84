import { exitCode, UserError, usageError } from '../../lib/errors.ts'
import type { Context } from '../context.ts'

export interface Asking {
  readonly autoApprove: boolean
  readonly dryRun: boolean
}

/** Before anything is asked of a cluster. */
export const refuseWithoutTerminal = ({ autoApprove, dryRun }: Asking, context: Context): void => {
  if (!autoApprove && !dryRun && !context.isTerminal)
    throw usageError(
      'there is no terminal to ask on',
      'add --auto-approve, or --dry-run to see what it would do',
    )
}

export const confirm = async (question: string, { autoApprove }: Asking, context: Context): Promise<void> => {
  if (!autoApprove && (await context.ask(`\n${question} Only "yes" will do: `)) !== 'yes')
    throw new UserError(exitCode.interrupted, 'not done: nothing was written')
  if (context.signal.aborted) throw context.signal.reason
}
