import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServiceRoute } from '../../src/api/kinds.ts'
import type { KubeObject } from '../../src/api/object.ts'
import { type ClientOptions, createClient } from '../../src/kube/client.ts'
import { KubeError } from '../../src/kube/error.ts'
import type { KubeTarget } from '../../src/kube/target.ts'
import { create } from '../../src/kube/write.ts'
import { createAuthority } from '../lab/certificates.ts'
import { waitFor } from '../lab/wait.ts'
import { deafListener } from './support/deaf-listener.ts'
import { authority, rawTlsServer, status, tlsServer } from './support/fake-server.ts'
import { someone, targetOf, type Where } from './support/target.ts'
import { fakeTiming } from './support/timing.ts'

const version = { verb: 'get', on: { path: '/version' } } as const

const clientFor = (where: Where, options: ClientOptions = {}, more: Partial<KubeTarget> = {}) =>
  createClient(targetOf(where, more), { env: {}, ...options })

const failure = async (work: Promise<unknown>): Promise<KubeError> => {
  const thrown = await work.then(
    () => undefined,
    error => error,
  )
  expect(thrown).toBeInstanceOf(KubeError)
  return thrown as KubeError
}

describe('repeating', () => {
  test('429 is repeated after the time that the server names', async () => {
    await using server = tlsServer((_, count) =>
      count < 3
        ? status(429, 'TooManyRequests', 'too many requests', { 'Retry-After': '2' })
        : Response.json({ ok: true }),
    )
    const timing = fakeTiming()
    const told: number[] = []
    const client = clientFor(server, { timing, onRepeat: error => told.push(error.status) })
    expect(await client.json<unknown>(version)).toEqual({ ok: true })
    expect(timing.pauses).toEqual([2000, 2000])
    expect(told).toEqual([429, 429])
  })

  test('5xx at most five times, then in the words of the server', async () => {
    await using server = tlsServer(() => status(500, 'InternalError', 'etcdserver: no leader'))
    const timing = fakeTiming()
    const error = await failure(clientFor(server, { timing }).json(version))
    expect(error.message).toBe('cannot get /version: etcdserver: no leader')
    expect(error.status).toBe(500)
    expect(error.repeats).toBe(5)
    expect(server.requests.length).toBe(6)
    expect(timing.pauses).toEqual([250, 500, 1000, 2000, 4000])
  })

  test('what is wrong stays wrong', async () => {
    await using server = tlsServer(() => status(422, 'Invalid', 'spec.ttl: Invalid value'))
    expect((await failure(clientFor(server).json(version))).reason).toBe('Invalid')
    expect(server.requests.length).toBe(1)
  })

  test('a connection that breaks within an answer', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n'
    await using server = await rawTlsServer((connection, _, count) => {
      connection.write(count === 1 ? `${head}{"ok":` : `${head}{"ok": true}`)
      if (count === 1) connection.cut()
    })
    const told: string[] = []
    const client = clientFor(server, { timing: fakeTiming(), onRepeat: error => told.push(error.message) })
    expect(await client.json<unknown>(version)).toEqual({ ok: true })
    expect(told).toEqual([`${server.url} closed the connection before its answer was complete`])
  })

  test('an object that a lost answer had created is not taken for a foreign one', async () => {
    const route: KubeObject = {
      apiVersion: 'routing.router.io/v1alpha1',
      kind: 'ServiceRoute',
      metadata: { namespace: 'app1', name: 'api', labels: { a: 'b' } },
      spec: { serviceName: 'api' },
    }
    const stored = { ...route, metadata: { ...route.metadata, uid: '1' } }
    const answers = (existing: KubeObject) => (request: Request, count: number) => {
      if (request.method === 'GET') return Response.json(existing)
      return count === 1 ? status(503, '', 'starting') : status(409, 'AlreadyExists', 'already exists')
    }
    await using ours = tlsServer(answers(stored))
    expect((await create(clientFor(ours, { timing: fakeTiming() }), route)).metadata.uid).toBe('1')
    await using foreign = tlsServer(answers({ ...stored, spec: { serviceName: 'other' } }))
    const error = await failure(create(clientFor(foreign, { timing: fakeTiming() }), route))
    expect(error.reason).toBe('AlreadyExists')
  })

  test('whoever asks for one attempt gets one', async () => {
    await using server = tlsServer(() => status(503, '', 'starting'))
    await failure(clientFor(server).json({ ...version, repeat: false }))
    expect(server.requests.length).toBe(1)
  })
})

describe('limits', () => {
  test('no more requests in flight than allowed', async () => {
    let running = 0
    let most = 0
    await using server = tlsServer(async () => {
      most = Math.max(most, ++running)
      await Bun.sleep(5)
      running--
      return Response.json({})
    })
    const client = clientFor(server, { concurrency: 4 })
    await Promise.all(Array.from({ length: 40 }, () => client.json(version)))
    expect(server.requests.length).toBe(40)
    expect(most).toBe(4)
  })

  test('a server that does not answer in time', async () => {
    await using server = tlsServer(() => new Promise<Response>(() => {}))
    const error = await failure(clientFor(server, { timeoutMs: 50 }).json(version))
    expect(error.status).toBe(0)
    expect(error.reason).toBe('Timeout')
    expect(error.message).toBe(`${server.url} gave no answer within 0.05 s`)
    expect(error.exit).toBe(6)
  })

  test('the caller may stop it at any moment', async () => {
    await using server = tlsServer(() => new Promise<Response>(() => {}))
    const stop = new AbortController()
    const work = clientFor(server).json({ ...version, signal: stop.signal })
    await waitFor(() => server.requests.length === 1, { what: 'the request' })
    stop.abort(new Error('enough'))
    await expect(work).rejects.toThrow('enough')
  })

  test('the caller may stop it while it waits to be repeated', async () => {
    await using server = tlsServer(() => status(429, '', '', { 'Retry-After': '20' }))
    const stop = new AbortController()
    const work = clientFor(server, { onRepeat: () => stop.abort(new Error('enough')) }).json({
      ...version,
      signal: stop.signal,
    })
    await expect(work).rejects.toThrow('enough')
  })
})

describe('who is at the other end', () => {
  test('nothing listens', async () => {
    const closed = await listening(() => {})
    await closed.close()
    const error = await failure(clientFor({ url: closed.url, ca: authority.cert }).json(version))
    expect(error.reason).toBe('Refused')
    expect(error.message).toBe(`${closed.url} cannot be reached: nothing listens there`)
    expect(error.hint).toContain('context "test" of a test')
  })

  test('something that is not TLS', async () => {
    const plain = await listening(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const error = await failure(clientFor({ url: plain.url, ca: authority.cert }).json(version))
    await plain.close()
    expect(error.reason).toBe('NotTrusted')
    expect(error.message).toContain('does not speak TLS')
  })

  test('a certificate of another authority', async () => {
    await using server = tlsServer(() => Response.json({}))
    const other = await createAuthority('other')
    const error = await failure(clientFor({ ...server, ca: other.cert }).json(version))
    expect(error.message).toMatch(
      /^https:\/\/127\.0\.0\.1:\d+ is not trusted: its certificate is not signed by certificate-authority of the kubeconfig \(\w+\)$/,
    )
    expect(server.requests).toEqual([])
  })

  test('an authority that was replaced in its file is read again', async () => {
    await using server = tlsServer(() => Response.json({ ok: true }))
    const other = await createAuthority('other')
    const file = join(folder, 'ca.crt')
    writeFileSync(file, other.cert)
    const client = clientFor(server, {}, { ca: { file } })
    await failure(client.json(version))
    writeFileSync(file, authority.cert)
    expect(await client.json<unknown>(version)).toEqual({ ok: true })
  })

  test('no trust at all is needed with insecure-skip-tls-verify', async () => {
    await using server = tlsServer(() => Response.json({ ok: true }))
    const client = clientFor(server, {}, { ca: undefined, insecure: true })
    expect(await client.json<unknown>(version)).toEqual({ ok: true })
  })

  test('a certificate for another name, unless tls-server-name says so', async () => {
    const pair = await authority.issueServer(['api.internal'])
    await using server = tlsServer(() => Response.json({ ok: true }), pair)
    const error = await failure(clientFor(server).json(version))
    expect(error.message).toContain('its certificate is not for "127.0.0.1"')
    expect(error.hint).toContain('tls-server-name')
    const named = clientFor(server, {}, { serverName: 'api.internal' })
    expect(await named.json<unknown>(version)).toEqual({ ok: true })
    const wrong = clientFor(server, {}, { serverName: 'other.internal' })
    expect((await failure(wrong.json(version))).message).toContain('is not for "other.internal"')
  })

  test('a certificate that has expired', async () => {
    const pair = await authority.issueClient('server', [], new Date(Date.now() - 3_600_000))
    await using server = tlsServer(() => Response.json({}), pair)
    const error = await failure(clientFor(server).json(version))
    expect(error.message).toContain('its certificate has expired')
  })

  test('a client certificate that is none, and a key that is not its own', async () => {
    await using server = tlsServer(() => Response.json({}))
    const [one, two] = [await authority.issueClient('one', []), await authority.issueClient('two', [])]
    const withPair = (cert: string, key: string) =>
      clientFor(server, {}, { user: { ...someone, cert: { text: cert }, key: { text: key } } })
    expect((await failure(withPair('nonsense', one.key).json(version))).message).toContain(
      'the client certificate is no PEM certificate',
    )
    expect((await failure(withPair(one.cert, two.key).json(version))).message).toContain(
      'the client key does not belong to the client certificate',
    )
  })

  test('a login page, a redirect and a gateway that is down', async () => {
    await using page = tlsServer(() => new Response('<html>\n<h1>Log in</h1>', { status: 200 }))
    const shown = await failure(clientFor(page).json(version))
    expect(shown.message).toContain('is no JSON: <html> <h1>Log in</h1>')
    expect(shown.hint).toContain('login page')

    await using elsewhere = tlsServer(() => Response.json({}))
    await using redirect = tlsServer(() => Response.redirect(`${elsewhere.url}/login`))
    expect((await failure(clientFor(redirect).json(version))).message).toContain(
      `redirected to ${elsewhere.url}/login`,
    )
    expect(elsewhere.requests).toEqual([])

    await using gateway = tlsServer(() => new Response('upstream\nis down', { status: 502 }))
    const down = await failure(clientFor(gateway, { timing: fakeTiming() }).json(version))
    expect(down.message).toBe('cannot get /version: HTTP 502 Bad Gateway: upstream is down')
  })

  test.skipIf(process.platform !== 'linux')('a server that swallows packets', async () => {
    const { port, close } = deafListener()
    // With this one its queue of connections is full.
    const queued = connectTcp({ host: '127.0.0.1', port })
    const where = { url: `https://127.0.0.1:${port}`, ca: authority.cert }
    await waitFor(() => queued.readyState === 'open', { what: 'a full queue' })
    const error = await failure(clientFor(where, { connectTimeoutMs: 100 }).json(version))
    queued.destroy()
    close()
    expect(error.reason).toBe('NoConnection')
    expect(error.message).toBe(`${where.url} cannot be reached: no connection within 0.1 s`)
  })
})

describe('what is sent', () => {
  test('who asks, what, and as whom', async () => {
    const seen: Headers[] = []
    await using server = tlsServer(request => {
      seen.push(new Headers(request.headers))
      return Response.json({})
    })
    const user = { ...someone, impersonate: { 'Impersonate-User': 'jane' } }
    const client = clientFor(server, { userAgent: 'srouter/1.2.3' }, { user })
    await client.json({
      verb: 'patch',
      on: { kind: ServiceRoute, namespace: 'a', name: 'b' },
      body: { c: 1 },
    })
    expect(server.requests).toEqual(['PATCH /apis/routing.router.io/v1alpha1/namespaces/a/serviceroutes/b'])
    const [headers] = seen
    expect(headers?.get('authorization')).toBe('Bearer secret')
    expect(headers?.get('user-agent')).toBe('srouter/1.2.3')
    expect(headers?.get('impersonate-user')).toBe('jane')
    expect(headers?.get('content-type')).toBe('application/json')
  })
})

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'srouter-client-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const listening = async (handle: (socket: Socket) => void) => {
  const server: Server = createServer(socket => {
    socket.on('error', () => {})
    handle(socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `https://127.0.0.1:${address.port}`,
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  }
}
