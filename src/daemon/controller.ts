import { type KubeObject, keyOf, objectKey, shortName } from '../api/object.ts'
import type { ObjectChange } from '../engine/change.ts'
import { routeOwner } from '../engine/current.ts'
import type { Reconciliation } from '../engine/engine.ts'
import type { SliceResult } from '../engine/slice.ts'
import type { Settings } from '../engine/snapshot.ts'
import { type StatusChange, sliceStatuses, statuses } from '../engine/statuses/index.ts'
import { execute, type Outcome } from '../execute/execute.ts'
import { writeStatuses } from '../execute/statuses.ts'
import type { KubeClient } from '../kube/index.ts'
import type { Log } from '../lib/log.ts'
import { createPasses, lookUp } from './passes.ts'
import type { RoutesIndex } from './routes-index.ts'
import type { Store, StoredKind } from './store.ts'
import { createTaker } from './taker.ts'
import { type Work, workFor } from './work.ts'

/** What the controller tells the outside: for metrics, events and health. */
export interface Observer {
  passed(scope: 'full' | 'slice' | 'istio', seconds: number): void
  reconciled(reconciliation: Reconciliation): void
  changed(change: ObjectChange, failure: string | undefined): void
  statusChanged(change: StatusChange): void
  /** Everything is as it should be, as of now. */
  succeeded(): void
}

export interface ControllerOptions {
  readonly client: KubeClient
  readonly store: Store
  readonly index: RoutesIndex
  readonly settings: () => Settings
  readonly observer: Observer
  readonly log: Log
  /** Between full comparisons, in milliseconds. */
  readonly intervalMs: number
}

export interface Controller {
  /** Notes what a change makes necessary; may be called before `run` and while it runs. */
  note(kind: StoredKind, before: KubeObject | undefined, after: KubeObject | undefined): void
  /** Works until the signal is aborted; `isHeld` is asked before every write. */
  run(signal: AbortSignal, isHeld: () => boolean): Promise<void>
  /** When the loop last came round, by the client's clock. */
  lastTurn(): number
}

/** Bursts are merged this long, in milliseconds. */
const mergeMs = 2
/** Between two writes of one Istio Gateway, which may be large. */
const istioEveryMs = 100
/** How long what is not urgent waits, at least. */
const soonMs = 1_000
/** A full pass may take one part in so many of the time. */
const fullShare = 20
const retry = { firstMs: 1_000, maxMs: 30_000 }

export const createController = (options: ControllerOptions): Controller => {
  const { client, store, index, settings, observer, log, intervalMs } = options
  const { timing } = client
  const passes = createPasses(store, index)
  const taker = createTaker(store, index)
  let wake = Promise.withResolvers<void>()
  let lastTurn = timing.elapsed()

  const routes = new Set<string>()
  const gateways = new Set<string>()
  /** When everything is to be compared; now, before the first time. */
  let fullAt = 0
  let fullRunning: Promise<void> | undefined
  let istioAt = 0
  let failures = 0
  /** How long the last full pass thought. */
  let fullMs = 0
  const inFlight = new Set<string>()
  /** The last full pass found the brake quiet and no platform singleton changed: then slices may work. */
  let slicesMayWork = false
  /** The store's version at the last full pass after which nothing was left to do. */
  let settledAt = -1
  /** Objects and routes that a slice has judged since the running full pass began. */
  const newer = new Set<string>()

  const fullBy = (at: number): void => {
    if (at >= fullAt) return
    fullAt = at
  }

  const note: Controller['note'] = (kind, before, after) => {
    const object = after ?? before
    // The echo of a write that is under way. Should it be more than that, the next full pass sees it.
    const isEcho = object !== undefined && inFlight.has(keyOf(object))
    add(isEcho ? { full: 'soon' } : workFor(kind, before, after, index))
  }

  const add = (work: Work): void => {
    for (const route of work.routes ?? []) routes.add(route)
    const now = timing.elapsed()
    if (work.full === 'now') {
      slicesMayWork = false
      fullBy(now)
    }
    if (work.full === 'soon') fullBy(now + Math.max(soonMs, fullShare * fullMs))
    wake.resolve()
  }

  const run = async (signal: AbortSignal, isHeld: () => boolean): Promise<void> => {
    fullAt = 0
    slicesMayWork = false
    while (!signal.aborted) {
      lastTurn = timing.elapsed()
      const due = nextDue()
      if (due > timing.elapsed()) {
        await sleep(due - timing.elapsed(), signal)
        if (!signal.aborted) await pause(mergeMs, signal)
        continue
      }
      if (fullRunning === undefined && fullAt <= timing.elapsed()) startFull(signal, isHeld)
      else if (slicesMayWork && routes.size > 0) await slicePass(signal, isHeld)
      else if (gateways.size > 0 && istioAt <= timing.elapsed()) await istioPass(signal, isHeld)
      // A full pass begins by thinking, which takes the event loop; then it waits for the server.
      await pause(0, signal)
    }
    await fullRunning
  }

  /** When there is something to do next. */
  const nextDue = (): number => {
    const full = fullRunning === undefined ? fullAt : Number.POSITIVE_INFINITY
    const slice = slicesMayWork && routes.size > 0 ? 0 : Number.POSITIVE_INFINITY
    const istio = gateways.size > 0 ? istioAt : Number.POSITIVE_INFINITY
    const soonest = Math.min(full, slice, istio)
    return soonest === Number.POSITIVE_INFINITY ? timing.elapsed() + 1_000 : soonest
  }

  const startFull = (signal: AbortSignal, isHeld: () => boolean): void => {
    fullRunning = fullPass(signal, isHeld)
      .catch((error: unknown) => {
        if (!signal.aborted) log.error('Full pass failed', { error: String(error) })
        backOff()
      })
      .finally(() => {
        fullRunning = undefined
        wake.resolve()
      })
  }

  const backOff = (): void => {
    const delay = Math.min(retry.maxMs, retry.firstMs * 2 ** failures)
    failures++
    fullBy(timing.elapsed() + delay)
  }

  const fullPass = async (signal: AbortSignal, isHeld: () => boolean): Promise<void> => {
    const began = timing.elapsed()
    fullAt = began + intervalMs
    const version = store.version()
    // Nothing has changed since everything was right, so everything still is.
    if (version === settledAt) return observer.succeeded()
    routes.clear()
    gateways.clear()
    newer.clear()
    const reconciliation = passes.full(settings())
    observer.reconciled(reconciliation)
    fullMs = timing.elapsed() - began
    observer.passed('full', fullMs / 1000)
    slicesMayWork = reconciliation.isSettled
    const outcome = await write(
      reconciliation.plan.objects,
      signal,
      isHeld,
      change => !newer.has(objectKey(change.ref)),
    )
    const written = await writeStatusesOf(
      statuses(reconciliation, failuresOf(outcome)).filter(({ ref }) => !newer.has(objectKey(ref))),
      signal,
      isHeld,
    )
    if (signal.aborted) return
    if (outcome.failed.length > 0 || !written) return backOff()
    failures = 0
    observer.succeeded()
    // What was written comes back by the watch, or is in the store already; another look at leisure settles it.
    if (store.version() === version) settledAt = version
    else add({ full: 'soon' })
  }

  const slicePass = async (signal: AbortSignal, isHeld: () => boolean): Promise<void> => {
    const began = timing.elapsed()
    const taken = [...routes]
    routes.clear()
    const result = passes.slice(taken, settings())
    for (const gateway of passes.takeTouchedGateways()) gateways.add(gateway)
    observer.passed('slice', (timing.elapsed() - began) / 1000)
    markNewer(result)
    const outcome = await write(result.objects, signal, isHeld)
    const written = await writeStatusesOf(
      sliceStatuses(result, settings(), failuresOf(outcome)),
      signal,
      isHeld,
    )
    if (!signal.aborted && (outcome.failed.length > 0 || !written)) backOff()
  }

  const markNewer = ({ objects, evaluation }: SliceResult): void => {
    if (fullRunning === undefined) return
    for (const { ref } of objects) newer.add(objectKey(ref))
    for (const { resource } of evaluation.routes)
      newer.add(objectKey({ ...resource.object, name: resource.name, namespace: resource.namespace }))
  }

  const istioPass = async (signal: AbortSignal, isHeld: () => boolean): Promise<void> => {
    const began = timing.elapsed()
    const taken = [...gateways]
    gateways.clear()
    istioAt = began + istioEveryMs
    const changes = passes.istio(taken, settings())
    observer.passed('istio', (timing.elapsed() - began) / 1000)
    for (const { ref } of changes) newer.add(objectKey(ref))
    // Not waited for: the next route shall not wait for a large object either.
    void write(changes, signal, isHeld).then(({ failed }) => {
      if (failed.length > 0) backOff()
    })
  }

  const write = async (
    changes: readonly ObjectChange[],
    signal: AbortSignal,
    isHeld: () => boolean,
    isCurrent: (change: ObjectChange) => boolean = () => true,
  ): Promise<Outcome> => {
    const pending = changes.filter(change => change.action !== 'unchanged')
    for (const { ref } of pending) inFlight.add(objectKey(ref))
    try {
      return await execute(client, pending, {
        existing: lookUp(store),
        signal,
        isCurrent: change => isHeld() && isCurrent(change),
        onWritten: taker.put,
        onRemoved: taker.remove,
        onDone: (change, failure) => {
          inFlight.delete(objectKey(change.ref))
          observer.changed(change, failure)
          logChange(log, change, failure)
        },
      })
    } finally {
      for (const { ref } of pending) inFlight.delete(objectKey(ref))
    }
  }

  /** Whether all of them were written. */
  const writeStatusesOf = async (
    changes: readonly StatusChange[],
    signal: AbortSignal,
    isHeld: () => boolean,
  ): Promise<boolean> => {
    if (signal.aborted || !isHeld()) return true
    const changed = changes.filter(change => change.changed)
    const failed = await writeStatuses(client, changed, { signal, onWritten: taker.put })
    for (const { change, message } of failed)
      log.warn('Status not written', { kind: change.ref.kind, object: shortName(change.ref), error: message })
    const lost = new Set(failed.map(({ change }) => change))
    for (const change of changed) if (!lost.has(change)) observer.statusChanged(change)
    return failed.length === 0
  }

  /** Until the time is over or there is work. */
  const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    const awake = new AbortController()
    await Promise.race([wake.promise, pause(ms, AbortSignal.any([signal, awake.signal]))])
    awake.abort()
    wake = Promise.withResolvers()
  }

  const pause = (ms: number, signal: AbortSignal): Promise<void> => timing.pause(ms, signal).catch(() => {})

  return { note, run, lastTurn: () => lastTurn }
}

const failuresOf = ({ failed }: Outcome): ReadonlyMap<string, string> =>
  new Map(failed.map(({ change, message }) => [objectKey(change.ref), message]))

const done = { create: 'Created', update: 'Updated', delete: 'Deleted', unchanged: 'Left' } as const

const logChange = (
  log: Log,
  { action, ref, reason, after, before }: ObjectChange,
  failure: string | undefined,
): void => {
  const route = routeOwner(after ?? before ?? { ...ref, metadata: ref })
  const fields = { kind: ref.kind, object: shortName(ref), reason, ...(route === undefined ? {} : { route }) }
  if (failure === undefined) log.info(done[action], fields)
  else log.warn('Change failed', { action, ...fields, error: failure })
}
