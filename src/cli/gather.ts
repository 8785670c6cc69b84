import { connect, type KubeClient } from '../kube/index.ts'
import { usageError } from '../lib/errors.ts'
import type { Input } from '../lib/io.ts'
import { readFiles } from '../source/files/index.ts'
import type { Gathered } from '../source/gathered.ts'
import { gatherOffline } from '../source/offline.ts'
import { type GatheredOnline, gatherOnline } from '../source/online.ts'

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
  stdin: Input,
  signal: AbortSignal,
): Promise<Gathered | GatheredOnline> => {
  if (args.current === undefined) return gatherFromCluster(connectWith(args), args, stdin, signal)
  if (args.file.length === 0)
    throw usageError('--current needs -f: without a cluster the files are all there is', 'add -f PATH')
  return gatherOffline({ files: args.file, namespace: undefined, current: args.current, stdin })
}

export const connectWith = ({ kubeconfig, context, concurrency }: GatherArgs): KubeClient =>
  connect({ kubeconfig, context, ...(concurrency === undefined ? {} : { concurrency }) })

export const gatherFromCluster = async (
  client: KubeClient,
  args: GatherArgs,
  stdin: Input,
  signal: AbortSignal,
): Promise<GatheredOnline> => {
  if (args.onlyFiles && args.file.length === 0) throw usageError('--only-files needs -f', 'add -f PATH')
  const files = args.file.length === 0 ? undefined : await readFiles(args.file, { stdin })
  return gatherOnline({ client, files, onlyFiles: args.onlyFiles, signal })
}
