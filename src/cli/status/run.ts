import { connect } from '../../kube/index.ts'
import { type ExitCode, exitCode } from '../../lib/errors.ts'
import { timestamp } from '../../lib/timestamp.ts'
import type { Context } from '../context.ts'
import { styleOf, writeAll } from '../output.ts'
import { jsonText } from '../render/json.ts'
import { statusData } from '../render/status/data.ts'
import { statusText } from '../render/status/text.ts'
import { statusWide } from '../render/status/wide.ts'
import { readStatus } from './read.ts'
import { type StatusView, viewOf } from './view.ts'
import { watchStatus } from './watch.ts'

export interface StatusArgs {
  readonly namespace: string | undefined
  readonly phase: string | undefined
  readonly zone: string | undefined
  readonly watch: boolean
  readonly output: 'text' | 'wide' | 'json'
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
}

/** What the resources say of themselves, once or again with every change. Nothing is written. */
export const runStatus = async (context: Context, args: StatusArgs): Promise<ExitCode> => {
  const { output, clock, signal } = context
  const client = connect({ kubeconfig: args.kubeconfig, context: args.context })
  const objects = await readStatus(client, args.namespace, signal)
  const show = (view: StatusView): Iterable<string> => {
    if (args.output === 'json') return jsonText(statusData(view))
    const render = args.output === 'wide' ? statusWide : statusText
    return render(view, timestamp(clock.now()), styleOf(output))
  }
  if (!args.watch) {
    writeAll(output, show(viewOf(objects, args)))
    return exitCode.ok
  }
  await watchStatus({ client, objects, args, output, show, signal, now: () => timestamp(clock.now()) })
  return exitCode.interrupted
}
