import { queryTypes, questionKey } from '../../api/questions.ts'
import { ask } from '../../dns/ask.ts'
import { standInNames } from '../../engine/failover/redirected.ts'
import type { KubeClient } from '../../kube/index.ts'
import type { Redirection } from './redirection.ts'
import { standInFor, type View } from './view.ts'

/** Between two looks at the zones. */
const sampleMs = 250

export interface Watching {
  readonly client: KubeClient
  readonly view: View
  readonly peer: string
  readonly signal: AbortSignal
}

/** Samples every zone for so long: a home cluster that cannot be told writes the old addresses again in each of its cycles. */
export const watchZones = async (
  { client, view, peer, signal }: Watching,
  ms: number,
  redirection: Redirection,
): Promise<void> => {
  const standIn = standInFor(view, peer)
  const { pairs, world } = view.reconciliation.evaluation
  if (standIn === undefined) return
  const names = standInNames(standIn, pairs, world)
  const asked = new Set(view.inquiry.questions.map(questionKey))
  const questions = names
    .flatMap(({ zone, name }) => queryTypes.map(type => ({ zone, name, type })))
    .filter(question => asked.has(questionKey(question)))
  const end = client.timing.elapsed() + ms
  while (client.timing.elapsed() < end) {
    const answers = await ask({ questions, servers: view.inquiry.servers }, { signal })
    redirection.note(standInNames(standIn, pairs, { ...world, answers }))
    await client.timing.pause(sampleMs, signal)
  }
}
