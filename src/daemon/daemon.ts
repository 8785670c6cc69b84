import { urgency } from '../engine/failover/moving.ts'
import type { Settings } from '../engine/snapshot.ts'
import { type KubeClient, lead } from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { timestamp } from '../lib/timestamp.ts'
import { earlierOperator } from '../source/earlier-operator.ts'
import { aborted } from './aborted.ts'
import { createAutomatic } from './automatic.ts'
import { createCompact } from './compact.ts'
import { createController } from './controller.ts'
import { newEvents } from './events.ts'
import { leadershipTeller } from './leadership.ts'
import type { Metrics } from './metrics.ts'
import { createNudge } from './nudge.ts'
import { createZoneReader } from './readings.ts'
import { createRoutesIndex } from './routes-index.ts'
import { createStore } from './store.ts'
import { createTaker } from './taker.ts'
import { startWatching } from './watching.ts'
import { createZones } from './zones.ts'

export interface DaemonOptions {
  readonly client: KubeClient
  readonly log: Log
  readonly metrics: Metrics
  /** Without what the daemon finds out: the version of Istio's Gateway, what zones and probes answer, and the time. */
  readonly settings: Omit<
    Settings,
    'istioApiVersion' | 'answers' | 'probes' | 'readings' | 'intervalSeconds' | 'now'
  >
  readonly intervalMs: number
  /** See ControllerOptions. */
  readonly makeRoom?: () => void
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

/** Longer than any request may take, its repetitions included: a loop that does not come round in this time is stuck. */
const stuckMs = 180_000

export const startDaemon = (options: DaemonOptions): Daemon => {
  const { client, log, metrics, signal, lease } = options
  const store = createStore()
  const index = createRoutesIndex()
  const compact = createCompact()
  const taker = createTaker(store, index, compact, client.timing.elapsed)
  const events = newEvents(client, {
    instance: lease?.identity ?? 'srouter',
    onError: error => log.debug('Event not written', { error: messageOf(error) }),
  })
  const watching = startWatching({
    client,
    taker,
    compact,
    signal,
    log,
    onChange: (kind, before, after) => {
      controller.note(kind, before, after)
      zones.note(kind, before, after)
      reader.note(kind, before, after)
    },
    onIstio: () => controller.refresh(),
    onCaughtUp: () => controller.refresh(),
    onRestart: ({ kind, cause, error }) => {
      metrics.watchRestarted(kind.kind, cause)
      if (cause === 'ended') return
      log.warn('Watch restarted', {
        kind: kind.kind,
        cause,
        error: error === undefined ? undefined : messageOf(error),
      })
    },
  })
  const settings = (): Settings => ({
    ...options.settings,
    istioApiVersion: watching.istioApiVersion(),
    answers: zones.answers(),
    probes: automatic.reports(),
    readings: reader.readings(),
    intervalSeconds: options.intervalMs / 1000,
    now: timestamp(client.timing.now()),
  })
  const zones = createZones({
    store,
    timing: client.timing,
    settings,
    intervalMs: options.intervalMs,
    onNews: () => controller.refresh(),
  })
  metrics.claimAgeFrom(zones.age)
  const automatic = createAutomatic({
    client,
    log,
    onNews: () => controller.restate(),
    onSwitched: object => {
      const news = taker.put(object)
      if (news !== undefined) zones.note(news.kind, news.before, news.after)
      controller.refresh()
    },
    onDecision: metrics.decided,
  })
  metrics.samplesFrom(automatic.samples)
  const reader = createZoneReader({
    store,
    timing: client.timing,
    log,
    servers: zones.servers,
    onNews: owners => controller.revisit([...owners].flatMap(owner => [...index.routesOf(owner)])),
  })
  metrics.differingFrom(reader.differing)
  const nudge = createNudge({ client, log, servers: zones.servers })
  const controller = createController({
    client,
    store,
    index,
    taker,
    log,
    intervalMs: options.intervalMs,
    ...(options.makeRoom === undefined ? {} : { makeRoom: options.makeRoom }),
    isBehind: watching.isBehind,
    settings,
    observer: {
      passed: metrics.passed,
      reconciled: reconciliation => {
        metrics.reconciled(reconciliation)
        zones.hurry(urgency(reconciliation.evaluation))
        automatic.reconciled(reconciliation.evaluation)
      },
      changed: (change, failure) => {
        metrics.changed(change.ref.kind, change.action, failure !== undefined)
        if (change.action === 'create' && failure === undefined && change.after !== undefined)
          nudge.watch(change.after)
      },
      statusChanged: events.statusChanged,
      succeeded: () => metrics.succeeded(client.timing.now() / 1000),
    },
  })

  let working = false
  const work = async (until: AbortSignal, isHeld: () => boolean): Promise<void> => {
    await Promise.race([watching.synced, aborted(until)])
    if (until.aborted) return
    log.info('Working')
    // Beside the work, which does not depend on it.
    void warnOfEarlierOperator(client, log, until)
    const asking = zones.start(until)
    // What the zones say decides what is written first.
    await asking.first
    const nudging = nudge.run(until)
    const deciding = automatic.run(until, isHeld)
    const reading = reader.run(until)
    working = true
    await controller.run(until, isHeld).finally(() => {
      working = false
    })
    await Promise.all([asking.ended, nudging, deciding, reading])
  }

  const ended = (async () => {
    if (lease === undefined) {
      metrics.leading(true)
      await work(signal, () => true)
    } else {
      const onChange = leadershipTeller(log, metrics.leading)
      await lead(client, { ...lease, signal, onChange }, ({ signal: until, isHeld }) => work(until, isHeld))
    }
    await events.flush()
  })()

  return {
    unhealthy: () =>
      working && client.timing.elapsed() - controller.lastTurn() > stuckMs ? 'the loop is stuck' : undefined,
    unready: watching.unsynced,
    ended,
  }
}

const warnOfEarlierOperator = async (client: KubeClient, log: Log, signal: AbortSignal): Promise<void> => {
  const warnings = await earlierOperator(client, { signal, log }).catch(() => [])
  for (const { message, hint } of warnings) log.warn('Earlier operator still runs', { message, hint })
}
