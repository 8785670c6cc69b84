import { Resolver } from 'node:dns/promises'

/** The addresses of a host name. Rejects with an error that has one of `node:dns`'s codes, also where there are none. */
export type Resolve = (name: string, family: Family, signal: AbortSignal) => Promise<readonly string[]>

export type Family = 4 | 6

/** A server is asked anew after this time, and after twice that, while the probe's own time lasts. */
const patience = { timeout: 500, tries: 4 }

/**
 * Asks the name servers of the system. As they are asked directly, /etc/hosts and search domains have no say.
 *
 * Not `lookup`: that is getaddrinfo, which cannot be ended, waits 10 s for a server that is silent, and of which Bun
 * runs as many at the same time as there are cores. 20 names whose zone has failed took 50 s, and the witness whose zone
 * is well would have waited behind them. Nor Bun's c-ares backend, which keeps answers as long as their TTL says: so
 * does a Resolver, and each question has one of its own.
 */
export const systemResolve: Resolve = async (name, family, signal) => {
  signal.throwIfAborted()
  const resolver = new Resolver(patience)
  const cancel = (): void => resolver.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await (family === 4 ? resolver.resolve4(name) : resolver.resolve6(name))
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}
