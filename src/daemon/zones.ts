import { claimName } from '../api/claims.ts'
import type { KubeObject } from '../api/object.ts'
import { questionKey } from '../api/questions.ts'
import { ask } from '../dns/ask.ts'
import type { Answer, Answers } from '../engine/failover/answers.ts'
import { type Inquiry, inquiryOf } from '../engine/failover/questions.ts'
import type { Settings } from '../engine/snapshot.ts'
import type { Timing } from '../kube/index.ts'
import { inputKinds, type Store, type StoredKind } from './store.ts'
import { createWaker } from './waker.ts'
import { isStatusOnly } from './work.ts'

/** What the zones answer, and the loop that asks them. */
export interface Zones {
  /**
   * Without what they say of claims on clusters whose RegionFailover was switched on or off since they were asked: who held
   * one then may have released it, and giving way to that would last.
   */
  answers(): Answers
  /** Seconds since some zone last answered to what was asked of it; undefined where nothing is asked. */
  age(): number | undefined
  /** By zone, the name servers that the DNSConfiguration names. */
  servers(): ReadonlyMap<string, readonly string[]>
  /** Asks for the first time, and then until the signal is aborted. Rejects never. */
  start(signal: AbortSignal): { readonly first: Promise<void>; readonly ended: Promise<void> }
  /** What is asked may have changed. */
  note(kind: StoredKind, before: KubeObject | undefined, after: KubeObject | undefined): void
  /** How soon to ask again; see urgency. */
  hurry(urgency: 'step' | 'watch' | 'poll'): void
}

export interface ZonesOptions {
  readonly store: Store
  readonly timing: Timing
  readonly settings: () => Settings
  readonly intervalMs: number
  /** Some answer is another one than before, or something waits for the time to pass. */
  readonly onNews: () => void
  readonly ask?: (inquiry: Inquiry, signal: AbortSignal) => Promise<Answers>
}

const hurriedMs = 1_000
/** How soon a cluster that lives sees that another one stands in for it; a handful of questions. */
const polledMs = 5_000
const asked: ReadonlySet<StoredKind> = new Set<StoredKind>([
  'ClusterIdentity',
  'DNSConfiguration',
  'RegionFailover',
  'Gateway',
])

export const createZones = ({
  store,
  timing,
  settings,
  intervalMs,
  onNews,
  ...options
}: ZonesOptions): Zones => {
  const inquire = options.ask ?? ((inquiry, signal) => ask(inquiry, { signal }))
  let answers: Answers = new Map()
  /** The RegionFailovers that were engaged when they were asked. */
  let askedFor: ReadonlySet<string> = new Set()
  const waker = createWaker(timing)
  let answeredAt: number | undefined
  let level: 'step' | 'watch' | 'poll' = 'poll'
  let keys = ''
  let servers: Inquiry['servers'] = new Map()

  const inquiry = (): Inquiry =>
    inquiryOf(
      inputKinds.filter(kind => asked.has(kind)).flatMap(kind => [...store.objects(kind).values()]),
      [...store.objects('DNSEndpoint').values()],
      settings(),
    )

  const engaged = (): ReadonlySet<string> =>
    new Set(
      [...store.objects('RegionFailover').values()].flatMap(({ metadata, spec }) =>
        (spec as { readonly engage?: unknown } | undefined)?.engage === true ? metadata.name : [],
      ),
    )

  const present = (): Answers => {
    const switched = [...engaged().symmetricDifference(askedFor)].map(peer => claimName(peer, ''))
    if (switched.length === 0) return answers
    waker.wake()
    return new Map([...answers].filter(([key]) => !switched.some(claim => key.includes(` ${claim}`))))
  }

  const look = async (signal: AbortSignal): Promise<void> => {
    const what = inquiry()
    const since = engaged()
    keys = keysOf(what)
    servers = new Map([...what.servers].filter(([, named]) => named.length > 0))
    const before = answers
    const now = what.questions.length === 0 ? new Map<string, Answer>() : await inquire(what, signal)
    if (signal.aborted) return
    answers = now
    askedFor = since
    if (now.size === 0) answeredAt = undefined
    else if ([...now.values()].some(({ state }) => state !== 'silent')) answeredAt = timing.elapsed()
    if (level === 'step' || !same(before, now)) onNews()
  }

  const loop = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await waker.wait(Math.min(level === 'poll' ? polledMs : hurriedMs, intervalMs), signal)
      if (!signal.aborted) await look(signal)
    }
  }

  return {
    answers: present,
    servers: () => servers,
    age: () => (answeredAt === undefined ? undefined : (timing.elapsed() - answeredAt) / 1000),
    start: signal => {
      const first = look(signal)
      return { first, ended: first.then(() => loop(signal)) }
    },
    note: (kind, before, after) => {
      // Of statuses only that of the ClusterIdentity is a reason to ask; the others are written with every new route.
      if (!asked.has(kind) || (kind !== 'ClusterIdentity' && isStatusOnly(before, after))) return
      if (keysOf(inquiry()) !== keys) waker.wake()
    },
    hurry: urgency => {
      if (urgency !== 'poll' && level === 'poll') waker.wake()
      level = urgency
    },
  }
}

const keysOf = ({ questions, servers }: Inquiry): string =>
  JSON.stringify([questions.map(questionKey), [...servers]])

const same = (a: Answers, b: Answers): boolean =>
  a.size === b.size &&
  [...a].every(([key, answer]) => {
    const other = b.get(key)
    return other !== undefined && text(answer) === text(other)
  })

const text = (answer: Answer): string =>
  answer.state === 'found' ? `found ${answer.targets.toSorted().join(' ')}` : answer.state
