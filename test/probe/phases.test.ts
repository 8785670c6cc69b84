import { describe, expect, test } from 'bun:test'
import { probe, probeWith } from '../../src/probe/probe.ts'
import type { Family } from '../../src/probe/resolve.ts'
import { type GatewayListener, startGatewayListener } from '../lab/gateway-listener.ts'
import { waitFor } from '../lab/wait.ts'
import { startElsewhere } from './elsewhere.ts'
import { answer, descriptors, listen } from './listener.ts'
import { ask, brief, http, https, said, tcp, trusted } from './support.ts'

const timedOut = (where: string): string => `TimedOut: nothing within ${brief} s, stopped ${where}`
const hurried = { timeoutSeconds: brief }

/** A port at which no connection comes about, and none is refused either. */
const blackHole = async (): Promise<GatewayListener> => {
  const listener = await startGatewayListener({ tls: (await trusted()).pair })
  await listener.become('silent')
  return listener
}

describe('what takes too long', () => {
  test('connecting', async () => {
    await using hole = await blackHole()
    for (const target of [tcp(hole.port, hurried), http(hole.port, hurried), await https(hole.port, hurried)])
      expect(said(await ask(target))).toBe(timedOut('in connecting'))
  })

  test('a server that accepts and never handshakes', async () => {
    await using listener = listen({})
    expect(said(await ask(await https(listener.port, hurried)))).toBe(timedOut('in the TLS handshake'))
    await listener.empty()
  })

  test('one that accepts and never answers', async () => {
    await using listener = listen({})
    expect(said(await ask(http(listener.port, hurried)))).toBe(timedOut('waiting for an answer'))
    await listener.empty()
  })

  test('one that handshakes and never answers', async () => {
    await using listener = listen({ tls: (await trusted()).pair })
    expect(said(await ask(await https(listener.port, hurried)))).toBe(timedOut('waiting for an answer'))
    expect(listener.requests()).toHaveLength(1)
    await listener.empty()
  })

  test('one that answers byte by byte, and slower than that', async () => {
    const stop = new AbortController()
    await using listener = listen({
      tls: (await trusted()).pair,
      asked: async peer => {
        for (const byte of 'HTTP/1.1 103 Early Hints\r\n') {
          if (stop.signal.aborted) return
          peer.write(byte)
          await Bun.sleep((brief * 1_000) / 10)
        }
      },
    })
    expect(said(await ask(await https(listener.port, hurried)))).toBe(timedOut('waiting for an answer'))
    await listener.empty()
    stop.abort()
  })

  test('a name server', async () => {
    let released = false
    const resolve = (_: string, __: Family, signal: AbortSignal) =>
      new Promise<never>(() => signal.addEventListener('abort', () => (released = true)))
    const outcome = await probeWith(resolve, http(1, hurried), 'gw.example.com', new AbortController().signal)
    expect(said(outcome)).toBe(timedOut('in looking up the name'))
    expect(released).toBe(true)
  })
})

describe('what is slow and in time', () => {
  test('a status line byte by byte', async () => {
    await using listener = listen({
      tls: (await trusted()).pair,
      asked: async peer => {
        for (const byte of 'HTTP/1.1 200 OK\r\n') {
          peer.write(byte)
          await Bun.sleep(1)
        }
      },
    })
    expect(said(await ask(await https(listener.port)))).toBe('up')
    await listener.empty()
  })

  test('a header without an end behind it', async () => {
    await using listener = listen({ asked: peer => peer.write('HTTP/1.1 200 OK\r\nx: y\r\n') })
    expect(said(await ask(http(listener.port)))).toBe('up')
    await listener.empty()
  })

  test('a body without an end', async () => {
    const block = Buffer.alloc(65_536, 'x')
    let streaming = false
    await using listener = listen({
      tls: (await trusted()).pair,
      asked: async peer => {
        answer('200 OK', 'content-type: text/plain\r\n\r\n')(peer)
        streaming = true
        while (streaming) {
          peer.write(block)
          await Bun.sleep(0)
        }
      },
    })
    expect(said(await ask(await https(listener.port)))).toBe('up')
    await listener.empty()
    streaming = false
  })

  test('an answer that was there when this process did not come to look', async () => {
    await using server = await startElsewhere(`
      const { port } = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data: socket => {
        console.log('asked')
        setTimeout(() => socket.write('HTTP/1.1 200 OK\\r\\n\\r\\n'), 100)
      } } })
      console.log(port)`)
    const asked = ask(http(server.port, { timeoutSeconds: 2 }))
    await server.line()
    const until = performance.now() + 2_200
    while (performance.now() < until);
    expect(said(await asked)).toBe('up')
  })
})

describe('the signal', () => {
  const reason = new Error('no longer wanted')

  test('that is aborted beforehand: nothing is begun', async () => {
    await using listener = listen({})
    await expect(probe(tcp(listener.port), '127.0.0.1', AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(listener.accepted()).toBe(0)
  })

  const phases: readonly [phase: string, secure: boolean][] = [
    ['in the TLS handshake', false],
    ['while it waits for an answer', true],
  ]
  for (const [phase, secure] of phases)
    test(`ends a probe ${phase}`, async () => {
      let ready = false
      await using listener = listen({
        ...(secure ? { tls: (await trusted()).pair } : {}),
        ready: () => {
          ready = true
        },
      })
      const stop = new AbortController()
      const asked = probe(await https(listener.port), '127.0.0.1', stop.signal)
      await waitFor(() => ready, { what: 'the connection' })
      stop.abort(reason)
      await expect(asked).rejects.toBe(reason)
      await listener.empty()
    })

  test('ends a probe in connecting', async () => {
    await using hole = await blackHole()
    const before = descriptors()
    const stop = new AbortController()
    const asked = probe(await https(hole.port), '127.0.0.1', stop.signal)
    await waitFor(() => descriptors() > before, { what: 'its socket' })
    stop.abort(reason)
    await expect(asked).rejects.toBe(reason)
    await waitFor(() => descriptors() <= before, { what: 'its socket to be closed' })
  })

  test('ends a look-up', async () => {
    const stop = new AbortController()
    const asked = probeWith(() => new Promise(() => {}), tcp(1), 'gw.example.com', stop.signal)
    stop.abort(reason)
    await expect(asked).rejects.toBe(reason)
  })

  test('has no listeners left when probes are over', async () => {
    await using listener = listen({ asked: answer('200 OK') })
    const stop = new AbortController()
    let kept = 0
    const { signal } = stop
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      kept++
      add(...args)
    }
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      kept--
      remove(...args)
    }
    for (let i = 0; i < 5; i++) await probe(http(listener.port), '127.0.0.1', signal)
    expect(kept).toBe(0)
  })
})

describe('100 probes at the same time', () => {
  test('leave nothing behind, whatever becomes of them', async () => {
    const { pair } = await trusted()
    await using hole = await blackHole()
    await using well = listen({ tls: pair, asked: answer('200 OK') })
    await using mute = listen({ tls: pair })
    await using deaf = listen({})
    await using curt = listen({ ready: peer => peer.reset() })
    const targets = [
      await https(well.port),
      await https(mute.port, hurried),
      await https(deaf.port, hurried),
      await https(curt.port),
      await https(hole.port, hurried),
    ]
    const round = () => Promise.all(targets.flatMap(target => Array.from({ length: 20 }, () => ask(target))))
    const empty = () => Promise.all([well, mute, deaf, curt].map(listener => listener.empty()))
    await round()
    await empty()
    const before = descriptors()
    const outcomes = await round()
    expect(Map.groupBy(outcomes, outcome => (outcome.ok ? 'up' : outcome.failure)).size).toBeGreaterThan(2)
    await empty()
    expect(well.accepted()).toBe(40)
    await waitFor(() => descriptors() <= before, { what: 'all sockets to be closed' })
  })
})
