import { describe, expect, test } from 'bun:test'
import { probeWith } from '../../src/probe/probe.ts'
import type { Family, Resolve } from '../../src/probe/resolve.ts'
import { answer, listen } from './listener.ts'
import { ask, host, http, https, said, tcp, trusted } from './support.ts'

const balancer = 'lb.example.net'

const names =
  (byFamily: Readonly<Record<Family, readonly string[] | string>>): Resolve =>
  async (name, family) => {
    expect(name).toBe(balancer)
    const found = byFamily[family]
    if (typeof found === 'string') throw Object.assign(new Error('no answer'), { code: found })
    return found
  }

const probed = async (resolve: Resolve, target: Parameters<typeof ask>[0]): Promise<string> =>
  said(await probeWith(resolve, target, balancer, new AbortController().signal))

describe('a load balancer that has a name only', () => {
  test('is probed at its addresses, as the host of the target', async () => {
    await using listener = listen({ tls: (await trusted()).pair, asked: answer('200 OK') })
    const is = await probed(names({ 4: ['127.0.0.1'], 6: 'ENODATA' }), await https(listener.port))
    expect(is).toBe('up')
    expect(listener.requests()[0]).toContain(`\r\nHost: ${host}\r\n`)
    await listener.empty()
  })

  test('without a host, as what it is called', async () => {
    await using listener = listen({ asked: answer('200 OK') })
    const { host: _, ...target } = http(listener.port)
    expect(await probed(names({ 4: ['127.0.0.1'], 6: [] }), target)).toBe('up')
    expect(listener.requests()[0]).toContain(`\r\nHost: ${balancer}\r\n`)
  })

  test('is looked up anew each time', async () => {
    await using first = listen({ hostname: '127.0.0.1' })
    let asked = 0
    const resolve: Resolve = async (_, family) => {
      asked++
      return family === 4 ? ['127.0.0.1'] : []
    }
    for (let i = 0; i < 3; i++) await probed(resolve, tcp(first.port))
    expect(asked).toBe(6)
  })

  test('is up when one of its addresses is, and the others are let go', async () => {
    await using well = listen({ hostname: '127.0.0.1', asked: answer('200 OK') })
    await using mute = listen({ hostname: '::1', port: well.port })
    expect(await probed(names({ 4: ['127.0.0.1'], 6: ['::1'] }), http(well.port))).toBe('up')
    await mute.empty()
  })

  test('is up when one family is not answered for', async () => {
    await using listener = listen({ asked: answer('200 OK') })
    const resolve: Resolve = (_, family) =>
      family === 4 ? Promise.resolve(['127.0.0.1']) : new Promise(() => {})
    expect(await probed(resolve, http(listener.port))).toBe('up')
  })

  test('that is down says what came furthest, in whatever order the addresses come', async () => {
    await using poor = listen({ asked: answer('503 Service Unavailable') })
    for (const addresses of [
      ['127.0.0.1', '127.0.0.2'],
      ['127.0.0.2', '127.0.0.1'],
    ])
      expect(await probed(names({ 4: addresses, 6: 'ENOTFOUND' }), http(poor.port))).toBe(
        'WrongStatus: the answer has status 503',
      )
  })

  const rows: readonly [what: string, resolve: Resolve, is: string][] = [
    ['that nobody knows', names({ 4: 'ENOTFOUND', 6: 'ENOTFOUND' }), 'NotResolved: the name has no address'],
    ['without addresses', names({ 4: [], 6: [] }), 'NotResolved: the name has no address'],
    [
      'whose name servers fail',
      names({ 4: 'ESERVFAIL', 6: 'ESERVFAIL' }),
      'NotResolved: no name server tells the addresses of the name',
    ],
  ]
  for (const [what, resolve, is] of rows)
    test(what, async () => expect(await probed(resolve, tcp(1))).toBe(is))

  test('with more addresses than there can be: some are tried', async () => {
    await using listener = listen({ asked: answer('503 x') })
    const many = Array.from({ length: 1_000 }, () => '127.0.0.1')
    await probed(names({ 4: many, 6: [] }), http(listener.port))
    expect(listener.accepted()).toBe(8)
    await listener.empty()
  })

  test('a name that cannot exist, by the name servers of this machine', async () => {
    const outcome = await ask(tcp(1), 'nowhere.invalid')
    expect(outcome).toMatchObject({ ok: false, failure: 'NotResolved' })
  })
})
