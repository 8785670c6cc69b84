import { RegionFailover } from '../api/kinds.ts'
import { engagedByAnnotation } from '../api/labels.ts'
import { type KubeObject, refOf } from '../api/object.ts'
import type { Evaluation } from '../engine/evaluate.ts'
import { type Decision, decide, type Situation } from '../engine/failover/automatic/decision.ts'
import { engineFacts, isDeleted } from '../engine/failover/automatic/facts.ts'
import { decisionText, notWrittenText } from '../engine/failover/automatic/message.ts'
import { memoryAsStatus, type ProbeReports } from '../engine/failover/automatic/report.ts'
import { failoverMemory } from '../engine/failover/memory.ts'
import type { StandIn } from '../engine/failover/stand-in.ts'
import { setEngage } from '../execute/engage.ts'
import { get, isConflict, type KubeClient, patch } from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { aborted } from './aborted.ts'
import { type Conclusion, type Entry, entryFor, generationOf, probedFor } from './automatic-entry.ts'
import { createProbing, type Probing, type Sample } from './probing.ts'

/** The loop from probes to decisions, and from decisions to `engage`. */
export interface Automatic {
  /** What the statuses are to say. */
  reports(): ProbeReports
  samples(): readonly Sample[]
  /** What the engine makes of things. */
  reconciled(evaluation: Evaluation): void
  /** Probes and decides until the signal is aborted; `isHeld` is asked before `engage` is written. */
  run(signal: AbortSignal, isHeld: () => boolean): Promise<void>
}

export interface AutomaticOptions {
  readonly client: KubeClient
  readonly log: Log
  /** What a report says is different. */
  readonly onNews: () => void
  /** `engage` was written. */
  readonly onSwitched: (object: KubeObject) => void
  readonly onDecision: (decision: Decided) => void
  readonly createProbing?: typeof createProbing
}

export interface Decided {
  readonly peer: string
  /** Refuse: the peer is down, and something speaks against standing in for it. */
  readonly decision: 'Engage' | 'Release' | 'Refuse'
  readonly reason: Conclusion['reason']
  readonly mode: 'Automatic' | 'Observe'
}

/** From being allowed to work until that ends. */
interface Term {
  readonly signal: AbortSignal
  readonly isHeld: () => boolean
}

/** A decision, and the same for people. */
interface Said {
  readonly decision: Conclusion
  readonly text: string
}

/** The status is written often: another version of the object is no news of its spec. */
const attempts = 5

export const createAutomatic = (options: AutomaticOptions): Automatic => {
  const { client, log, onNews, onSwitched, onDecision } = options
  const { timing } = client
  const entries = new Map<string, Entry>()
  let term: Term | undefined
  let probing: Probing | undefined
  const busy = new Set<Promise<void>>()
  const switching = new Set<string>()
  let told = ''

  const situationOf = ({ standIn, facts }: Entry, probes: Probing): Situation | undefined => {
    const { spec } = standIn.resource
    if (spec === undefined) return undefined
    return {
      ...facts,
      other: facts.other ?? switchedUnseen(standIn.peer),
      spec,
      now: timing.now(),
      peer: probes.health(standIn.peer),
      witnessAnswers: probes.answersMeanwhile(standIn.peer, 'witness'),
      gatewayAnswers: probes.answersMeanwhile(standIn.peer, 'own'),
    }
  }

  /** Another one that was engaged a moment ago, which the engine does not know of yet. */
  const switchedUnseen = (peer: string): string | undefined =>
    [...entries].find(
      ([other, entry]) =>
        other !== peer && (switching.has(other) || (entry.memory.state === 'Engaged' && !isSeen(entry))),
    )?.[0]

  const consider = (peer: string): void => {
    const entry = entries.get(peer)
    if (entry === undefined || probing === undefined || switching.has(peer)) return
    const { spec } = entry.standIn.resource
    const { mode = 'Manual' } = spec ?? {}
    const situation = isSeen(entry) ? situationOf(entry, probing) : undefined
    if (mode !== 'Manual' && situation !== undefined) {
      const decision = decide(entry.memory, situation)
      const text = decisionText(decision, situation, peer)
      const decidedOn = generationOf(entry.standIn)
      tell(peer, entry, { decision, text }, mode)
      if (decision.action !== undefined && mode === 'Automatic') carryOut(peer, entry, { decision, text })
      else Object.assign(entry, { memory: decision.memory, decision, text, decidedOn })
    }
    notice()
  }

  const tell = (
    peer: string,
    { decision: before }: Entry,
    { decision: { memory, action, reason }, text: message }: Said,
    mode: Decided['mode'],
  ): void => {
    const isRefused = memory.state === 'Armed' && !harmless.has(reason)
    if (action === undefined && (!isRefused || before?.reason === reason)) return
    const what = action ?? 'Refuse'
    log.warn('Automatic failover', { failover: peer, mode, decision: what, reason, message })
    if (mode === 'Observe' || action === undefined) onDecision({ peer, decision: what, reason, mode })
  }

  /** What could not be written is decided anew after the next round. */
  const carryOut = (peer: string, entry: Entry, said: Said): void => {
    const present = term
    const { decision } = said
    const { action, reason } = decision
    if (present === undefined || action === undefined) return
    switching.add(peer)
    const work = write(peer, entry, said, present)
      .then(object => {
        if (object === undefined) return
        const { generation: writtenAs = 0 } = object.metadata
        const known = entries.get(peer)
        // Who is gone by now has it in his spec.
        if (known !== undefined)
          entries.set(peer, { ...known, ...said, memory: decision.memory, writtenAs, decidedOn: writtenAs })
        onDecision({ peer, decision: action, reason, mode: 'Automatic' })
        onSwitched(object)
      })
      .catch((error: unknown) => {
        const known = entries.get(peer)
        if (known !== undefined && !present.signal.aborted) notWritten(peer, known, action, error)
      })
      .finally(() => {
        switching.delete(peer)
        busy.delete(work)
        notice()
      })
    busy.add(work)
  }

  const notWritten = (
    peer: string,
    entry: Entry,
    action: NonNullable<Decision['action']>,
    error: unknown,
  ): void => {
    const decision = { memory: entry.memory, action: undefined, reason: 'NotWritten' } as const
    const text = notWrittenText(action, peer, messageOf(error))
    tell(peer, entry, { decision, text }, 'Automatic')
    const decidedOn = generationOf(entry.standIn)
    Object.assign(entry, { decision, text, decidedOn })
  }

  /** Undefined where what it was decided on is no longer so: that is decided anew. */
  const write = async (
    peer: string,
    { standIn }: Entry,
    { decision: { action }, text }: Said,
    { signal, isHeld }: Term,
  ): Promise<KubeObject | undefined> => {
    const decided = standIn.resource.object
    const ref = { apiVersion: decided.apiVersion, kind: RegionFailover.kind, name: peer }
    for (let attempt = 1; ; attempt++) {
      const present = await get(client, ref, { signal })
      const { uid, generation, resourceVersion } = present?.metadata ?? {}
      const isSame = uid === decided.metadata.uid && generation === decided.metadata.generation
      if (!isSame || !isHeld() || !isStill(peer, action)) {
        log.info('Automatic failover is decided anew', { failover: peer, decision: action })
        return undefined
      }
      const change = { engage: action === 'Engage', reason: `automatic: ${text}`, decidedOn: resourceVersion }
      try {
        return await setEngage(client, peer, change, signal)
      } catch (thrown) {
        if (!isConflict(thrown) || attempt === attempts) throw thrown
      }
    }
  }

  /** A server may take its time, and meanwhile rounds go on. */
  const isStill = (peer: string, action: Decision['action']): boolean => {
    const entry = entries.get(peer)
    const situation = entry === undefined || probing === undefined ? undefined : situationOf(entry, probing)
    return entry !== undefined && situation !== undefined && decide(entry.memory, situation).action === action
  }

  /** Who has engaged it last must not be believed to have done so the next time as well. */
  const forgetWho = ({ resource: { object, spec } }: StandIn): void => {
    const isStale = spec?.engage !== true && object.metadata.annotations?.[engagedByAnnotation] !== undefined
    if (!isStale || term === undefined) return
    // Onto what is known, for it may have been engaged anew.
    const { resourceVersion } = object.metadata
    const metadata = { resourceVersion, annotations: { [engagedByAnnotation]: null } }
    const work = patch(client, refOf(object), { metadata }, { signal: term.signal })
      .then(() => {})
      .catch((error: unknown) => log.debug('Annotation not removed', { error: messageOf(error) }))
      .finally(() => busy.delete(work))
    busy.add(work)
  }

  const notice = (): void => {
    const text = JSON.stringify([...reports()])
    if (text === told) return
    told = text
    onNews()
  }

  const reports = (): ProbeReports => {
    const probes = probing
    if (probes === undefined) return new Map()
    return new Map(
      [...entries].map(([peer, { standIn, memory, decision, decidedOn, text }]) => {
        const automatic =
          decision === undefined
            ? failoverMemory(standIn.resource.object).automatic
            : {
                ...memoryAsStatus(memory),
                reason: decision.reason,
                message: text,
                observedGeneration: decidedOn,
              }
        return [peer, { probe: probes.report(peer), ...(automatic === undefined ? {} : { automatic }) }]
      }),
    )
  }

  return {
    reports,
    samples: () => probing?.samples() ?? [],
    reconciled: evaluation => {
      if (probing === undefined) return
      const present = evaluation.standIns.filter(({ resource }) => !isDeleted(resource.object))
      const standIns = present.filter(({ resource: { spec } }) => spec?.probe !== undefined)
      const peers = new Set(standIns.map(({ peer }) => peer))
      for (const peer of entries.keys()) if (!peers.has(peer)) entries.delete(peer)
      for (const standIn of standIns) {
        const facts = engineFacts(standIn, evaluation)
        entries.set(standIn.peer, entryFor(standIn, facts, entries.get(standIn.peer), timing.now()))
      }
      for (const standIn of present) forgetWho(standIn)
      probing.set(standIns.map(standIn => probedFor(standIn, evaluation)))
    },
    run: async (signal, isHeld) => {
      term = { signal, isHeld }
      probing = (options.createProbing ?? createProbing)({ timing, onRound: consider })
      onNews()
      await aborted(signal)
      const stopped = probing.stop()
      probing = undefined
      term = undefined
      entries.clear()
      told = ''
      await Promise.all([stopped, ...busy])
    },
  }
}

/** Whether the engine has seen what was last written. */
const isSeen = ({ standIn, writtenAs }: Entry): boolean => generationOf(standIn) >= writtenAs

/** Reasons not to engage that nobody needs to be told of. */
const harmless: ReadonlySet<Conclusion['reason']> = new Set([
  'PeerUp',
  'PeerFailing',
  'PeerUnknown',
  'PeerDown',
])
