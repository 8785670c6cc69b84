import type { Settings } from '../engine/snapshot.ts'
import { type KubeClient, lead, newRecorder } from '../kube/index.ts'
import type { Log } from '../lib/log.ts'
import { createController } from './controller.ts'
import { recordStatus } from './events.ts'
import type { Metrics } from './metrics.ts'
import { createRoutesIndex } from './routes-index.ts'
import { createStore } from './store.ts'
import { createTaker } from './taker.ts'
import { startWatching } from './watching.ts'

export interface DaemonOptions {
  readonly client: KubeClient
  readonly log: Log
  readonly metrics: Metrics
  /** Without what the watches tell: the version of Istio's Gateway and the time. */
  readonly settings: Omit<Settings, 'istioApiVersion' | 'now'>
  readonly intervalMs: number
  /** Undefined: this is the only one that works. */
  readonly lease: { readonly namespace: string; readonly name: string; readonly identity: string } | undefined
  readonly signal: AbortSignal
}

export interface Daemon {
  /** Why it is not well, or undefined. */
  readonly unhealthy: () => string | undefined
  readonly unready: () => string | undefined
  /** Ends when the signal is aborted and what was begun is done. */
  readonly ended: Promise<void>
}

/** A loop that has not come round for this long is stuck. */
const stuckMs = 60_000

export const startDaemon = (options: DaemonOptions): Daemon => {
  const { client, log, metrics, signal, lease } = options
  const store = createStore()
  const index = createRoutesIndex()
  const recorder = newRecorder(client, {
    controller: 'router.io/srouter',
    instance: lease?.identity ?? 'srouter',
    onError: error => log.debug('Event not written', { error: String(error) }),
  })
  const watching = startWatching({
    client,
    store,
    taker: createTaker(store, index),
    signal,
    log,
    retryMs: options.intervalMs,
    onChange: (kind, before, after) => controller.note(kind, before, after),
    onRestart: ({ kind, cause, error }) => {
      metrics.watchRestarted(kind.kind, cause)
      if (cause !== 'ended') log.warn('Watch restarted', { kind: kind.kind, cause, error: describe(error) })
    },
  })
  const controller = createController({
    client,
    store,
    index,
    log,
    intervalMs: options.intervalMs,
    settings: () => ({
      ...options.settings,
      istioApiVersion: watching.istioApiVersion(),
      now: `${new Date(client.timing.now()).toISOString().slice(0, 19)}Z`,
    }),
    observer: {
      passed: metrics.passed,
      reconciled: metrics.reconciled,
      changed: (change, failure) => metrics.changed(change.ref.kind, change.action, failure !== undefined),
      statusChanged: change => recordStatus(recorder, change),
      succeeded: () => metrics.succeeded(client.timing.now() / 1000),
    },
  })

  let working = false
  const work = async (until: AbortSignal, isHeld: () => boolean): Promise<void> => {
    await Promise.race([watching.synced, aborted(until)])
    if (until.aborted) return
    log.info('Working')
    working = true
    await controller.run(until, isHeld).finally(() => {
      working = false
    })
  }

  const ended = (async () => {
    if (lease === undefined) {
      metrics.leading(true)
      await work(signal, () => true)
    } else
      await lead(
        client,
        {
          ...lease,
          signal,
          onChange: change => {
            metrics.leading(change.type === 'acquired')
            log.info('Leadership changed', {
              change: change.type,
              ...('holder' in change ? { holder: change.holder } : {}),
              ...('error' in change ? { error: describe(change.error) } : {}),
            })
          },
        },
        ({ signal: until, isHeld }) => work(until, isHeld),
      )
    await recorder.flush()
  })()

  return {
    unhealthy: () =>
      working && client.timing.elapsed() - controller.lastTurn() > stuckMs ? 'the loop is stuck' : undefined,
    unready: () => (watching.isSynced() ? undefined : 'the caches are not filled yet'),
    ended,
  }
}

const describe = (error: unknown): string | undefined =>
  error === undefined ? undefined : error instanceof Error ? error.message : String(error)

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
