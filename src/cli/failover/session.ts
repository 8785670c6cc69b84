import { connect, type KubeClient } from '../../kube/index.ts'
import { parseDuration } from '../../lib/duration.ts'
import { exitCode, UserError, usageError } from '../../lib/errors.ts'
import type { Context } from '../context.ts'
import { refuseWithoutTerminal } from './confirm.ts'
import { look, type View, type ViewOptions } from './view.ts'

/** What the commands that switch a failover are called with. */
export interface SwitchArgs {
  readonly cluster: string
  readonly wait: boolean
  readonly timeout: string
  readonly interval: string
  readonly autoApprove: boolean
  readonly dryRun: boolean
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
  readonly defaultGatewayNamespace: string
}

/** A command that has begun: what it looked at first, and how it goes on looking. */
export interface Session {
  readonly client: KubeClient
  readonly options: ViewOptions
  readonly view: View
  readonly timeoutMs: number
}

/** Refuses a command line that means nothing before anything is asked of a cluster. */
export const begin = async (context: Context, args: SwitchArgs): Promise<Session> => {
  refuseWithoutTerminal(args, context)
  const timeoutMs = parseDuration(args.timeout, '--timeout')
  const intervalMs = parseDuration(args.interval, '--interval')
  if (timeoutMs < 1_000) throw usageError('--timeout is less than a second', 'give it as 30s or 5m')
  if (intervalMs < 1_000) throw usageError('--interval is less than a second', 'give it as 30s or 5m')
  const client = connect({ kubeconfig: args.kubeconfig, context: args.context })
  const options: ViewOptions = {
    client,
    signal: context.signal,
    defaultGatewayNamespace: args.defaultGatewayNamespace,
    intervalSeconds: intervalMs / 1000,
  }
  return { client, options, view: await look(options), timeoutMs }
}

export const timedOut = (message: string): UserError =>
  new UserError(
    exitCode.timedOut,
    message,
    'srouter failover status shows what it waits for; the daemon goes on with it',
  )
