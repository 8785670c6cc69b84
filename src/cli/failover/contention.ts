import { ask } from '../../dns/ask.ts'
import { queryTypes, questionKey } from '../../engine/failover/answers.ts'
import { isRedirected, standInNames } from '../../engine/failover/redirected.ts'
import { gatewayPairs } from '../../engine/gateway-pairs.ts'
import type { KubeClient } from '../../kube/index.ts'
import { standInFor, type View } from './view.ts'

/** Between two looks at the zones. */
const sampleMs = 250

/**
 * Samples every zone for so long, and answers those that gave other addresses meanwhile: something still publishes them.
 * A home cluster whose API server is dead and whose ExternalDNS lives writes them again in each of its cycles.
 */
export const contendedZones = async (
  client: KubeClient,
  view: View,
  peer: string,
  { ms, signal }: { readonly ms: number; readonly signal: AbortSignal },
): Promise<ReadonlySet<string>> => {
  const contended = new Set<string>()
  const standIn = standInFor(view, peer)
  const { evaluation } = view.reconciliation
  const pairs = gatewayPairs(evaluation.gateways, evaluation.world)
  if (standIn === undefined) return contended
  const names = standInNames(standIn, pairs, evaluation.world)
  const asked = new Set(view.inquiry.questions.map(questionKey))
  const questions = names
    .flatMap(({ zone, name }) => queryTypes.map(type => ({ zone, name, type })))
    .filter(question => asked.has(questionKey(question)))
  const end = client.timing.elapsed() + ms
  while (client.timing.elapsed() < end) {
    const answers = await ask({ questions, servers: view.inquiry.servers }, { signal })
    for (const name of standInNames(standIn, pairs, { ...evaluation.world, answers }))
      if (name.there !== undefined && !isRedirected(name)) contended.add(name.zone)
    await client.timing.pause(sampleMs, signal)
  }
  return contended
}
