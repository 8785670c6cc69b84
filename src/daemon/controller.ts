import { type KubeObject, objectKey } from '../api/object.ts'
import type { ObjectChange } from '../engine/change.ts'
import type { Judgement, Reconciliation } from '../engine/engine.ts'
import { needsFinalizer } from '../engine/failover/finalizers.ts'
import { passesWithTime } from '../engine/failover/moving.ts'
import type { Settings } from '../engine/snapshot.ts'
import { eachStatus, type StatusChange, sliceStatuses } from '../engine/statuses/index.ts'
import type { Outcome } from '../execute/execute.ts'
import type { KubeClient } from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { createAgenda, type FullPass } from './agenda.ts'
import { istioOwnerOf, ownersOfChange } from './owners.ts'
import { createPasses } from './passes.ts'
import { ownerKeyOf, type RoutesIndex } from './routes-index.ts'
import type { Store, StoredKind } from './store.ts'
import type { Taker } from './taker.ts'
import { workFor } from './work.ts'
import { createWriter, type Ending, type May, type Written } from './writer.ts'

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
  readonly taker: Taker
  readonly settings: () => Settings
  /** Whether what is known of some input may be old: then nothing that is there is deleted or changed. */
  readonly isBehind: () => boolean
  readonly observer: Observer
  readonly log: Log
  /** Between full comparisons, in milliseconds. */
  readonly intervalMs: number
  /** Before a full comparison, which takes much memory at once. */
  readonly makeRoom?: () => void
}

export interface Controller {
  /** Notes what a change makes necessary; before `run` that is nothing, as it begins with everything. */
  note(kind: StoredKind, before: KubeObject | undefined, after: KubeObject | undefined): void
  /** Something that everything depends on is different. */
  refresh(): void
  /** A status has something else to say. It may come as often as it likes: what is under way goes on. */
  restate(): void
  /** Of these routes, by `namespace/name`, something else is known that is in no object. */
  revisit(routes: Iterable<string>): void
  /** Works until the signal is aborted; `isHeld` is asked before every write. Ends when no write is under way. */
  run(signal: AbortSignal, isHeld: () => boolean): Promise<void>
  /** When the loop last came round or a write came to its end, by the client's clock. */
  lastTurn(): number
}

/** How long the answers to the last writes are waited for. */
const graceMs = 5_000
/** Bursts are merged this long, in milliseconds. */
const mergeMs = 2

export const createController = (options: ControllerOptions): Controller => {
  const { client, store, index, taker, settings, isBehind, observer, log, intervalMs } = options
  const { timing } = client
  const passes = createPasses(store, index)
  const agenda = createAgenda(timing, intervalMs)
  const writer = createWriter({
    client,
    store,
    taker,
    log,
    isBehind,
    onChanged: observer.changed,
    onStatusChanged: observer.statusChanged,
  })
  let lastTurn = timing.elapsed()
  let term: Term | undefined
  let fullRunning: Promise<void> | undefined
  let istioRunning: Promise<void> | undefined
  /** The store's version at the last full pass after which nothing was left to do. */
  let settledAt = -1
  /** Counts what statuses have to say anew. */
  let news = 0

  const note: Controller['note'] = (kind, before, after) => {
    const object = after ?? before
    if (term === undefined || object === undefined) return
    // The echo of a write that is under way. Should it be more than that, the next full pass sees it.
    agenda.add(writer.isUnderWay(object) ? { full: 'soon' } : workFor(kind, before, after, index))
  }

  const run: Controller['run'] = async (signal, isHeld) => {
    const { abandon, release } = abandonAfter(signal, isHeld)
    const current: Term = { ending: { signal, abandon }, may: () => !signal.aborted && isHeld() }
    term = current
    settledAt = -1
    agenda.reset()
    try {
      while (!signal.aborted) {
        lastTurn = timing.elapsed()
        await turn(current)
        // A full pass begins by thinking, which takes the event loop; then it waits for the server.
        await timing.pause(0, signal).catch(() => {})
      }
    } finally {
      term = undefined
      await Promise.all([fullRunning, istioRunning])
      release()
    }
  }

  const turn = async (current: Term): Promise<void> => {
    switch (agenda.next()) {
      case 'full':
        // What it has in hand shall not come after what the full pass writes.
        await istioRunning
        fullRunning = guarded('Full pass failed', fullPass(current), agenda.endFull)
        return
      case 'istio':
        // Not waited for: the next route shall not wait for a large object.
        istioRunning = guarded('Pass over Istio Gateways failed', istioPass(current), agenda.endIstio)
        return
      case 'slice':
        return guarded('Slice failed', slicePass(current), () => {})
      default:
        await agenda.due(current.ending.signal)
        await timing.pause(mergeMs, current.ending.signal).catch(() => {})
    }
  }

  /** What it throws is a bug, or bad luck: said, and everything is tried once more. */
  const guarded = (message: string, pass: Promise<void>, ended: () => void): Promise<void> =>
    pass
      .catch((error: unknown) => {
        log.error(message, { error: messageOf(error) })
        agenda.retry()
      })
      .finally(ended)

  const fullPass = async ({ ending, may }: Term): Promise<void> => {
    const pass = agenda.beginFull()
    const version = store.version()
    const told = news
    // Nothing has changed since everything was right, so everything still is.
    if (version === settledAt) return observer.succeeded()
    const began = timing.elapsed()
    options.makeRoom?.()
    const judgement = judged()
    const ms = timing.elapsed() - began
    observer.passed('full', ms / 1000)
    agenda.thought(judgement.isSettled, ms)
    const mayStill = (owners: readonly string[]): boolean => may() && pass.isCurrent(owners)
    const { finalizers } = judgement
    const isProtected = await writer.finalizers(finalizers, 'add', ending, mayStill)
    const { objects } = judgement.plan
    const possible = isProtected ? objects : objects.filter(change => !needsFinalizer(change))
    const outcome = await writer.objects(possible, ending, mayStill)
    if (isOver(pass, may)) return
    const written = await writer.statuses(
      eachStatus(judgement, failuresOf(outcome)),
      ending,
      unless(outcome.postponed, mayStill),
    )
    if (isOver(pass, may)) return
    const isReleased = await writer.finalizers(finalizers, 'remove', ending, mayStill)
    if (!isDone(outcome) || !written || !isProtected || !isReleased) return agenda.retry()
    agenda.succeeded()
    observer.succeeded()
    // What was written comes back by the watch, or is in the store already; another look at leisure settles it.
    if (store.version() === version && told === news)
      settledAt = passesWithTime(judgement.evaluation) ? -1 : version
    else agenda.add({ full: 'soon' })
  }

  /** Of all that the engine has made, what is needed until everything is written, which may take minutes. */
  const judged = (): Judgement => {
    const reconciliation = passes.full(settings())
    observer.reconciled(reconciliation)
    const { evaluation, plan, verdict, remembered, isSettled, finalizers } = reconciliation
    return {
      evaluation,
      plan: { objects: plan.objects, findings: plan.findings },
      verdict,
      remembered,
      isSettled,
      finalizers,
    }
  }

  const slicePass = async ({ ending, may }: Term): Promise<void> => {
    const taken = agenda.takeRoutes()
    // What a full pass is just writing for these routes is waited for: else it could come last.
    for (let ended = underWay(taken); ended !== undefined; ended = underWay(taken)) await ended
    // Meanwhile something may have changed that everything depends on; then a full pass is due.
    if (!agenda.slicesMayWork()) return
    const began = timing.elapsed()
    const slice = passes.slice(taken, settings())
    agenda.touch(slice.touched)
    agenda.outdate(slice.owners)
    observer.passed('slice', (timing.elapsed() - began) / 1000)
    const outcome = await writer.objects(slice.objects, ending, may)
    if (!may()) return
    const changes = sliceStatuses(slice, settings(), failuresOf(outcome))
    const written = await writer.statuses(changes, ending, unless(outcome.postponed, may))
    if (may() && (!isDone(outcome) || !written)) agenda.retry()
  }

  const underWay = (routes: ReadonlySet<string>): Promise<unknown> | undefined =>
    writer.ended(new Set([...passes.contenders(routes)].map(ownerKeyOf)))

  const istioPass = async ({ ending, may }: Term): Promise<void> => {
    const taken = agenda.beginIstio()
    const owners = new Set([...taken].map(istioOwnerOf))
    for (let ended = writer.ended(owners); ended !== undefined; ended = writer.ended(owners)) await ended
    if (!agenda.slicesMayWork()) return
    const began = timing.elapsed()
    const changes = passes.istio(taken, settings())
    agenda.outdate(owners)
    observer.passed('istio', (timing.elapsed() - began) / 1000)
    const outcome = await writer.objects(changes, ending, may)
    if (may() && !isDone(outcome)) agenda.retry()
  }

  return {
    note,
    refresh: () => {
      settledAt = -1
      agenda.add({ full: 'now' })
    },
    restate: () => {
      news++
      settledAt = -1
      agenda.add({ full: 'soon' })
    },
    revisit: routes => {
      if (term === undefined) return
      // Where slices may not work, a full pass has to tell it.
      if (!agenda.slicesMayWork()) news++
      settledAt = -1
      agenda.add({ routes })
    },
    run,
    lastTurn: () => Math.max(lastTurn, writer.lastDone()),
  }
}

/** From being allowed to work until that ends. */
interface Term {
  readonly ending: Ending
  readonly may: () => boolean
}

/** Who stops in good order waits for the answers; who has lost the lease must not repeat what it has sent. */
const abandonAfter = (
  signal: AbortSignal,
  isHeld: () => boolean,
): { readonly abandon: AbortSignal; readonly release: () => void } => {
  const control = new AbortController()
  let timer: Timer | undefined
  const giveUp = (): void => control.abort(signal.reason)
  const onAbort = (): void => {
    if (isHeld()) timer = setTimeout(giveUp, graceMs)
    else giveUp()
  }
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  return {
    abandon: control.signal,
    release: () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    },
  }
}

/** Another full pass follows, or another replica's. */
const isOver = (pass: FullPass, may: () => boolean): boolean => pass.isSuperseded() || !may()

const isDone = ({ failed, skipped, postponed }: Written): boolean =>
  failed.length + skipped.length + postponed.length === 0

/** A status says what has been done: not for whom something is left to do. */
const unless = (postponed: readonly ObjectChange[], may: May): May => {
  const waiting = new Set(postponed.flatMap(ownersOfChange))
  return waiting.size === 0 ? may : owners => may(owners) && !owners.some(owner => waiting.has(owner))
}

const failuresOf = ({ failed }: Outcome): ReadonlyMap<string, string> =>
  new Map(failed.map(({ change, message }) => [objectKey(change.ref), message]))
