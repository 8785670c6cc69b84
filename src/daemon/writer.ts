import { type KubeObject, keyOf, objectKey, type ResourceRef, shortName } from '../api/object.ts'
import type { ObjectChange } from '../engine/change.ts'
import { routeOwner } from '../engine/current.ts'
import type { FinalizerChange } from '../engine/failover/finalizers.ts'
import type { StatusChange } from '../engine/statuses/index.ts'
import { type ExecuteOptions, execute, type Outcome } from '../execute/execute.ts'
import { writeFinalizers } from '../execute/finalizers.ts'
import type { Outage } from '../execute/outage.ts'
import { type StatusOptions, writeStatuses } from '../execute/statuses.ts'
import { isUnanswered, type KubeClient } from '../kube/index.ts'
import type { Log } from '../lib/log.ts'
import { ownersOfChange, ownersOfStatus } from './owners.ts'
import { lookUp } from './passes.ts'
import type { Store } from './store.ts'
import type { Taker } from './taker.ts'

export interface WriterOptions {
  readonly client: KubeClient
  readonly store: Store
  readonly taker: Taker
  readonly log: Log
  /** Whether what is known of some input may be old: then nothing that is there is deleted or changed. */
  readonly isBehind: () => boolean
  readonly onChanged: (change: ObjectChange, failure: string | undefined) => void
  readonly onStatusChanged: (change: StatusChange) => void
}

/** Asked right before each write, with those whom it belongs to (see owners.ts). */
export type May = (owners: readonly string[]) => boolean

export interface Written extends Outcome {
  /** Left for later, because an input is behind. */
  readonly postponed: readonly ObjectChange[]
}

/** How work comes to its end. */
export interface Ending {
  /** Nothing new is begun. */
  readonly signal: AbortSignal
  /** The requests in flight are given up. */
  readonly abandon: AbortSignal
}

/** Carries changes out, keeps the store with it, and knows what is being written at this moment. */
export interface Writer {
  objects(changes: readonly ObjectChange[], ending: Ending, may: May): Promise<Written>
  /** Whether all went well. */
  statuses(changes: Iterable<StatusChange>, ending: Ending, may: May): Promise<boolean>
  /** Whether all went well. */
  finalizers(
    changes: readonly FinalizerChange[],
    action: FinalizerChange['action'],
    ending: Ending,
    may: May,
  ): Promise<boolean>
  /** What a watch tells of it is likely the echo of our own write. */
  isUnderWay(object: KubeObject): boolean
  /** Resolves when what is being written now, and belongs to one of them, is done; undefined where nothing is. */
  ended(owners: ReadonlySet<string>): Promise<unknown> | undefined
  /** When a write last came to its end, by the client's clock. */
  lastDone(): number
}

interface UnderWay {
  readonly owners: readonly string[]
  readonly end: PromiseWithResolvers<void>
}

export const createWriter = (options: WriterOptions): Writer => {
  const { client, store, taker, log, isBehind, onChanged, onStatusChanged } = options
  const underWay = new Map<object, UnderWay & { readonly key: string }>()
  let lastDone = client.timing.elapsed()

  const begin = (change: object, ref: ResourceRef, owners: readonly string[]): void => {
    underWay.set(change, { key: objectKey(ref), owners, end: Promise.withResolvers() })
  }
  const end = (change: object): void => {
    lastDone = client.timing.elapsed()
    underWay.get(change)?.end.resolve()
    underWay.delete(change)
  }

  /** In a namespace that is being deleted nothing can be created. */
  const isInVain = ({ action, ref: { namespace = '' } }: ObjectChange): boolean =>
    action === 'create' &&
    store.objects('Namespace').get(`/${namespace}`)?.metadata.deletionTimestamp !== undefined

  return {
    objects: async (changes, { signal, abandon }, may) => {
      const pending = changes.filter(change => change.action !== 'unchanged' && !isInVain(change))
      // As they are now, when it is decided; by the time of the write the store may have others of the same names.
      const existing = new Map<string, KubeObject>()
      for (const { ref } of pending) {
        const object = lookUp(store)(ref)
        if (object !== undefined) existing.set(objectKey(ref), object)
      }
      const postponed: ObjectChange[] = []
      const options: ExecuteOptions = {
        existing: ref => existing.get(objectKey(ref)),
        signal,
        isCurrent: change => {
          const owners = ownersOfChange(change)
          if (!may(owners)) return false
          if (change.action !== 'create' && isBehind()) {
            postponed.push(change)
            return false
          }
          begin(change, change.ref, owners)
          return true
        },
        onWritten: taker.written,
        onRemoved: ref => taker.removed(ref, existing.get(objectKey(ref))?.metadata.uid),
        onDone: (change, failure) => {
          end(change)
          onChanged(change, failure)
          logChange(log, change, failure)
        },
      }
      const outcome = await within(abandon, outage => execute(client, pending, { ...options, outage }))
      if (postponed.length > 0)
        log.warn('Changes postponed, because an input is behind', { count: postponed.length })
      return { ...outcome, postponed }
    },
    finalizers: async (changes, action, { abandon }, may) => {
      const isDue = changes.some(change => change.action === action)
      if (!isDue || !may([])) return !isDue
      const failures = await writeFinalizers(client, changes, action, abandon)
      for (const error of failures) log.warn('Finalizers not written', { error })
      return failures.length === 0
    },
    statuses: async (changes, { signal, abandon }, may) => {
      const options: StatusOptions = {
        signal,
        isCurrent: change => {
          const owners = ownersOfStatus(change)
          if (!may(owners)) return false
          begin(change, change.ref, owners)
          return true
        },
        onWritten: taker.written,
        onDone: (change, failure) => {
          end(change)
          if (failure === undefined) onStatusChanged(change)
          else logStatus(log, change, failure)
        },
      }
      const failed = await within(abandon, outage => writeStatuses(client, changes, { ...options, outage }))
      return failed.length === 0
    },
    isUnderWay: object => {
      const key = keyOf(object)
      return underWay.values().some(write => write.key === key)
    },
    ended: owners => {
      const theirs = [...underWay.values()].filter(write => write.owners.some(owner => owners.has(owner)))
      return theirs.length === 0 ? undefined : Promise.all(theirs.map(write => write.end.promise))
    },
    lastDone: () => lastDone,
  }
}

/** An outage of its own for each series of writes, which is one too where they are to be given up. */
const within = async <T>(abandon: AbortSignal, work: (outage: Outage) => Promise<T>): Promise<T> => {
  const control = new AbortController()
  const giveUp = (): void => control.abort(abandon.reason)
  abandon.addEventListener('abort', giveUp, { once: true })
  if (abandon.aborted) giveUp()
  const notice = (thrown: unknown): void => {
    if (isUnanswered(thrown)) control.abort(thrown)
  }
  try {
    return await work({ signal: control.signal, notice })
  } finally {
    abandon.removeEventListener('abort', giveUp)
  }
}

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

const logStatus = (log: Log, { ref }: StatusChange, error: string): void =>
  log.warn('Status not written', { kind: ref.kind, object: shortName(ref), error })
