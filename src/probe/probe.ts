import { isIP } from 'node:net'
import type { ProbeOutcome, ProbeTarget } from '../api/probe-outcome.ts'
import { attempt } from './attempt.ts'
import { attemptByName } from './named.ts'
import { type Resolve, systemResolve } from './resolve.ts'

export type { ProbeFailure, ProbeOutcome, ProbeTarget } from '../api/probe-outcome.ts'

/**
 * Asks once whether the target is up at an address: an IPv4 or IPv6 address, or a host name, as a load balancer may have
 * nothing else. Nothing is kept between two probes: no connection, no TLS session, no address; and nothing is left over
 * when one ends, however it ends. Environment variables (HTTPS_PROXY) have no say.
 *
 * It rejects only when the signal is aborted, with its reason, at once; then it says nothing about the target. All
 * other trouble is an outcome.
 */
export const probe = (target: ProbeTarget, address: string, signal: AbortSignal): Promise<ProbeOutcome> =>
  probeWith(systemResolve, target, address, signal)

/** A probe whose names somebody else looks up. */
export const probeWith = async (
  resolve: Resolve,
  target: ProbeTarget,
  address: string,
  signal: AbortSignal,
): Promise<ProbeOutcome> => {
  signal.throwIfAborted()
  const began = performance.now()
  const stop = new AbortController()
  const end = (): void => stop.abort()
  signal.addEventListener('abort', end, { once: true })
  // What has arrived while this process was busy is read before time is called: Bun does so between two immediates.
  const timer = setTimeout(() => setImmediate(() => setImmediate(end)), target.timeoutSeconds * 1_000)
  const host = target.host ?? address
  try {
    const verdict = await (isIP(address) === 0
      ? attemptByName(resolve, target, host, address, stop.signal)
      : attempt(target, host, address, stop.signal))
    signal.throwIfAborted()
    return { ...verdict, milliseconds: Math.round(performance.now() - began) }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}
