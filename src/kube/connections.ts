import { type Credential, textOf } from './credential.ts'
import { addressOf, dial } from './dial.ts'
import type { KubeTarget } from './target.ts'

/** Connections are kept per certificate; a new token changes nothing about them. */
export const sessions = (target: KubeTarget, proxy: string | undefined) => {
  let held: { session: Bun.FetchSession; ca: string | undefined; credential: Credential } | undefined
  const drop = () => {
    held?.session.close()
    held = undefined
  }
  return {
    drop,
    of: (credential: Credential) => {
      if (
        held === undefined ||
        held.credential.cert !== credential.cert ||
        held.credential.key !== credential.key
      ) {
        drop()
        const ca = target.insecure ? undefined : textOf(target.ca, 'certificate authority')
        held = { session: newSession(target, proxy, ca, credential), ca, credential }
      }
      return { fetch: held.session.fetch, ca: held.ca }
    },
  }
}

const newSession = (
  target: KubeTarget,
  proxy: string | undefined,
  ca: string | undefined,
  { cert, key }: Credential,
): Bun.FetchSession =>
  new Bun.FetchSession({
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(target.serverName === undefined ? {} : { serverName: target.serverName }),
      // Always said, or $NODE_TLS_REJECT_UNAUTHORIZED would decide.
      rejectUnauthorized: !target.insecure,
    },
    // Shorter than an API server's own 90 s, so that none is used in the moment in which it is closed.
    keepAlive: { idleTimeout: 60 },
    // proxyFor has looked at the environment already, NO_PROXY included.
    proxy: proxy === undefined ? false : { url: proxy, respectNoProxy: false },
  })

/** Whether a connection can be made at all: tried before the first request and after each that failed. */
export const reacher = (url: string, timeoutMs: number) => {
  const { host, port } = addressOf(url)
  let sure = false
  let dialling: Promise<void> | undefined
  return {
    ensure: async (): Promise<void> => {
      if (sure) return
      dialling ??= dial(host, port, timeoutMs)
        .then(() => {
          sure = true
        })
        .finally(() => {
          dialling = undefined
        })
      await dialling
    },
    doubt: () => {
      sure = false
    },
  }
}
