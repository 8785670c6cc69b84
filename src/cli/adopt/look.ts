import { questionsOf } from '../../adopt/questions.ts'
import { type Progress, progressOf } from '../../adopt/step.ts'
import { zonesOf } from '../../adopt/zone.ts'
import { clusterNameOf } from '../../api/claims.ts'
import type { Question } from '../../api/questions.ts'
import { ask } from '../../dns/ask.ts'
import { indexCurrent } from '../../engine/current.ts'
import { decode } from '../../engine/decode.ts'
import type { Answer, Answers } from '../../engine/failover/answers.ts'
import type { Inquiry } from '../../engine/failover/questions.ts'
import { readableZones } from '../../engine/failover/readable.ts'
import { defaultSettings } from '../../engine/snapshot.ts'
import { buildWorld, type World } from '../../engine/world.ts'
import { instancesIn } from '../../external-dns/instance.ts'
import type { KubeClient } from '../../kube/index.ts'
import { readOwnership } from '../../source/ownership.ts'
import { theOne } from '../singletons.ts'

export interface Look {
  /** `{cluster}-{region}` */
  readonly me: string
  readonly zones: readonly Progress[]
}

/** So many questions are under way at the same time: a name server would drop some of ten thousand. */
const atOnce = 200

/** What there is to know for moving ownership, and how far each zone has got. Nothing is written. */
export const look = async (
  client: KubeClient,
  defaultGatewayNamespace: string,
  signal: AbortSignal,
): Promise<Look> => {
  const { inputs, current, deployments } = await readOwnership(client, signal)
  const world = buildWorld(decode(inputs, new Set()), indexCurrent(current), {
    ...defaultSettings,
    defaultGatewayNamespace,
  })
  const zones = zonesOf({ world, endpoints: current, instances: instancesIn(deployments) })
  const servers = readableZones(world)
  const questions = zones.flatMap(questionsOf).filter(({ zone }) => servers.has(zone))
  const answers = await askAll({ questions, servers }, signal)
  return { me: meOf(world), zones: zones.map(zone => progressOf(zone, answers)) }
}

const askAll = async ({ questions, servers }: Inquiry, signal: AbortSignal): Promise<Answers> => {
  const zones = Map.groupBy(questions, ({ zone }) => zone)
  const answers = await Promise.all([...zones.values()].map(theirs => askZone(theirs, servers, signal)))
  return new Map(answers.flat())
}

const askZone = async (
  questions: readonly Question[],
  servers: Inquiry['servers'],
  signal: AbortSignal,
): Promise<readonly (readonly [string, Answer])[]> => {
  const answers: (readonly [string, Answer])[] = []
  for (let from = 0; from < questions.length; from += atOnce) {
    const some = await ask({ questions: questions.slice(from, from + atOnce), servers }, { signal })
    if (signal.aborted) throw signal.reason
    answers.push(...some)
    // Each time-out takes seconds, and one is enough to know.
    if ([...some.values()].every(({ state }) => state === 'silent')) break
  }
  return answers
}

const meOf = ({ identity, configuration }: World): string => {
  const me = clusterNameOf(theOne('ClusterIdentity', identity, 'its records are unknown'))
  theOne('DNSConfiguration', configuration, 'its records are unknown')
  return me
}
