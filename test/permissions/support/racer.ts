import type { ControlPlane } from '../../lab/cluster.ts'

/**
 * A way to the API server on which somebody else is a moment earlier, once with each object: what is about to be
 * created is there already, and what is about to be deleted, or to get a finalizer, has just been changed.
 */
export interface Racer extends AsyncDisposable {
  readonly url: string
  /** The plurals of the types that it is about, when it does. */
  readonly on: Set<string>
}

export const racerTo = (plane: ControlPlane): Racer => {
  const on = new Set<string>()
  const done = new Set<string>()
  const asAdmin = async (method: string, path: string, body: unknown, contentType?: string) => {
    const { status } = await plane.request(
      method,
      path,
      body,
      contentType === undefined ? {} : { contentType },
    )
    if (status >= 300) throw new Error(`${method} ${path}: ${status}`)
  }
  const beEarlier = async (method: string, path: string, body: string): Promise<void> => {
    const parts = path.split('/')
    if (method === 'POST' && on.has(parts.at(-1) ?? '')) await asAdmin('POST', path, JSON.parse(body))
    const isRaced = method === 'DELETE' || (method === 'PATCH' && body.includes('"finalizers"'))
    if (isRaced && on.has(parts.at(-2) ?? '') && !done.has(path)) {
      done.add(path)
      await asAdmin(
        'PATCH',
        path,
        { metadata: { annotations: { 'example.com/seen': String(performance.now()) } } },
        'application/merge-patch+json',
      )
    }
  }
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    // Watches are silent for long.
    idleTimeout: 0,
    fetch: async request => {
      const { method, headers, signal } = request
      const { pathname, search } = new URL(request.url)
      const body = await request.text()
      await beEarlier(method, pathname, body)
      const answer = await fetch(plane.url + pathname + search, {
        method,
        headers,
        signal,
        tls: { ca: plane.ca },
        ...(body === '' ? {} : { body }),
      })
      return new Response(answer.body, {
        status: answer.status,
        headers: { 'content-type': answer.headers.get('content-type') ?? '' },
      })
    },
  })
  return {
    url: `http://127.0.0.1:${server.port}`,
    on,
    [Symbol.asyncDispose]: () => server.stop(true),
  }
}
