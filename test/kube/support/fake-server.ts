import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { createAuthority, type KeyPair } from '../../lab/certificates.ts'
import type { Where } from './target.ts'

export interface FakeServer extends Where, AsyncDisposable {
  /** Method and path with query of every request, in order. */
  readonly requests: readonly string[]
  readonly port: number
}

type Handler = (request: Request, count: number) => Response | Promise<Response>

export const authority = await createAuthority('fake')
const certificate = await authority.issueServer(['127.0.0.1', 'localhost'])

export const tlsServer = (handler: Handler, pair: KeyPair = certificate): FakeServer => {
  const requests: string[] = []
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 0,
    tls: pair,
    fetch: request => {
      const { pathname, search } = new URL(request.url)
      requests.push(`${request.method} ${pathname}${search}`)
      return handler(request, requests.length)
    },
  })
  const port = server.port ?? 0
  return {
    url: `https://127.0.0.1:${port}`,
    ca: authority.cert,
    port,
    requests,
    [Symbol.asyncDispose]: () => server.stop(true),
  }
}

/** What a real API server says when it refuses. */
export const status = (
  code: number,
  reason: string,
  message: string,
  headers: Record<string, string> = {},
): Response =>
  Response.json(
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code },
    { status: code, headers },
  )

export interface RawConnection {
  /** Sends these bytes as they are. */
  write(text: string | Uint8Array): void
  /** Ends its own direction in good order. */
  end(): void
  /** Cuts the connection. */
  cut(): void
}

/** For faults below HTTP: `answer` gets the connection as soon as a request's head has come. */
export const rawTlsServer = async (
  answer: (connection: RawConnection, head: string, count: number) => void,
): Promise<Where & AsyncDisposable> => {
  let count = 0
  const open = new Set<TLSSocket>()
  const server = createTlsServer({ cert: certificate.cert, key: certificate.key }, socket => {
    open.add(socket)
    socket.on('error', () => {})
    socket.on('data', data =>
      answer(
        {
          write: text => {
            socket.write(text)
          },
          end: () => {
            socket.end()
          },
          cut: () => {
            socket.destroy()
          },
        },
        data.toString(),
        ++count,
      ),
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `https://127.0.0.1:${address.port}`,
    ca: authority.cert,
    [Symbol.asyncDispose]: async () => {
      // The client keeps its connections, and to close waits for them.
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}
