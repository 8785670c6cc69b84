import type { Timing } from '../kube/index.ts'
import { ownerKeyOf } from './routes-index.ts'
import { createWaker } from './waker.ts'
import type { Work } from './work.ts'

/** A full pass under way, and what of its findings still holds. */
export interface FullPass {
  /** Whether nothing newer is known of these owners (see owners.ts). */
  isCurrent(owners: readonly string[]): boolean
  /** Something has changed that everything depends on: another full pass is due. */
  isSuperseded(): boolean
}

export type Next = 'full' | 'slice' | 'istio'

/**
 * What is to be done, and when. Of what is due, first the full pass, because a slice sees less; then Istio's, which is
 * only begun, then the routes.
 */
export interface Agenda {
  add(work: Work): void
  /** Gateways whose hosts have changed, by `namespace/name`. */
  touch(gateways: Iterable<string>): void
  /** Owners that are judged anew: a full pass that runs shall not write for them any more. */
  outdate(owners: Iterable<string>): void
  next(): Next | undefined
  /** Until something is due. */
  due(signal: AbortSignal): Promise<void>
  /** Everything is in it: what was waiting is forgotten. */
  beginFull(): FullPass
  /** The engine has had its turn. `settled`: the brake is quiet and no platform singleton has changed. */
  thought(settled: boolean, ms: number): void
  endFull(): void
  takeRoutes(): ReadonlySet<string>
  /** Whether slices say the truth. */
  slicesMayWork(): boolean
  beginIstio(): ReadonlySet<string>
  endIstio(): void
  /** Something could not be written: a full pass follows, later each time. */
  retry(): void
  succeeded(): void
  reset(): void
}

/** Between two writes of one Istio Gateway, at least. */
const istioEveryMs = 100
/** With thousands of hosts one is large: writing it may take one part in so many of the time, and new routes the rest. */
const istioShare = 10
/** How long what is not urgent waits, at least. */
const soonMs = 1_000
/** A full pass may take one part in so many of the time. */
const fullShare = 20
const backoff = { firstMs: 1_000, maxMs: 30_000 }
/** The loop comes round at least this often, so that it can be seen to live. */
const longestMs = 1_000

export const createAgenda = (timing: Timing, intervalMs: number): Agenda => {
  const waker = createWaker(timing)
  const routes = new Set<string>()
  const gateways = new Set<string>()
  let fullAt = 0
  let fullMs = 0
  let istioAt = 0
  let istioRuns = false
  let istioBegan = 0
  let slices = false
  let failures = 0
  let running: { superseded: boolean; readonly outdated: Set<string> } | undefined

  const fullBy = (at: number): void => {
    fullAt = Math.min(fullAt, at)
    waker.wake()
  }
  const soon = (): void => fullBy(timing.elapsed() + Math.max(soonMs, fullShare * fullMs))
  const outdate = (owners: Iterable<string>): void => {
    if (running !== undefined) for (const owner of owners) running.outdated.add(owner)
  }

  /** When there is something to do; undefined where nothing is until something happens. */
  const nextAt = (): { readonly what: Next; readonly at: number } | undefined => {
    const now = timing.elapsed()
    const full = running === undefined ? { what: 'full' as const, at: fullAt } : undefined
    if (full !== undefined && full.at <= now) return full
    const istio = slices && !istioRuns && gateways.size > 0
    if (istio && istioAt <= now) return { what: 'istio', at: istioAt }
    if (slices && routes.size > 0) return { what: 'slice', at: now }
    return istio && (full === undefined || istioAt < full.at) ? { what: 'istio', at: istioAt } : full
  }

  return {
    add: ({ routes: changed = [], full }) => {
      for (const route of changed) {
        routes.add(route)
        outdate([ownerKeyOf(route)])
      }
      if (full === 'now') {
        slices = false
        if (running !== undefined) running.superseded = true
        fullBy(timing.elapsed())
      } else if (full === 'soon' || (!slices && routes.size > 0)) soon()
      waker.wake()
    },
    touch: touched => {
      for (const gateway of touched) gateways.add(gateway)
    },
    outdate,
    next: () => {
      const next = nextAt()
      return next !== undefined && next.at <= timing.elapsed() ? next.what : undefined
    },
    due: async signal => {
      const ms = Math.min(longestMs, (nextAt()?.at ?? Number.POSITIVE_INFINITY) - timing.elapsed())
      await waker.wait(ms, signal)
    },
    beginFull: () => {
      const pass = { superseded: false, outdated: new Set<string>() }
      running = pass
      fullAt = timing.elapsed() + intervalMs
      routes.clear()
      gateways.clear()
      return {
        isSuperseded: () => pass.superseded,
        isCurrent: owners => !pass.superseded && !owners.some(owner => pass.outdated.has(owner)),
      }
    },
    thought: (settled, ms) => {
      slices = settled
      fullMs = ms
    },
    endFull: () => {
      running = undefined
      waker.wake()
    },
    takeRoutes: () => {
      const taken = new Set(routes)
      routes.clear()
      return taken
    },
    slicesMayWork: () => slices,
    beginIstio: () => {
      const taken = new Set(gateways)
      gateways.clear()
      istioRuns = true
      istioBegan = timing.elapsed()
      istioAt = istioBegan + istioEveryMs
      return taken
    },
    endIstio: () => {
      istioRuns = false
      const now = timing.elapsed()
      istioAt = Math.max(istioAt, now + istioShare * (now - istioBegan))
      waker.wake()
    },
    retry: () => {
      fullBy(timing.elapsed() + Math.min(backoff.maxMs, backoff.firstMs * 2 ** failures))
      failures++
    },
    succeeded: () => {
      failures = 0
    },
    reset: () => {
      routes.clear()
      gateways.clear()
      fullAt = 0
      failures = 0
      slices = false
    },
  }
}
