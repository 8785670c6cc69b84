import { questionKey } from '../../api/questions.ts'
import { ask } from '../../dns/ask.ts'
import { indexCurrent } from '../../engine/current.ts'
import { decode } from '../../engine/decode.ts'
import { reconcile } from '../../engine/engine.ts'
import { evaluate } from '../../engine/evaluate.ts'
import { type Inquiry, inquiryOf } from '../../engine/failover/questions.ts'
import { defaultSettings, type Settings, type Snapshot } from '../../engine/snapshot.ts'
import { connect } from '../../kube/index.ts'
import { type ExitCode, exitCode, UserError } from '../../lib/errors.ts'
import { timestamp } from '../../lib/timestamp.ts'
import { readCluster } from '../../source/cluster.ts'
import { type Chain, chainOf } from '../../why/chain.ts'
import { questionsOf } from '../../why/questions.ts'
import { subjectOf } from '../../why/subject.ts'
import type { Context } from '../context.ts'
import { styleOf, writeAll } from '../output.ts'
import { jsonText } from '../render/json.ts'
import { whyData } from '../render/why/data.ts'
import { whyText } from '../render/why/text.ts'

export interface WhyArgs {
  readonly host: string
  readonly output: 'text' | 'json'
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
  readonly defaultGatewayNamespace: string
}

/** The chain from a host to what each zone answers. Nothing is written. */
export const runWhy = async (context: Context, args: WhyArgs): Promise<ExitCode> => {
  const { output, clock, signal } = context
  const client = connect({ kubeconfig: args.kubeconfig, context: args.context })
  const cluster = await readCluster(client, signal)
  const missing = cluster.findings.find(({ severity }) => severity === 'error')
  if (missing !== undefined) throw new UserError(exitCode.invalidInput, missing.message, missing.hint)
  const chain = await follow(
    args.host,
    { inputs: cluster.inputs, current: cluster.current, fromFiles: new Set() },
    {
      ...defaultSettings,
      defaultGatewayNamespace: args.defaultGatewayNamespace,
      istioApiVersion: cluster.istioApiVersion,
      now: timestamp(clock.now()),
    },
    signal,
  )
  writeAll(output, args.output === 'json' ? jsonText(whyData(chain)) : whyText(chain, styleOf(output)))
  return chain.broken === undefined ? exitCode.ok : exitCode.invalidInput
}

/** What the engine wants to know of the zones and what the chain does is asked at the same time. */
const follow = async (
  host: string,
  snapshot: Omit<Snapshot, 'settings'>,
  settings: Settings,
  signal: AbortSignal,
): Promise<Chain> => {
  const { inputs, current, fromFiles } = snapshot
  const before = evaluate(decode(inputs, fromFiles), indexCurrent(current), settings)
  const ofEngine = inquiryOf(inputs, current, settings)
  const own = questionsOf(subjectOf(host, before), before)
  const answers = await ask(both(ofEngine, own), { signal })
  const asked = new Set(ofEngine.questions.map(questionKey))
  // The engine gets what the daemon has, and so comes to the same.
  const seen = new Map([...answers].filter(([key]) => asked.has(key)))
  const { evaluation, plan } = reconcile({ ...snapshot, settings: { ...settings, answers: seen } })
  return chainOf(subjectOf(host, evaluation), { evaluation, plan, answers, servers: own.servers })
}

const both = (a: Inquiry, b: Inquiry): Inquiry => ({
  servers: new Map([...a.servers, ...b.servers]),
  questions: [
    ...new Map([...a.questions, ...b.questions].map(question => [questionKey(question), question])).values(),
  ],
})
