import { connect, type KubeClient } from '../kube/index.ts'
import { usageError } from '../lib/errors.ts'
import { readFiles } from '../source/files/index.ts'
import type { Gathered } from '../source/gathered.ts'
import { gatherOffline } from '../source/offline.ts'
import { type GatheredOnline, gatherOnline } from '../source/online.ts'
import type { Context } from './context.ts'

export interface GatherArgs {
  readonly file: readonly string[]
  readonly onlyFiles: boolean
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
  readonly concurrency?: number | undefined
}

/** With --current no cluster is asked for anything; without it everything is compared with the cluster. */
export const gatherForPlan = async (
  args: GatherArgs & { readonly current: string | undefined },
  context: Pick<Context, 'stdin' | 'signal' | 'log'>,
): Promise<Gathered | GatheredOnline> => {
  if (args.current === undefined) return gatherFromCluster(connectWith(args), args, context)
  if (args.file.length === 0)
    throw usageError('--current needs -f: without a cluster the files are all there is', 'add -f PATH')
  if (args.current === '-' && args.file.includes('-'))
    throw usageError('standard input cannot be both -f and --current', 'put one of the two into a file')
  return gatherOffline({
    files: args.file,
    namespace: undefined,
    current: args.current,
    stdin: context.stdin,
  })
}

/** A command line that means nothing is refused before a kubeconfig is looked for: 64 counts before 6. */
export const connectWith = ({
  kubeconfig,
  context,
  concurrency,
  onlyFiles,
  file,
}: GatherArgs): KubeClient => {
  if (onlyFiles && file.length === 0) throw usageError('--only-files needs -f', 'add -f PATH')
  return connect({ kubeconfig, context, ...(concurrency === undefined ? {} : { concurrency }) })
}

export const gatherFromCluster = async (
  client: KubeClient,
  args: GatherArgs,
  { stdin, signal, log }: Pick<Context, 'stdin' | 'signal' | 'log'>,
): Promise<GatheredOnline> => {
  const files = args.file.length === 0 ? undefined : await readFiles(args.file, { stdin })
  return gatherOnline({ client, files, onlyFiles: args.onlyFiles, signal, log })
}
