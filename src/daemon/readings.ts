import { label } from '../api/labels.ts'
import type { KubeObject } from '../api/object.ts'
import { isOurs } from '../api/ownership.ts'
import { type Question, questionKey } from '../api/questions.ts'
import { ask } from '../dns/ask.ts'
import { canonical, sameSet } from '../engine/addresses.ts'
import { endpointsOf, isRead, routeOwner } from '../engine/current.ts'
import type { Answer, Answers } from '../engine/failover/answers.ts'
import type { Inquiry } from '../engine/failover/questions.ts'
import type { Reading, Readings } from '../engine/readings.ts'
import type { Timing } from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { createReadingQueue, type ReadingQueue } from './reading-queue.ts'
import type { Store, StoredKind } from './store.ts'

/** Asks the zones, in the background, whether they have the records of the routes' DNSEndpoints that ExternalDNS has read. */
export interface ZoneReader {
  readings(): Readings
  /** By zone that can be read: how many records it should have and has not. */
  differing(): ReadonlyMap<string, number>
  note(kind: StoredKind, before: KubeObject | undefined, after: KubeObject | undefined): void
  /** Asks until the signal is aborted; begins with knowing nothing. Rejects never. */
  run(signal: AbortSignal): Promise<void>
}

export interface ZoneReaderOptions {
  readonly store: Store
  readonly timing: Timing
  readonly log: Log
  /** By zone, the name servers of the DNSConfiguration; zones without any are not asked. */
  readonly servers: () => ReadonlyMap<string, readonly string[]>
  /** Of these routes (see routeOwner) something else is known than before. */
  readonly onNews: (owners: ReadonlySet<string>) => void
  readonly ask?: (inquiry: Inquiry, signal: AbortSignal) => Promise<Answers>
}

const tickMs = 1_000
/** ExternalDNS reads, then plans, then writes; its cycle is a minute unless told otherwise. */
const graceMs = 60_000
/** A server that answers nothing at all is left alone so long. */
const quietMs = 30_000

interface Zone {
  readonly queue: ReadingQueue
  isAsked: boolean
  quietUntil: number
}

/** What one question is about, as of when it is asked. */
interface Subject {
  readonly key: string
  readonly object: KubeObject
  readonly question: Question
  readonly targets: readonly string[]
}

export const createZoneReader = (options: ZoneReaderOptions): ZoneReader => {
  const { store, timing, log, servers, onNews } = options
  const inquire = options.ask ?? ((inquiry, signal) => ask(inquiry, { signal }))
  const readings = new Map<string, Reading>()
  /** Since when the zone has been seen to have something else, for as long as that may be in order. */
  const since = new Map<string, { readonly version: string; readonly at: number }>()
  const zones = new Map<string, Zone>()
  let asked = ''

  const forget = (key: string): void => {
    readings.delete(key)
    since.delete(key)
  }

  /** All that there is to be asked in a zone. What is gone is forgotten on the way. */
  const keysIn = (zone: string): readonly string[] => {
    const endpoints = store.objects('DNSEndpoint')
    for (const key of [...readings.keys(), ...since.keys()]) if (!endpoints.has(key)) forget(key)
    return [...endpoints].flatMap(([key, object]) => (zoneOf(object) === zone && isRead(object) ? key : []))
  }

  /** Other servers may say anything. */
  const reset = (): void => {
    readings.clear()
    since.clear()
    zones.clear()
    for (const zone of servers().keys())
      zones.set(zone, {
        queue: createReadingQueue(
          () => keysIn(zone),
          key => readings.has(key),
        ),
        isAsked: false,
        quietUntil: 0,
      })
  }

  const look = async (zone: string, state: Zone, keys: readonly string[], signal: AbortSignal) => {
    const subjects = keys.flatMap(key => subjectOf(key, store.objects('DNSEndpoint').get(key)) ?? [])
    if (subjects.length === 0) return
    const questions = new Map(subjects.map(({ question }) => [questionKey(question), question]))
    const answers = await inquire({ questions: [...questions.values()], servers: servers() }, signal)
    // Meanwhile others may have been named to be asked.
    if (signal.aborted || zones.get(zone) !== state) return
    const now = timing.elapsed()
    if ([...answers.values()].every(answer => answer.state === 'silent')) state.quietUntil = now + quietMs
    const owners = new Set<string>()
    for (const subject of subjects) {
      const owner = routeOwner(subject.object)
      const answer = answers.get(questionKey(subject.question))
      if (answer !== undefined && take(subject, answer, state.queue, now) && owner !== undefined)
        owners.add(owner)
    }
    if (owners.size > 0) onNews(owners)
  }

  /** Whether it is news. */
  const take = (subject: Subject, answer: Answer, queue: ReadingQueue, now: number): boolean => {
    const { key, object } = subject
    const current = store.objects('DNSEndpoint').get(key)
    if (current === undefined || versionOf(current) !== versionOf(object)) return false
    const known = readings.get(key)
    const before =
      known?.uid === object.metadata.uid && known?.generation === object.metadata.generation
        ? known
        : undefined
    const found = (state: Reading['state'], text?: string): boolean => {
      if (before?.state === state && before.answer === text) return false
      const { uid, generation } = object.metadata
      readings.set(key, { uid, generation, state, answer: text })
      return true
    }
    if (answer.state === 'silent') {
      queue.later(key, now)
      return before === undefined && found('silent')
    }
    const targets = answer.state === 'found' ? answer.targets : []
    if (isSame(targets, subject.targets)) {
      since.delete(key)
      return found('published')
    }
    const version = versionOf(object)
    const differing = since.get(key)
    const began = differing?.version === version ? differing.at : now
    since.set(key, { version, at: began })
    if (before?.state !== 'differs' && now - began < graceMs) {
      queue.soon(key, now)
      return false
    }
    queue.later(key, now)
    return found('differs', targets.length === 0 ? undefined : targets.map(canonical).sort().join(', '))
  }

  const tick = (signal: AbortSignal): readonly Promise<void>[] => {
    const named = JSON.stringify([...servers()])
    if (named !== asked) reset()
    asked = named
    const now = timing.elapsed()
    return [...zones].flatMap(([zone, state]) => {
      if (state.isAsked || now < state.quietUntil) return []
      const keys = state.queue.take(now)
      if (keys.length === 0) return []
      state.isAsked = true
      return look(zone, state, keys, signal)
        .catch((error: unknown) => log.debug('Zone not read', { zone, error: messageOf(error) }))
        .finally(() => {
          state.isAsked = false
        })
    })
  }

  return {
    readings: () => readings,
    differing: () => {
      const counts = new Map([...zones.keys()].map(zone => [zone, 0]))
      for (const [key, { state }] of readings) {
        const zone = state === 'differs' ? zoneOf(store.objects('DNSEndpoint').get(key)) : undefined
        if (zone !== undefined) counts.set(zone, (counts.get(zone) ?? 0) + 1)
      }
      return counts
    },
    note: (kind, before, after) => {
      if (kind !== 'DNSEndpoint' || after === undefined || !isRead(after)) return
      if (before !== undefined && isRead(before) && versionOf(before) === versionOf(after)) return
      const zone = zoneOf(after)
      const key = `${after.metadata.namespace ?? ''}/${after.metadata.name}`
      if (zone !== undefined) zones.get(zone)?.queue.first(key, timing.elapsed())
    },
    run: async signal => {
      asked = ''
      const underWay = new Set<Promise<void>>()
      while (!signal.aborted) {
        for (const each of tick(signal)) {
          underWay.add(each)
          void each.finally(() => underWay.delete(each))
        }
        await timing.pause(tickMs, signal).catch(() => {})
      }
      await Promise.all(underWay)
      readings.clear()
      since.clear()
      zones.clear()
    },
  }
}

/** The zone of a DNSEndpoint of a route of ours. */
const zoneOf = (object: KubeObject | undefined): string | undefined =>
  object !== undefined && isOurs(object) && routeOwner(object) !== undefined
    ? object.metadata.labels?.[label.region]
    : undefined

const versionOf = ({ metadata }: KubeObject): string => `${metadata.uid} ${metadata.generation}`

const subjectOf = (key: string, object: KubeObject | undefined): Subject | undefined => {
  const zone = zoneOf(object)
  if (object === undefined || zone === undefined || !isRead(object)) return undefined
  const endpoint = endpointsOf(object)[0]
  if (endpoint?.recordType !== 'CNAME') return undefined
  return { key, object, question: { zone, name: endpoint.dnsName, type: 'CNAME' }, targets: endpoint.targets }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  sameSet({ type: 'CNAME', targets: a }, { type: 'CNAME', targets: b })
