import type { ControlPlane } from '../../lab/cluster.ts'

/** An HTTP proxy in front of an API server that makes faults at the wire, and remembers what went through. */
export interface FaultyProxy extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, for a kubeconfig. */
  readonly url: string
  /** Every request, in the order in which it was answered. */
  readonly passed: readonly Passed[]
  /** From now on; undefined: none. */
  fault: Fault | undefined
  /** Breaks the watches that are open. */
  cutWatches(): void
}

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly isWatch: boolean
  /** `serviceroutes`, `leases` …, the last word of the path where it names no object. */
  readonly resource: string
  readonly count: number
}

export interface Passed extends Pick<Asked, 'method' | 'path' | 'isWatch' | 'resource'> {
  /** When it came and when it was answered, by the clock that never jumps. */
  readonly at: number
  readonly until: number
  readonly status: number
}

/** What becomes of a request; undefined lets it through. */
export type Fault = (asked: Asked) => Trouble | undefined

export type Trouble =
  /** Answered so, and never asked. */
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  /** The answer comes late. */
  | { readonly lateMs: number }
  /** The stream is closed after this time. */
  | { readonly closeAfterMs: number }
  /** These events and no others. */
  | { readonly events: readonly unknown[] }

export const faultyProxy = (plane: ControlPlane): FaultyProxy => {
  // Not the admin's certificate: whoever asks has a token.
  const session = new Bun.FetchSession({ tls: { ca: plane.ca }, proxy: false })
  const passed: Passed[] = []
  const watches = new Set<AbortController>()
  let fault: Fault | undefined
  let count = 0

  const pass = async (request: Request, asked: Asked, trouble: Trouble | undefined): Promise<Response> => {
    if (trouble !== undefined && 'status' in trouble) return refusal(trouble)
    if (trouble !== undefined && 'events' in trouble)
      return new Response(trouble.events.map(event => `${JSON.stringify(event)}\n`).join(''))
    const { pathname, search } = new URL(request.url)
    const control = new AbortController()
    request.signal.addEventListener('abort', () => control.abort(), { once: true })
    const body = ['GET', 'HEAD'].includes(request.method) ? undefined : await request.bytes()
    const response = await session.fetch(plane.url + pathname + search, {
      method: request.method,
      headers: forwarded(request.headers),
      ...(body === undefined || body.length === 0 ? {} : { body }),
      signal: control.signal,
      timeout: false,
    })
    if (!asked.isWatch) {
      const text = await response.bytes()
      if (trouble !== undefined && 'lateMs' in trouble) await Bun.sleep(trouble.lateMs)
      return new Response(text, { status: response.status, headers: kept(response.headers) })
    }
    watches.add(control)
    if (trouble !== undefined && 'closeAfterMs' in trouble)
      setTimeout(() => control.abort(), trouble.closeAfterMs)
    return new Response(
      untilCut(response.body, control.signal, () => watches.delete(control)),
      {
        status: response.status,
        headers: kept(response.headers),
      },
    )
  }

  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 0,
    fetch: async request => {
      const at = performance.now()
      const asked = askedBy(request, count++)
      let status = 0
      try {
        const response = await pass(request, asked, fault?.(asked))
        status = response.status
        return response
      } catch {
        status = 502
        return refusal({ status })
      } finally {
        const { method, path, isWatch, resource } = asked
        passed.push({ method, path, isWatch, resource, at, until: performance.now(), status })
      }
    },
  })
  return {
    url: `http://127.0.0.1:${server.port}`,
    passed,
    get fault() {
      return fault
    },
    set fault(next) {
      fault = next
    },
    cutWatches: () => {
      for (const control of watches) control.abort()
    },
    [Symbol.asyncDispose]: async () => {
      for (const control of watches) control.abort()
      await server.stop(true)
      session.close()
    },
  }
}

const askedBy = (request: Request, count: number): Asked => {
  const { pathname: path, searchParams: query } = new URL(request.url)
  const [, ...words] = path.split('/')
  // /api/v1/…, /apis/GROUP/VERSION/…
  const rest = words.slice(words[0] === 'api' ? 2 : 3)
  const resource = (rest[0] === 'namespaces' && rest.length > 2 ? rest[2] : rest[0]) ?? ''
  return { method: request.method, path, query, isWatch: query.has('watch'), resource, count }
}

const refusal = ({ status, headers = {}, body }: Extract<Trouble, { status: number }>): Response =>
  Response.json(
    body ?? {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `the proxy says ${status}`,
      reason: status === 410 ? 'Expired' : 'InternalError',
      code: status,
    },
    { status, headers },
  )

const forwarded = (headers: Headers): Headers => {
  const copy = new Headers(headers)
  for (const name of ['host', 'connection', 'accept-encoding', 'content-length']) copy.delete(name)
  return copy
}

const kept = (headers: Headers): Headers => {
  const copy = new Headers()
  for (const name of ['content-type', 'retry-after', 'warning'])
    if (headers.has(name)) copy.set(name, headers.get(name) ?? '')
  return copy
}

/** A stream that ends in good order when it is cut, as a server's that has reached its time limit. */
const untilCut = (
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
  ended: () => void,
): ReadableStream<Uint8Array> => {
  const reader = body?.getReader()
  const cut = new Promise<undefined>(resolve =>
    signal.addEventListener('abort', () => resolve(undefined), { once: true }),
  )
  return new ReadableStream({
    // Else Bun would keep the head of the answer until the first event.
    start: controller => controller.enqueue(new TextEncoder().encode('\n')),
    pull: async controller => {
      const chunk = await Promise.race([reader?.read().catch(() => undefined), cut])
      if (chunk === undefined || chunk.done) {
        ended()
        controller.close()
      } else controller.enqueue(chunk.value)
    },
    cancel: async () => {
      ended()
      await reader?.cancel().catch(() => {})
    },
  })
}
