import { readdirSync } from 'node:fs'
import type { KeyPair } from '../lab/certificates.ts'
import { waitFor } from '../lab/wait.ts'

/** What a listener may do to a connection. */
export interface Peer {
  write(text: string | Uint8Array): void
  /** FIN, after what was written. */
  end(): void
  /** RST. */
  reset(): void
}

export interface Behaviour {
  /** 127.0.0.1 unless named. */
  readonly hostname?: string
  /** Any unless named. */
  readonly port?: number
  readonly tls?: KeyPair & {
    readonly ca?: string
    readonly requestCert?: boolean
    readonly rejectUnauthorized?: boolean
  }
  /** Once connected, with TLS once its handshake is done. */
  readonly ready?: (peer: Peer) => void
  /** Once the request is there with its last line. */
  readonly asked?: (peer: Peer, request: string) => void
}

/** A listener that counts, because a connection that is left over is seen by who has the other end. */
export interface Listener extends AsyncDisposable {
  readonly port: number
  /** Connections that are open now. */
  open(): number
  /** All that there have been. */
  accepted(): number
  requests(): readonly string[]
  /** In SNI, of each handshake. */
  serverNames(): readonly (string | undefined)[]
  /** Waits until every connection is gone. */
  empty(): Promise<void>
}

interface State {
  request: string
}

export const listen = ({ hostname = '127.0.0.1', port = 0, tls, ready, asked }: Behaviour): Listener => {
  const open = new Set<unknown>()
  const requests: string[] = []
  const serverNames: (string | undefined)[] = []
  let accepted = 0
  const server = Bun.listen<State>({
    hostname,
    port,
    ...(tls === undefined ? {} : { tls }),
    socket: {
      open: socket => {
        socket.data = { request: '' }
        open.add(socket)
        accepted++
        if (tls === undefined) ready?.(peerOf(socket))
      },
      handshake: socket => {
        serverNames.push(socket.getServername() || undefined)
        ready?.(peerOf(socket))
      },
      data: (socket, chunk) => {
        socket.data.request += chunk.toString('latin1')
        if (!socket.data.request.endsWith('\r\n\r\n')) return
        requests.push(socket.data.request)
        asked?.(peerOf(socket), socket.data.request)
        socket.data.request = ''
      },
      close: socket => {
        open.delete(socket)
      },
      error: () => {},
    },
  })
  return {
    port: server.port,
    open: () => open.size,
    accepted: () => accepted,
    requests: () => requests,
    serverNames: () => serverNames,
    empty: async () => {
      await waitFor(() => open.size === 0, { what: 'every connection to be closed' })
    },
    [Symbol.asyncDispose]: async () => server.stop(true),
  }
}

const peerOf = (socket: Bun.Socket<State>): Peer => ({
  write: text => {
    socket.write(text)
  },
  end: () => socket.end(),
  reset: () => socket.terminate(),
})

export const answer =
  (status: string, more = 'content-length: 0\r\n\r\n') =>
  (peer: Peer): void =>
    peer.write(`HTTP/1.1 ${status}\r\n${more}`)

/** How many files and sockets this process has open. */
export const descriptors = (): number =>
  readdirSync(process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd').length
