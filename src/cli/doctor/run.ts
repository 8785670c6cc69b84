import { examine } from '../../doctor/examine.ts'
import { connect } from '../../kube/index.ts'
import { type ExitCode, exitCode } from '../../lib/errors.ts'
import type { Context } from '../context.ts'
import { styleOf, writeAll } from '../output.ts'
import { doctorJson } from '../render/doctor/json.ts'
import { doctorText } from '../render/doctor/text.ts'
import { gatherFacts } from './gather.ts'

export interface DoctorArgs {
  readonly strict: boolean
  readonly output: 'text' | 'json'
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
  readonly defaultGatewayNamespace: string
}

/** Looks at the set-up of a cluster, and says of each part whether it will do. */
export const runDoctor = async ({ output, signal }: Context, args: DoctorArgs): Promise<ExitCode> => {
  const client = connect({ kubeconfig: args.kubeconfig, context: args.context })
  const facts = await gatherFacts({ client, signal, defaultGatewayNamespace: args.defaultGatewayNamespace })
  const report = examine(facts, args.strict)
  writeAll(output, args.output === 'json' ? doctorJson(report) : doctorText(report, styleOf(output)))
  return report.summary.errors > 0 ? exitCode.invalidInput : exitCode.ok
}
