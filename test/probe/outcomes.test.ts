import { describe, expect, test } from 'bun:test'
import { createSecureServer } from 'node:http2'
import { freePorts } from '../lab/ports.ts'
import { answer, listen, type Peer } from './listener.ts'
import { ask, askElsewhere, host, http, https, said, tcp, trusted } from './support.ts'

const firstPort = (): number => freePorts(1)[0] ?? 0

describe('an answer', () => {
  const rows: readonly [what: string, asked: (peer: Peer) => void, is: string][] = [
    ['200', answer('200 OK'), 'up'],
    ['204', answer('204 No Content'), 'up'],
    [
      'a redirection, which nobody follows',
      answer('301 Moved', 'location: http://127.0.0.1:1/\r\n\r\n'),
      'up',
    ],
    ['399', answer('399 Odd'), 'up'],
    ['400', answer('400 Bad Request'), 'WrongStatus: the answer has status 400'],
    ['404', answer('404 Not Found'), 'WrongStatus: the answer has status 404'],
    ['503', answer('503 Service Unavailable'), 'WrongStatus: the answer has status 503'],
    ['a change of protocols', answer('101 Switching'), 'WrongStatus: the answer has status 101'],
    [
      'a reason that does things',
      answer('500 \x1b]0;x\x07\x1b[31m\u202e'),
      'WrongStatus: the answer has status 500',
    ],
    ['another protocol', peer => peer.write('SSH-2.0-x\r\n'), 'ProtocolError: the answer is no HTTP/1.1'],
    [
      'a frame of HTTP/2',
      peer => peer.write(Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0)),
      'ProtocolError: the answer is no HTTP/1.1',
    ],
    ['an end instead', peer => peer.end(), 'Reset: the connection was ended before an answer came'],
    [
      'half an answer and an end',
      peer => {
        peer.write('HTTP/1.1 2')
        peer.end()
      },
      'Reset: the connection was ended before an answer came',
    ],
    ['a reset instead', peer => peer.reset(), 'Reset: the connection was ended before an answer came'],
  ]
  for (const [what, asked, is] of rows) {
    test(`by HTTP: ${what}`, async () => {
      await using listener = listen({ asked })
      expect(said(await ask(http(listener.port)))).toBe(is)
      await listener.empty()
      expect(listener.accepted()).toBe(1)
    })

    test(`by HTTPS: ${what}`, async () => {
      await using listener = listen({ asked, tls: (await trusted()).pair })
      expect(said(await ask(await https(listener.port)))).toBe(is)
      await listener.empty()
      expect(listener.accepted()).toBe(1)
    })
  }
})

describe('what is asked', () => {
  test('is a path of a host, of which the address is no part, on a connection that ends', async () => {
    await using listener = listen({ asked: answer('200 OK') })
    await ask(http(listener.port, { path: '/healthz/ready?full' }))
    expect(listener.requests()).toEqual([
      `GET /healthz/ready?full HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: srouter-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
    ])
  })

  const paths: readonly [path: string, asked: string][] = [
    ['', '/'],
    ['healthz', '/healthz'],
    ['/a b', '/a%20b'],
    ['/ü', '/%C3%BC'],
    ['/x HTTP/1.1\r\nHost: other\r\n\r\nGET /', '/x%20HTTP/1.1%0D%0AHost:%20other%0D%0A%0D%0AGET%20/'],
    ['/\ud800', '/%EF%BF%BD'],
  ]
  for (const [path, asked] of paths)
    test(`stays one line: ${JSON.stringify(path)}`, async () => {
      await using listener = listen({ asked: answer('200 OK') })
      await ask(http(listener.port, { path }))
      expect(listener.requests()[0]?.split('\r\n').slice(0, 2)).toEqual([
        `GET ${asked} HTTP/1.1`,
        `Host: ${host}`,
      ])
    })

  test('a host that is no name ends no line', async () => {
    await using listener = listen({ asked: answer('200 OK') })
    await ask(http(listener.port, { host: 'a\r\nX: y' }))
    expect(listener.requests()[0]?.split('\r\n')[1]).toBe('Host: aX:y')
  })

  test('without a host it is the address', async () => {
    await using listener = listen({ asked: answer('200 OK'), hostname: '::1' })
    const { host: _, ...target } = http(listener.port)
    expect(said(await ask(target, '::1'))).toBe('up')
    expect(listener.requests()[0]).toContain('\r\nHost: [::1]\r\n')
  })

  test('each time on a connection of its own', async () => {
    await using listener = listen({ asked: answer('200 OK'), tls: (await trusted()).pair })
    for (let i = 0; i < 3; i++) await ask(await https(listener.port))
    expect(listener.accepted()).toBe(3)
    await listener.empty()
  })
})

describe('a connection', () => {
  test('by TCP is enough', async () => {
    await using listener = listen({})
    expect(said(await ask(tcp(listener.port)))).toBe('up')
    await listener.empty()
    expect(listener.requests()).toEqual([])
  })

  for (const [name, target] of [
    ['TCP', tcp],
    ['HTTP', http],
    ['HTTPS', https],
  ] as const)
    test(`refused by ${name}`, async () => {
      expect(said(await ask(await target(firstPort())))).toBe(
        'Refused: the connection was refused, or there is no route',
      )
    })

  test('that is reset before TLS', async () => {
    await using listener = listen({ ready: peer => peer.reset() })
    expect(said(await ask(await https(listener.port)))).toBe(
      'Reset: the connection was ended before an answer came',
    )
  })

  test('to what speaks no TLS', async () => {
    await using listener = listen({ ready: answer('400 Bad Request') })
    expect(said(await ask(await https(listener.port)))).toBe('ProtocolError: the port does not speak TLS')
    await listener.empty()
  })

  test('to what speaks TLS, by HTTP', async () => {
    await using listener = listen({ tls: (await trusted()).pair })
    const outcome = await ask(http(listener.port))
    expect(outcome.ok).toBe(false)
    await listener.empty()
  })

  test('to what speaks HTTP/2 only', async () => {
    const server = createSecureServer({ ...(await trusted()).pair })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    try {
      const { port } = server.address() as { readonly port: number }
      expect(said(await ask(await https(port)))).toBe('ProtocolError: the port speaks no HTTP/1.1')
    } finally {
      server.close()
    }
  })

  test('by IPv6', async () => {
    await using listener = listen({ hostname: '::1', asked: answer('200 OK'), tls: (await trusted()).pair })
    expect(said(await ask(await https(listener.port), '::1'))).toBe('up')
  })
})

test('HTTPS_PROXY has no say', async () => {
  await using proxy = listen({})
  const variables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']
  const environment = Object.fromEntries(variables.map(name => [name, `http://127.0.0.1:${proxy.port}`]))
  const without = { ...environment, NO_PROXY: '', no_proxy: '' }
  await using plain = listen({ asked: answer('200 OK') })
  expect(await askElsewhere(http(plain.port), without)).toBe('up')
  await using secure = listen({ asked: answer('200 OK'), tls: (await trusted()).pair })
  expect(await askElsewhere(await https(secure.port), without)).toBe('up')
  expect(proxy.accepted()).toBe(0)
})
