import { describe, expect, test } from 'bun:test'
import { ServiceRoute } from '../../src/api/kinds.ts'
import type { KubeObject } from '../../src/api/object.ts'
import { createClient } from '../../src/kube/client.ts'
import { type WatchEvent, type WatchOptions, type WatchRestart, watch } from '../../src/kube/watch.ts'
import { rawTlsServer, status, tlsServer } from './support/fake-server.ts'
import { targetOf, type Where } from './support/target.ts'
import { fakeTiming } from './support/timing.ts'

const route = (name: string, resourceVersion: number): KubeObject => ({
  apiVersion: 'routing.router.io/v1alpha1',
  kind: 'ServiceRoute',
  metadata: { namespace: 'app1', name, resourceVersion: String(resourceVersion) },
})

const bookmark = (resourceVersion: number, end = false) => ({
  type: 'BOOKMARK',
  object: {
    metadata: {
      resourceVersion: String(resourceVersion),
      ...(end ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
    },
  },
})

const expired = {
  type: 'ERROR',
  object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 5 (9)' },
}

const line = (event: unknown): string => `${JSON.stringify(event)}\n`

/** A stream of these events that ends after them, or stays open. */
const stream = (events: readonly unknown[], after: 'end' | 'stay' = 'end'): Response =>
  new Response(
    new ReadableStream({
      start: control => {
        for (const event of events) control.enqueue(line(event))
        if (after === 'end') control.close()
      },
    }),
  )

const listOf = (resourceVersion: number, ...items: KubeObject[]): Response =>
  Response.json({ metadata: { resourceVersion: String(resourceVersion) }, items })

const shortly = (event: WatchEvent): string => {
  if (event.type === 'replaced')
    return `replaced ${event.objects.map(object => object.metadata.name).join(',')} @${event.resourceVersion}`
  if (event.type === 'bookmark') return `bookmark @${event.resourceVersion}`
  return `${event.type} ${event.object.metadata.name} @${event.resourceVersion}`
}

/** Watches until `count` events have come. */
const collect = async (
  where: Where,
  count: number,
  options: Partial<WatchOptions> = {},
  onEvent = () => {},
) => {
  const stop = new AbortController()
  const timing = fakeTiming()
  const client = createClient(targetOf(where), { env: {}, timing })
  const events: string[] = []
  const restarts: WatchRestart[] = []
  const all: WatchOptions = { signal: stop.signal, onRestart: restart => restarts.push(restart), ...options }
  for await (const event of watch(client, ServiceRoute, all)) {
    events.push(shortly(event))
    onEvent()
    if (events.length === count) stop.abort()
  }
  return { events, causes: restarts.map(restart => restart.cause), restarts, timing }
}

const isList = (request: Request) => !new URL(request.url).searchParams.has('watch')
const query = (request: string | undefined, name: string) =>
  new URLSearchParams(request?.split('?')[1]).get(name)

describe('the whole state through the watch', () => {
  test('is given in one piece, then every change', async () => {
    await using server = tlsServer(() =>
      stream(
        [
          { type: 'ADDED', object: route('a', 1) },
          { type: 'ADDED', object: route('b', 2) },
          bookmark(5, true),
          { type: 'ADDED', object: route('c', 6) },
          { type: 'MODIFIED', object: route('a', 7) },
          { type: 'DELETED', object: route('b', 8) },
          bookmark(9),
        ],
        'stay',
      ),
    )
    const { events } = await collect(server, 5)
    expect(events).toEqual(['replaced a,b @5', 'added c @6', 'modified a @7', 'deleted b @8', 'bookmark @9'])
    expect(query(server.requests[0], 'sendInitialEvents')).toBe('true')
    expect(query(server.requests[0], 'resourceVersionMatch')).toBe('NotOlderThan')
    expect(query(server.requests[0], 'allowWatchBookmarks')).toBe('true')
  })

  test('changes that come before its end are in it', async () => {
    await using server = tlsServer(() =>
      stream(
        [
          { type: 'ADDED', object: route('a', 1) },
          { type: 'ADDED', object: route('b', 2) },
          { type: 'DELETED', object: route('a', 3) },
          { type: 'MODIFIED', object: route('b', 4) },
          bookmark(4, true),
        ],
        'stay',
      ),
    )
    expect((await collect(server, 1)).events).toEqual(['replaced b @4'])
  })

  test.each([422, 400])('a server that refuses it (%d) is listed, and asked no more', async code => {
    await using server = tlsServer((request, count) => {
      if (isList(request)) return listOf(count < 4 ? 5 : 9, route('a', 1))
      if (query(request.url, 'sendInitialEvents') !== null) return status(code, 'Invalid', 'forbidden')
      return stream([count < 4 ? { type: 'ADDED', object: route('b', 6) } : bookmark(10), expired])
    })
    const { events, causes } = await collect(server, 4)
    expect(events).toEqual(['replaced a @5', 'added b @6', 'replaced a @9', 'bookmark @10'])
    expect(causes).toEqual(['expired'])
    expect(server.requests.filter(request => query(request, 'sendInitialEvents') !== null).length).toBe(1)
  })

  test('a server that never ends it is listed', async () => {
    await using server = tlsServer(request => {
      if (isList(request)) return listOf(5, route('a', 1))
      return stream([{ type: 'ADDED', object: route('b', 6) }], 'stay')
    })
    const { events } = await collect(server, 2, { silentMs: 50 })
    expect(events).toEqual(['replaced a @5', 'added b @6'])
  })
})

describe('going on', () => {
  const initial = [{ type: 'ADDED', object: route('a', 1) }, bookmark(5, true)]
  const resumed = (request: Request) => query(request.url, 'resourceVersion')

  test('after the server has ended it, from the last change or bookmark', async () => {
    await using server = tlsServer(request => {
      switch (resumed(request)) {
        case null:
          return stream(initial)
        case '5':
          return stream([{ type: 'ADDED', object: route('b', 6) }, bookmark(8)])
        default:
          return stream([{ type: 'ADDED', object: route('c', 9) }], 'stay')
      }
    })
    const { events, restarts } = await collect(server, 4)
    expect(events).toEqual(['replaced a @5', 'added b @6', 'bookmark @8', 'added c @9'])
    expect(restarts.map(({ cause, delayMs }) => [cause, delayMs])).toEqual([
      ['ended', 500],
      ['ended', 500],
    ])
    expect(server.requests.map(request => query(request, 'resourceVersion'))).toEqual([null, '5', '8'])
  })

  test('after 410 in the stream and after 410 at its opening: everything anew', async () => {
    await using server = tlsServer((request, count) => {
      if (resumed(request) === '5') return stream([{ type: 'ADDED', object: route('b', 6) }, expired])
      if (resumed(request) === '7') return status(410, 'Expired', 'too old resource version')
      if (count === 1) return stream(initial)
      if (count === 3) return stream([{ type: 'ADDED', object: route('c', 7) }, bookmark(7, true)])
      return stream([{ type: 'ADDED', object: route('d', 8) }, bookmark(8, true)], 'stay')
    })
    const { events, causes } = await collect(server, 4)
    expect(events).toEqual(['replaced a @5', 'added b @6', 'replaced c @7', 'replaced d @8'])
    expect(causes).toEqual(['ended', 'expired', 'ended', 'expired'])
  })

  test('when nothing comes any more', async () => {
    await using server = tlsServer(request => {
      if (resumed(request) === null) return stream(initial, 'stay')
      return stream([{ type: 'ADDED', object: route('b', 6) }], 'stay')
    })
    const { events, restarts } = await collect(server, 2, { silentMs: 250 })
    expect(events).toEqual(['replaced a @5', 'added b @6'])
    expect(restarts.map(({ cause, error }) => [cause, String(error)])).toEqual([
      [
        'silent',
        'Error: the watch of serviceroutes.routing.router.io is opened anew: nothing came for 0.25 s',
      ],
    ])
  })

  test('while the server fails, with delays that double, and the error told', async () => {
    await using server = tlsServer((request, count) => {
      if (resumed(request) === null) return stream(initial)
      if (count < 6) return status(503, 'ServiceUnavailable', 'starting')
      return stream([{ type: 'ADDED', object: route('b', 6) }], 'stay')
    })
    const { events, restarts } = await collect(server, 2)
    expect(events).toEqual(['replaced a @5', 'added b @6'])
    expect(restarts.map(restart => restart.delayMs)).toEqual([500, 1000, 2000, 4000, 5000])
    expect(String(restarts[1]?.error)).toContain(
      'cannot watch serviceroutes.routing.router.io in all namespaces: starting',
    )
  })

  test('after an outage from which the server comes back with 410: soon, and not as late as after one more failure', async () => {
    await using server = tlsServer((request, count) => {
      if (count === 1) return stream(initial)
      if (count < 5) return status(503, 'ServiceUnavailable', 'starting')
      if (resumed(request) !== null || count < 8) return status(410, 'Expired', 'too old resource version')
      return stream([{ type: 'ADDED', object: route('b', 9) }, bookmark(9, true)], 'stay')
    })
    const { events, restarts } = await collect(server, 2)
    expect(events).toEqual(['replaced a @5', 'replaced b @9'])
    // Unless it says so of the state as well.
    expect(restarts.map(restart => restart.delayMs)).toEqual([500, 1000, 2000, 4000, 500, 1000, 2000])
  })

  test('after the time that the server asks for', async () => {
    await using server = tlsServer((request, count) => {
      if (resumed(request) === null) return stream(initial)
      if (count < 3) return status(429, 'TooManyRequests', 'later', { 'Retry-After': '7' })
      return stream([{ type: 'ADDED', object: route('b', 6) }], 'stay')
    })
    expect((await collect(server, 2)).restarts.map(restart => restart.delayMs)).toEqual([500, 7000])
  })

  test('after lines that were cut off, with the connection ended or broken', async () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
    const chunk = (text: string) => {
      const bytes = Buffer.from(text)
      return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
    }
    let fault = () => {}
    await using server = await rawTlsServer((connection, _, count) => {
      // Only when the client has read what came before: a broken connection takes with it what nobody has read.
      fault = () => (count === 1 ? connection.end() : connection.cut())
      connection.write(head)
      if (count === 1) {
        connection.write(chunk(initial.map(line).join('')))
        connection.write(chunk(line({ type: 'ADDED', object: route('b', 6) }).slice(0, 20)))
      } else if (count === 2) {
        connection.write(chunk(line({ type: 'ADDED', object: route('b', 6) })))
        connection.write(chunk('{"type": "ADD'))
      } else {
        const text = Buffer.from(line({ type: 'ADDED', object: route('zürich-🧀', 7) }))
        for (const byte of text) connection.write(chunk(String.fromCharCode(0)).fill(byte, 3, 4))
      }
    })
    const { events, causes } = await collect(server, 3, {}, () => fault())
    expect(events).toEqual(['replaced a @5', 'added b @6', 'added zürich-🧀 @7'])
    expect(causes).toEqual(['failed', 'failed'])
  })

  test('the state that breaks off before its end is not given', async () => {
    await using server = tlsServer((_, count) =>
      count === 1
        ? stream([{ type: 'ADDED', object: route('a', 1) }])
        : stream(
            [
              { type: 'ADDED', object: route('a', 1) },
              { type: 'ADDED', object: route('b', 2) },
              bookmark(2, true),
            ],
            'stay',
          ),
    )
    const { events, causes } = await collect(server, 1)
    expect(events).toEqual(['replaced a,b @2'])
    expect(causes).toEqual(['failed'])
  })
})

describe('an empty state where objects were', () => {
  const initial = stream.bind(undefined, [
    { type: 'ADDED', object: route('a', 1) },
    bookmark(5, true),
    expired,
  ])

  test('is not believed when a list says otherwise, and the watch goes on from the list', async () => {
    await using server = tlsServer((request, count) => {
      if (isList(request)) return listOf(9, route('a', 1))
      if (count === 1) return initial()
      if (query(request.url, 'resourceVersion') === '9')
        return stream([{ type: 'ADDED', object: route('b', 10) }], 'stay')
      return stream([bookmark(8, true), { type: 'DELETED', object: route('a', 9) }], 'stay')
    })
    const { events } = await collect(server, 3)
    expect(events).toEqual(['replaced a @5', 'replaced a @9', 'added b @10'])
  })

  test('is believed when a list says the same', async () => {
    await using server = tlsServer((request, count) => {
      if (isList(request)) return listOf(9)
      return count === 1 ? initial() : stream([bookmark(8, true)], 'stay')
    })
    expect((await collect(server, 2)).events).toEqual(['replaced a @5', 'replaced  @9'])
    expect(server.requests.length).toBe(3)
  })

  test('an empty list where the server does not stream is asked twice', async () => {
    let lists = 0
    await using server = tlsServer(request => {
      if (query(request.url, 'sendInitialEvents') !== null) return status(422, 'Invalid', 'no')
      if (!isList(request)) return stream(lists === 1 ? [expired] : [], 'stay')
      lists++
      return lists === 2 ? listOf(8) : listOf(9, route('a', 1))
    })
    expect((await collect(server, 2)).events).toEqual(['replaced a @9', 'replaced a @9'])
    expect(lists).toBe(3)
  })

  test('is given at once where nothing was before', async () => {
    await using server = tlsServer(() => stream([bookmark(8, true)], 'stay'))
    expect((await collect(server, 1)).events).toEqual(['replaced  @8'])
    expect(server.requests.length).toBe(1)
  })
})

test('ends when it is told to, also while it waits', async () => {
  await using server = tlsServer(() => stream([bookmark(8, true)], 'stay'))
  const stop = new AbortController()
  const client = createClient(targetOf(server), { env: {} })
  const events: string[] = []
  for await (const event of watch(client, ServiceRoute, { signal: stop.signal })) {
    events.push(event.type)
    setTimeout(() => stop.abort(), 10)
  }
  expect(events).toEqual(['replaced'])
})
