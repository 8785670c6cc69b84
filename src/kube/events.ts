import { type KubeObject, keyOf } from '../api/object.ts'
import type { KubeClient } from './client.ts'
import { isNotFound } from './error.ts'
import { Event } from './kinds.ts'
import { microTime } from './micro-time.ts'

/** Something that happened to an object, for `kubectl describe` and `kubectl events`. */
export interface Happening {
  readonly type: 'Normal' | 'Warning'
  /** In CamelCase, for machines. */
  readonly reason: string
  /** What srouter was doing, in CamelCase: `Reconcile`. */
  readonly action: string
  readonly note: string
  readonly regarding: KubeObject
}

export interface Recorder {
  /** Returns at once; trouble goes to `onError`, as nothing depends on an event. */
  record(happening: Happening): void
  /** Resolves when everything recorded so far was sent or has failed. */
  flush(): Promise<void>
}

export interface RecorderOptions {
  /** `router.io/srouter`: who reports. */
  readonly controller: string
  /** Which one of them: the pod. */
  readonly instance: string
  readonly onError?: (error: unknown) => void
}

/** The same happening within this time after the last is one more of a series, as in client-go. */
const seriesMs = 6 * 60_000
/** How often at most a running series is written. */
const writeEveryMs = 60_000
/** Series kept in mind; the server keeps events for an hour anyway. */
const mostSeries = 1_024
/** In bytes of UTF-8, as the API server counts. */
const longestNote = 1_024

interface Series {
  readonly namespace: string
  readonly name: string
  count: number
  lastSeen: number
  lastWritten: number
  /** What is being sent of it, in order. */
  sending: Promise<void>
}

/** Writes events; the same one again becomes a series with a count instead of a new object. */
export const newRecorder = (client: KubeClient, options: RecorderOptions): Recorder => {
  const { timing } = client
  const running = new Map<string, Series>()
  const unsent = new Set<Promise<void>>()
  // Somewhere else in every process, as several may report on one object.
  let serial = Math.floor(timing.random() * 0x10000)

  const begin = (key: string, happening: Happening): void => {
    const { namespace = 'default', name } = happening.regarding.metadata
    const now = timing.now()
    const series: Series = {
      namespace,
      name: eventName(name, now, serial++),
      count: 1,
      lastSeen: now,
      lastWritten: now,
      sending: Promise.resolve(),
    }
    forgetOldest(running)
    running.set(key, series)
    send(series, () => createEvent(client, options, series, happening, now))
  }

  const send = (series: Series, write: () => Promise<unknown>): void => {
    const sending = series.sending.then(write).then(
      () => {},
      error => options.onError?.(error),
    )
    series.sending = sending
    unsent.add(sending)
    sending.finally(() => unsent.delete(sending))
  }

  return {
    record: happening => {
      const key = seriesKey(happening)
      const series = running.get(key)
      const now = timing.now()
      if (series === undefined || now - series.lastSeen > seriesMs) return begin(key, happening)
      series.count++
      series.lastSeen = now
      // The first repetition is told at once, the others are collected.
      if (series.count > 2 && now - series.lastWritten < writeEveryMs) return
      series.lastWritten = now
      send(series, async () => {
        try {
          await writeSeries(client, series)
        } catch (thrown) {
          // The server has dropped it for its age.
          if (!isNotFound(thrown)) throw thrown
          begin(key, happening)
        }
      })
    },
    flush: async () => {
      // Sending may find out that more is to be sent.
      while (unsent.size > 0) await Promise.all(unsent)
    },
  }
}

const seriesKey = ({ type, reason, action, note, regarding }: Happening): string =>
  JSON.stringify([type, reason, action, note, keyOf(regarding), regarding.metadata.uid])

const forgetOldest = (running: Map<string, Series>): void => {
  const [oldest] = running.keys()
  if (running.size >= mostSeries && oldest !== undefined) running.delete(oldest)
}

/** As client-go's, `name.1843f0b2a7c9d5e1`: the time, and a serial number for several in a millisecond. */
const eventName = (name: string, now: number, serial: number): string => {
  const suffix = now.toString(16) + (serial % 0x10000).toString(16).padStart(4, '0')
  return `${name.slice(0, 253 - suffix.length - 1).replace(/[^a-z0-9]+$/, '')}.${suffix}`
}

const shortened = (note: string): string => {
  const bytes = new TextEncoder().encode(note)
  if (bytes.length <= longestNote) return note
  // As a stream, a character that was cut in two is left out. The ellipsis has three bytes.
  return `${new TextDecoder().decode(bytes.subarray(0, longestNote - 3), { stream: true })}…`
}

const createEvent = (
  client: KubeClient,
  options: RecorderOptions,
  series: Series,
  { type, reason, action, note, regarding }: Happening,
  now: number,
): Promise<unknown> => {
  const { apiVersion, kind, metadata } = regarding
  return client.json({
    verb: 'create',
    on: { kind: Event, namespace: series.namespace },
    body: {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: series.name, namespace: series.namespace },
      eventTime: microTime(now),
      reportingController: options.controller,
      reportingInstance: options.instance,
      type,
      reason,
      action,
      note: shortened(note),
      regarding: {
        apiVersion,
        kind,
        namespace: metadata.namespace,
        name: metadata.name,
        uid: metadata.uid,
        resourceVersion: metadata.resourceVersion,
      },
    },
  })
}

const writeSeries = (client: KubeClient, { namespace, name, count, lastSeen }: Series): Promise<unknown> =>
  client.json({
    verb: 'patch',
    on: { kind: Event, namespace, name },
    contentType: 'application/merge-patch+json',
    body: { series: { count, lastObservedTime: microTime(lastSeen) } },
  })
