import { follow, unlessAborted } from './abortable.ts'
import { type Candidate, newCandidate } from './candidate.ts'
import type { KubeClient } from './client.ts'

export interface LeaderOptions {
  readonly namespace: string
  readonly name: string
  /** Unique among the candidates, also over restarts. */
  readonly identity: string
  /** Stops: the work is ended, then the lease is given back. */
  readonly signal: AbortSignal
  /** How long the others wait after the last renewal that they saw. */
  readonly leaseMs?: number
  /** How long the holder goes on without a renewal; shorter than `leaseMs`, so that two never lead. */
  readonly renewDeadlineMs?: number
  readonly retryMs?: number
  readonly onChange?: (change: LeaderChange) => void
}

export type LeaderChange =
  | { readonly type: 'acquired' }
  /** `holder` is who has it now, where that is known. */
  | { readonly type: 'lost'; readonly holder: string | undefined }
  | { readonly type: 'released' }
  /** Someone else leads. */
  | { readonly type: 'observed'; readonly holder: string }
  | { readonly type: 'failed'; readonly error: unknown }

export interface Leadership {
  /** Aborted when the lease is lost or the daemon stops. */
  readonly signal: AbortSignal
  /** Whether the lease is held at this moment: asked before writing, as a process that was suspended hears of it late. */
  isHeld(): boolean
}

/**
 * Leader election as client-go has it: waits for the lease, runs `work` while it is held, and starts again when it was
 * lost. Other candidates' clocks do not matter: what counts is when a change of the lease was seen here.
 */
export const lead = async (
  client: KubeClient,
  options: LeaderOptions,
  work: (leadership: Leadership) => Promise<void>,
): Promise<void> => {
  const { signal, onChange } = options
  const candidate = newCandidate(client, options)
  while (!signal.aborted) {
    if (!(await acquire(client, options, candidate))) return
    onChange?.({ type: 'acquired' })
    if (await whileHeld(client, options, candidate, work)) {
      onChange?.({ type: 'released' })
      return
    }
    onChange?.({ type: 'lost', holder: candidate.holder() })
  }
}

/** Why the signal of a leadership was aborted. */
export class LeadershipOver extends Error {
  constructor() {
    super('the leadership is over')
    this.name = 'LeadershipOver'
  }
}

/** Whether the lease was still held when the work ended, and has been given back. */
const whileHeld = async (
  client: KubeClient,
  options: LeaderOptions,
  candidate: Candidate,
  work: (leadership: Leadership) => Promise<void>,
): Promise<boolean> => {
  const { control, release } = follow(options.signal)
  // Not stopped with the work: what it still has to finish is done under the lease as well.
  const renewal = new AbortController()
  const renewing = renew(client, options, candidate, renewal).then(() => control.abort(new LeadershipOver()))
  try {
    if (!control.signal.aborted) await work({ signal: control.signal, isHeld: candidate.isHeld })
  } catch (thrown) {
    // What work throws for being stopped is no news.
    if (!control.signal.aborted) throw thrown
  } finally {
    renewal.abort(new LeadershipOver())
    await renewing
    release()
    if (candidate.isHeld()) await candidate.release()
  }
  return candidate.wasReleased()
}

const acquire = async (
  client: KubeClient,
  options: LeaderOptions,
  candidate: Candidate,
): Promise<boolean> => {
  const { signal, retryMs = 2_000, onChange } = options
  let reported: string | undefined
  while (!signal.aborted) {
    try {
      if (await unlessAborted(candidate.attempt(signal), signal)) return true
      const holder = candidate.holder()
      if (holder !== undefined && holder !== reported) onChange?.({ type: 'observed', holder })
      reported = holder
    } catch (error) {
      if (signal.aborted) break
      onChange?.({ type: 'failed', error })
    }
    // Candidates that started together do not ask together for ever.
    await client.timing.pause(retryMs * (1 + client.timing.random() * 0.2), signal).catch(() => {})
  }
  return false
}

/** Renews until the lease is lost or `control` says that the leadership is over. */
const renew = async (
  client: KubeClient,
  { retryMs = 2_000, onChange }: LeaderOptions,
  candidate: Candidate,
  control: AbortController,
): Promise<void> => {
  const { signal } = control
  // Given up here and not by the clock alone: a timer may come a moment too early.
  const giveUp = () => {
    candidate.forfeit()
    control.abort(new LeadershipOver())
  }
  for (;;) {
    await client.timing.pause(retryMs, signal).catch(() => {})
    if (signal.aborted) return
    const deadline = setTimeout(giveUp, Math.max(0, candidate.remainingMs()))
    try {
      if (!(await unlessAborted(candidate.attempt(signal), signal))) return
    } catch (error) {
      if (signal.aborted) return
      onChange?.({ type: 'failed', error })
    } finally {
      clearTimeout(deadline)
    }
    if (!candidate.isHeld()) return
  }
}
