import type { ProbeOutcome, ProbeTarget } from '../api/probe-outcome.ts'

/** Something to be probed again and again. */
export interface ProbeRow {
  /** Of which there is one row. */
  readonly key: string
  readonly target: ProbeTarget
  /** Without any, there are no rounds. */
  readonly addresses: readonly string[]
  readonly intervalSeconds: number
}

/** What one round came to: every address of its row has been probed. */
export interface ProbeRound {
  readonly key: string
  /** When it was begun, and when the last answer was there; by the clock that is never set back. */
  readonly beganMs: number
  readonly endedMs: number
  readonly outcomes: ReadonlyMap<string, ProbeOutcome>
}

/** Time and chance; what the daemon has fits. */
export interface ProbeTiming {
  /** Milliseconds from some fixed moment, never set back. */
  elapsed(): number
  /** From 0 up to, but not including, 1. */
  random(): number
  /** Rejects when the signal is aborted. */
  pause(ms: number, signal?: AbortSignal): Promise<void>
}

export interface RoundsOptions {
  readonly timing: ProbeTiming
  readonly probe: (target: ProbeTarget, address: string, signal: AbortSignal) => Promise<ProbeOutcome>
  readonly onRound: (round: ProbeRound) => void
}

export interface Rounds {
  /**
   * What is probed from now on. A row that is as it was goes on undisturbed. One with another target or other addresses
   * begins anew, and a round of what it was before is dropped; so is that of a row that is gone.
   */
  set(rows: Iterable<ProbeRow>): void
  /** Ends everything at once: no round is told of any more. Resolves when nothing is in flight. */
  stop(): Promise<void>
}

/** The first rounds of many rows are spread over so much time, or over an interval that is shorter. */
const spreadMs = 1_000

/**
 * Each row has a rhythm of its own: moments that are whole intervals apart, however long its rounds take and however
 * late a timer is. A moment that comes while a round is under way is made up for when it ends; of several, one.
 *
 * | a round takes, at an interval of 10 s | rounds begin at            |
 * | ------------------------------------- | -------------------------- |
 * | no time                               | 0, 10, 20, 30, 40          |
 * | 3 s                                   | 0, 10, 20, 30, 40          |
 * | 13 s once, then no time               | 0, 13, 20, 30, 40          |
 * | 13 s always                           | 0, 13, 26, 39, 52          |
 * | 35 s once, then no time               | 0, 35, 40, 50, 60          |
 */
export const startRounds = ({ timing, probe, onRound }: RoundsOptions): Rounds => {
  const running = new Map<string, Running>()
  const ending = new Set<Promise<void>>()
  let stopped = false

  const begin = (row: ProbeRow, due: number): void => {
    if (row.addresses.length === 0) return
    const entry: Running = { row, due, last: undefined, underWay: false, end: new AbortController() }
    running.set(row.key, entry)
    const ended = repeat(entry).finally(() => ending.delete(ended))
    ending.add(ended)
  }

  const repeat = async (entry: Running): Promise<void> => {
    const { row, end } = entry
    const { signal } = end
    while (await paused(timing, entry.due - timing.elapsed(), signal)) {
      entry.underWay = true
      const began = timing.elapsed()
      const outcomes = await roundOf(row, signal)
      if (outcomes === undefined) return
      entry.underWay = false
      entry.last = entry.due
      entry.due = nextDue(entry.due, began, row.intervalSeconds * 1_000)
      onRound({ key: row.key, beganMs: began, endedMs: timing.elapsed(), outcomes })
    }
  }

  /** All addresses at once; undefined when it was ended. */
  const roundOf = async (
    { target, addresses }: ProbeRow,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ProbeOutcome> | undefined> => {
    try {
      const outcomes = await Promise.all(
        addresses.map(async address => [address, await probe(target, address, signal)] as const),
      )
      return signal.aborted ? undefined : new Map(outcomes)
    } catch (thrown) {
      if (signal.aborted) return undefined
      throw thrown
    }
  }

  const soon = ({ intervalSeconds }: ProbeRow): number =>
    timing.elapsed() + timing.random() * Math.min(spreadMs, intervalSeconds * 1_000)

  return {
    set: rows => {
      if (stopped) return
      const wanted = new Map(Array.from(rows, row => [row.key, normal(row)] as const))
      for (const [key, entry] of running) {
        if (wanted.has(key)) continue
        entry.end.abort()
        running.delete(key)
      }
      for (const row of wanted.values()) {
        const before = running.get(row.key)
        if (before !== undefined && Bun.deepEquals(before.row, row)) continue
        before?.end.abort()
        running.delete(row.key)
        const isSame =
          before !== undefined && Bun.deepEquals({ ...before.row, intervalSeconds: row.intervalSeconds }, row)
        begin(row, isSame ? dueAnew(before, row, timing.elapsed()) : soon(row))
      }
    },
    stop: async () => {
      stopped = true
      for (const { end } of running.values()) end.abort()
      running.clear()
      await Promise.all(ending)
    },
  }
}

interface Running {
  readonly row: ProbeRow
  readonly end: AbortController
  /** When the next round is due, or the one under way was. */
  due: number
  /** When the one before was due. */
  last: number | undefined
  underWay: boolean
}

/** The first moment of the rhythm after a round began. A timer may be early by a fraction of a millisecond. */
const nextDue = (due: number, began: number, intervalMs: number): number =>
  due + intervalMs * (Math.floor(Math.max(0, began - due) / intervalMs) + 1)

/** Another interval alone: counted from the last round. A round that it cuts off is begun again. */
const dueAnew = ({ last, due, underWay }: Running, { intervalSeconds }: ProbeRow, now: number): number => {
  if (underWay) return now
  return last === undefined ? due : Math.max(now, last + intervalSeconds * 1_000)
}

/** The order of addresses means nothing. */
const normal = (row: ProbeRow): ProbeRow => ({ ...row, addresses: [...new Set(row.addresses)].sort() })

/** Whether the time came. */
const paused = async (timing: ProbeTiming, ms: number, signal: AbortSignal): Promise<boolean> => {
  if (signal.aborted) return false
  try {
    await timing.pause(Math.max(0, ms), signal)
  } catch (thrown) {
    if (!signal.aborted) throw thrown
  }
  return !signal.aborted
}
