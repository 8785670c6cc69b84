import type { KubeClient } from './client.ts'
import { isAlreadyExists, isConflict, isNotFound } from './error.ts'
import { Lease } from './kinds.ts'
import type { LeaderOptions } from './leader.ts'
import type { LeaseObject, LeaseSpec } from './lease.ts'
import { tidy } from './list.ts'
import { microTime } from './micro-time.ts'
import type { KubeRequest } from './request.ts'

/** One who wants the lease: what it has seen of it, and whether it holds it. */
export interface Candidate {
  /** Takes or renews the lease: false where someone else has it. Throws where that cannot be said. */
  attempt(signal: AbortSignal): Promise<boolean>
  isHeld(): boolean
  /** Until the renewal has to have succeeded. */
  remainingMs(): number
  holder(): string | undefined
  /** Holds it no longer, whatever the server says. */
  forfeit(): void
  /** Gives it back, so that the next one need not wait. */
  release(): Promise<void>
  wasReleased(): boolean
}

export const newCandidate = (client: KubeClient, options: LeaderOptions): Candidate => {
  const { namespace, name, identity, leaseMs = 15_000, renewDeadlineMs = 10_000 } = options
  const { timing } = client
  let seen: LeaseObject | undefined
  /** By this machine's clock. */
  let seenAt = 0
  let renewedAt: number | undefined
  let released = false

  const remainingMs = () => (renewedAt === undefined ? 0 : renewedAt + renewDeadlineMs - timing.elapsed())
  const isHeld = () => remainingMs() > 0

  const send = (request: Pick<KubeRequest, 'verb' | 'body' | 'signal'>): Promise<LeaseObject> => {
    const on = { kind: Lease, namespace, ...(request.verb === 'create' ? {} : { name }) }
    // This loop repeats by itself, and an answer that comes late is worth nothing.
    return client.json<LeaseObject>({ ...request, on, timeoutMs: renewDeadlineMs / 2, repeat: false })
  }
  const notice = (lease: LeaseObject): void => {
    if (JSON.stringify(lease.spec) !== JSON.stringify(seen?.spec)) seenAt = timing.elapsed()
    seen = lease
  }
  const read = async (signal?: AbortSignal): Promise<boolean> => {
    try {
      notice(await send({ verb: 'get', signal }))
      return true
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown
      seen = undefined
      return false
    }
  }
  const isTaken = ({ spec }: LeaseObject): boolean => {
    if (!spec.holderIdentity || spec.holderIdentity === identity) return false
    const validMs = spec.leaseDurationSeconds === undefined ? leaseMs : spec.leaseDurationSeconds * 1000
    return timing.elapsed() < seenAt + validMs
  }
  const claim = (previous: LeaseSpec | undefined): LeaseSpec => {
    const now = microTime(timing.now())
    const mine = previous?.holderIdentity === identity
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseMs / 1000),
      acquireTime: mine ? (previous.acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions: previous === undefined ? 0 : (previous.leaseTransitions ?? 0) + (mine ? 0 : 1),
    }
  }
  const write = (spec: LeaseSpec, signal: AbortSignal | undefined): Promise<LeaseObject> =>
    seen === undefined
      ? send({
          verb: 'create',
          body: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name }, spec },
          signal,
        })
      : send({ verb: 'update', body: { ...tidy(seen, Lease), spec }, signal })

  const giveBack = async (): Promise<void> => {
    if (seen?.spec.holderIdentity !== identity) return
    const { holderIdentity: _, ...rest } = claim(seen.spec)
    await write({ ...rest, leaseDurationSeconds: 1 }, undefined)
  }

  const attempt = async (signal: AbortSignal): Promise<boolean> => {
    // Who holds it writes at once; the resourceVersion tells when someone else has written since.
    if (!isHeld()) await read(signal)
    if (seen !== undefined && isTaken(seen)) {
      renewedAt = undefined
      return false
    }
    const began = timing.elapsed()
    try {
      notice(await write(claim(seen?.spec), signal))
      // An answer that comes after the leadership was given up does not bring it back.
      if (!signal.aborted) renewedAt = began
      return true
    } catch (thrown) {
      if (!isConflict(thrown) && !isAlreadyExists(thrown) && !isNotFound(thrown)) throw thrown
      await read(signal)
      if (seen === undefined || !isTaken(seen)) throw thrown
      renewedAt = undefined
      return false
    }
  }

  return {
    attempt,
    isHeld,
    remainingMs,
    holder: () => seen?.spec.holderIdentity,
    wasReleased: () => released,
    forfeit: () => {
      renewedAt = undefined
    },
    release: async () => {
      renewedAt = undefined
      released = true
      try {
        await giveBack().catch(async (thrown: unknown) => {
          if (!isConflict(thrown)) throw thrown
          // A renewal that was given up halfway has come to the server all the same.
          await read()
          await giveBack()
        })
      } catch (error) {
        // Then it runs out by itself.
        options.onChange?.({ type: 'failed', error })
      }
    },
  }
}
