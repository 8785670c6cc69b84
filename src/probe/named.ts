import type { ProbeFailure, ProbeTarget } from '../api/probe-outcome.ts'
import { attempt } from './attempt.ts'
import type { Family, Resolve } from './resolve.ts'
import { down, timedOut, type Verdict } from './verdict.ts'

/** A load balancer has a few; of each family, no more than these are tried. */
const mostAddresses = 8

/**
 * Probes all addresses of a host name at the same time, those of a family as soon as they are known: it is up when one
 * of them is, and the others are let go.
 */
export const attemptByName = async (
  resolve: Resolve,
  target: ProbeTarget,
  host: string,
  hostname: string,
  signal: AbortSignal,
): Promise<Verdict> => {
  const others = new AbortController()
  const end = (): void => others.abort()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  const one = async (address: string): Promise<Verdict> => {
    const verdict = await attempt(target, host, address, others.signal)
    if (verdict.ok) end()
    return verdict
  }
  const family = async (of: Family): Promise<Verdict> => {
    const addresses = await addressesOf(resolve, target, hostname, of, others.signal)
    return 'ok' in addresses
      ? addresses
      : mostTelling(await Promise.all(addresses.slice(0, mostAddresses).map(one)))
  }
  try {
    return mostTelling(await Promise.all([family(4), family(6)]))
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/** At least one, or why there is none. */
const addressesOf = async (
  resolve: Resolve,
  target: ProbeTarget,
  hostname: string,
  family: Family,
  signal: AbortSignal,
): Promise<readonly string[] | Verdict> => {
  const late = Promise.withResolvers<Verdict>()
  const expire = (): void => late.resolve(timedOut(target, 'in looking up the name'))
  signal.addEventListener('abort', expire, { once: true })
  if (signal.aborted) expire()
  try {
    const answer = await Promise.race([resolve(hostname, family, signal), late.promise])
    return 'ok' in answer || answer.length > 0 ? answer : noAddress
  } catch (thrown) {
    if (signal.aborted) return late.promise
    const { code } = thrown as { readonly code?: unknown }
    return ['ENOTFOUND', 'ENODATA'].includes(String(code)) ? noAddress : noAnswer
  } finally {
    signal.removeEventListener('abort', expire)
  }
}

const noAddress = down('NotResolved', 'the name has no address')
const noAnswer = down('NotResolved', 'no name server tells the addresses of the name')

/** From what came furthest to what did not get there at all. */
const fromTheMostTelling: readonly ProbeFailure[] = [
  'WrongStatus',
  'CertificateInvalid',
  'ProtocolError',
  'Reset',
  'Refused',
  'Unreachable',
  'TimedOut',
  'NotResolved',
]

/** Name servers turn their answers round; the verdict shall not turn with them. */
const mostTelling = (verdicts: readonly Verdict[]): Verdict => {
  const rank = (verdict: Verdict): number => (verdict.ok ? -1 : fromTheMostTelling.indexOf(verdict.failure))
  const text = (verdict: Verdict): string => (verdict.ok ? '' : verdict.message)
  return verdicts.reduce((best, each) =>
    rank(each) < rank(best) || (rank(each) === rank(best) && text(each) < text(best)) ? each : best,
  )
}
