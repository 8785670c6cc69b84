import type { KubeObject } from '../../api/object.ts'
import type { LocatedFinding } from '../../engine/finding.ts'
import { connect } from '../../kube/index.ts'
import { readCluster } from '../../source/cluster.ts'
import { readFiles } from '../../source/files/index.ts'
import { isOutput } from '../../source/overlay.ts'
import type { Places } from '../../source/place.ts'
import type { Context } from '../context.ts'

export interface ImportArgs {
  readonly file: readonly string[]
  readonly namespace: string | undefined
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
}

/** What is to be imported, and what of srouter there is already. */
export interface ImportInput {
  readonly inputs: readonly KubeObject[]
  readonly current: readonly KubeObject[]
  readonly istioApiVersion: string | undefined
  readonly findings: readonly LocatedFinding[]
  readonly places: Places
}

/** With files no cluster is asked for anything. */
export const gatherForImport = (
  args: ImportArgs,
  { stdin, signal }: Pick<Context, 'stdin' | 'signal'>,
): Promise<ImportInput> => (args.file.length === 0 ? fromCluster(args, signal) : fromFiles(args, stdin))

const fromFiles = async ({ file, namespace }: ImportArgs, stdin: Context['stdin']): Promise<ImportInput> => {
  const { objects, findings, places, files } = await readFiles(file, { namespace, stdin })
  const current = objects.filter(isOutput)
  const isWrongFolder = current.length === 0 && !findings.some(({ severity }) => severity === 'error')
  return {
    inputs: objects.filter(object => !isOutput(object)),
    current,
    istioApiVersion: 'networking.istio.io/v1',
    findings: isWrongFolder ? [...findings, nothingToImport(files)] : findings,
    places,
  }
}

/** Kinds that are not installed are none to import, and srouter's own come with its installation. */
const fromCluster = async (args: ImportArgs, signal: AbortSignal): Promise<ImportInput> => {
  const { inputs, current, istioApiVersion } = await readCluster(connect(args), signal)
  return { inputs, current, istioApiVersion, findings: [], places: nowhere }
}

const nowhere: Places = { start: () => undefined, field: () => undefined }

const nothingToImport = (files: number): LocatedFinding => ({
  code: 'NothingToImport',
  severity: 'error',
  message: `there is no DNSEndpoint and no Istio Gateway in the ${files} files that were read`,
  hint: 'check the paths given with -f; render charts first, as "helm template" does',
})
