import type { RegionFailoverSpec } from '../../../../src/api/region-failover.ts'
import {
  answersMeanwhile,
  type Health,
  servesMeanwhile,
  unknownHealth,
  withRound,
} from '../../../../src/engine/failover/automatic/health.ts'
import { type Environment, reachesGateway, reachesWitness } from './environment.ts'
import { seenGeneration } from './essential.ts'
import { engagedAutomatically, type Node, nameOf, now, type Rules, switched, type Watch } from './node.ts'

/** What a cluster has done that it must not; undefined where it has not. */
export interface Outcome {
  readonly node: Node
  readonly broken: string | undefined
}

/** When rounds begin and end: what was before is before, or at the last round of the peer. How long does not matter. */
const before = -1
const last = 0
const after = 1
const began = 10
const ended = 11

const roles = ['peer', 'own', 'witness'] as const

/** All that one cluster probes is probed once, at one moment; after each answer it is decided, as the daemon does. */
export const probed = (node: Node, environment: Environment, rules: Rules): Outcome => {
  let outcome: Outcome = { node, broken: undefined }
  for (const peer of Object.keys(node.watches)) {
    const wasFailing = node.watches[peer]?.failing === true
    for (const role of roles) {
      const watch = outcome.node.watches[peer]
      if (watch === undefined || outcome.broken !== undefined) break
      const answers =
        role === 'witness'
          ? reachesWitness(environment, node.region)
          : reachesGateway(environment, node.region, role === 'own' ? node.region : peer)
      const round = { beganMs: began, endedMs: ended, answers }
      const next: Watch = {
        ...watch,
        [role]: withRound(watch[role], round, thresholdsOf(node, peer)),
        failing: role === 'peer' ? !answers : watch.failing,
        wasReached:
          role === 'witness' ? answers && wasFailing && watch.failing : wasFailing && watch.wasReached,
      }
      outcome = decided(withWatch(outcome.node, peer, next), peer, rules)
    }
  }
  const watches = Object.entries(outcome.node.watches).map(([peer, watch]) => [
    peer,
    timeless(watch, thresholdsOf(node, peer)),
  ])
  return { ...outcome, node: { ...outcome.node, watches: Object.fromEntries(watches) } }
}

const decided = (node: Node, peer: string, rules: Rules): Outcome => {
  const watch = node.watches[peer]
  const spec = specOf(node, peer)
  if (watch === undefined || watch.changedBy === 'daemon') return { node, broken: undefined }
  const decision = rules.decide(watch.memory, {
    ...watch.facts,
    other: watch.facts.other ?? engagedUnseen(node, peer),
    spec,
    now,
    peer: watch.peer,
    witnessAnswers: answersMeanwhile(watch.witness, watch.peer),
    gatewayAnswers: servesMeanwhile(watch.own, watch.peer),
  })
  const { action, memory, reason } = decision
  // Written onto the version that it was decided on, or not at all.
  if (action !== undefined && watch.changedBy === 'people') return { node, broken: undefined }
  const next = withWatch(node, peer, { ...watch, memory, reason, decidedOn: seenGeneration })
  if (action === undefined) return { node: next, broken: undefined }
  const engaged = switched(next, peer, { engage: action === 'Engage', by: 'daemon' })
  return { node: engaged, broken: action === 'Engage' ? wrongToEngage(engaged, peer, watch) : undefined }
}

/** Another one that was engaged a moment ago, which the engine does not know of yet. */
const engagedUnseen = ({ watches }: Node, peer: string): string | undefined =>
  Object.entries(watches).find(
    ([other, { changedBy, memory }]) =>
      other !== peer && changedBy === 'daemon' && memory.state === 'Engaged',
  )?.[0]

/** By what the explorer knows, and not by what was decided on. */
const wrongToEngage = (node: Node, peer: string, { wasReached }: Watch): string | undefined => {
  const what = `${nameOf(node.region)} engages ${nameOf(peer)}`
  if (!wasReached) return `${what} without a witness`
  if (node.saw !== 'free') return `${what}, and what it saw of the claim on itself is: ${node.saw}`
  if (node.ended.includes(peer)) return `${what} within the hold-down`
  if (engagedAutomatically(node).length > 1) return `${what}, and another one as well`
  return undefined
}

const withWatch = (node: Node, peer: string, watch: Watch): Node => ({
  ...node,
  watches: { ...node.watches, [peer]: watch },
})

const specOf = (node: Node, peer: string): RegionFailoverSpec =>
  node.inputs.find(({ kind, metadata }) => kind === 'RegionFailover' && metadata.name === nameOf(peer))
    ?.spec as RegionFailoverSpec

const thresholdsOf = (node: Node, peer: string) => {
  const { failureThreshold = 3, successThreshold = 6 } = specOf(node, peer).probe ?? {}
  return { failureThreshold, successThreshold }
}

/** The same to every later decision, with as few numbers as do. */
const timeless = (
  watch: Watch,
  { failureThreshold, successThreshold }: ReturnType<typeof thresholdsOf>,
): Watch => {
  const { peer } = watch
  const counted = (health: Health): Pick<Health, 'failures' | 'successes'> => ({
    failures: Math.min(health.failures, failureThreshold),
    successes: Math.min(health.successes, successThreshold),
  })
  // Only what is told apart later: whether it was asked since the peer fails, and answers for longer than its last round.
  const other = (health: Health): Health => {
    const isAfter =
      peer.failingSinceMs !== undefined && (health.last?.beganMs ?? before) > peer.failingSinceMs
    const isNew = isAfter && (health.answeringSinceMs ?? before) >= (peer.last?.beganMs ?? before)
    const answers = health.last?.answers === true
    return {
      ...unknownHealth,
      ...counted(health),
      state: health.state,
      answeringSinceMs: answers ? (isNew ? last : before) : undefined,
      last: { beganMs: isAfter ? after : before, endedMs: after, answers },
    }
  }
  return {
    ...watch,
    peer: {
      ...peer,
      ...counted(peer),
      failingSinceMs: peer.failures === 0 ? undefined : last,
      answeringSinceMs: undefined,
      last: { beganMs: last, endedMs: last, answers: peer.failures === 0 },
    },
    own: other(watch.own),
    witness: { ...other(watch.witness), state: 'Unknown', failures: 0, successes: 0 },
  }
}
