import { usageError } from '../lib/errors.ts'

/** An address to listen on: `:8080`, `127.0.0.1:0`, `[::]:8080`; `0` switches the server off. */
export interface Address {
  readonly hostname: string
  readonly port: number
}

const anyHost = '::'

export const parseAddress = (text: string, flag: string): Address | undefined => {
  if (text === '0') return undefined
  const match = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]]*):([0-9]{1,5})$/.exec(text)
  const port = Number(match?.[2])
  if (match === null || port > 65535)
    throw usageError(
      `${flag} is "${text}", which is no address`,
      'give host:port or :port; 0 switches it off',
    )
  const hostname = (match[1] ?? '').replace(/^\[|\]$/g, '')
  return { hostname: hostname === '' ? anyHost : hostname, port }
}

/** Says whether a request may be answered: undefined, or the refusal. */
export type Gate = (request: Request) => Promise<Response | undefined>

export interface Served {
  readonly port: number
  stop(): Promise<void>
}

export interface TLSFiles {
  readonly certFile: string
  readonly keyFile: string
}

export interface Serving {
  readonly routes: Readonly<Record<string, () => Promise<Response> | Response>>
  readonly gate?: Gate
  readonly tls?: TLSFiles
}

/** Answers GET on some paths. */
export const serve = ({ hostname, port }: Address, { routes, gate, tls }: Serving): Served => {
  const at = (host: string) =>
    Bun.serve({
      hostname: host,
      port,
      ...(tls === undefined ? {} : { tls: { cert: Bun.file(tls.certFile), key: Bun.file(tls.keyFile) } }),
      fetch: async request => {
        const route = routes[new URL(request.url).pathname]
        if (route === undefined) return new Response('not found\n', { status: 404 })
        if (request.method !== 'GET' && request.method !== 'HEAD')
          return new Response('method not allowed\n', { status: 405 })
        return (await gate?.(request)) ?? (await route())
      },
      error: () => new Response('internal error\n', { status: 500 }),
    })
  const server = hostname === anyHost ? atAny(at) : at(hostname)
  return { port: server.port ?? port, stop: () => server.stop(true) }
}

/** Both families, or IPv4 alone on a machine without IPv6. */
const atAny = <T>(at: (host: string) => T): T => {
  try {
    return at(anyHost)
  } catch {
    return at('0.0.0.0')
  }
}

export interface Health {
  /** Why the daemon is not well, or undefined. */
  readonly unhealthy: () => string | undefined
  readonly unready: () => string | undefined
}

export const healthRoutes = ({ unhealthy, unready }: Health) => {
  const answer = (trouble: string | undefined): Response =>
    trouble === undefined ? new Response('ok\n') : new Response(`${trouble}\n`, { status: 503 })
  return { '/healthz': () => answer(unhealthy()), '/readyz': () => answer(unready()) }
}
