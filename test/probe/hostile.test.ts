import { expect, test } from 'bun:test'
import fc from 'fast-check'
import type { ProbeOutcome } from '../../src/api/probe-outcome.ts'
import { waitFor } from '../lab/wait.ts'
import { descriptors, listen, type Peer } from './listener.ts'
import { ask, http, https, trusted } from './support.ts'

/** What every outcome holds, whoever is at the other end. */
const expectTame = (outcome: ProbeOutcome): void => {
  if (!outcome.ok) expect(outcome.message).toMatch(/^[\x20-\x7e]{1,300}$/)
}

const ends: readonly ((peer: Peer) => void)[] = [peer => peer.end(), peer => peer.reset()]

/** Beginnings that lead further into a parser than chance would. */
const beginnings = [
  '',
  'HTTP/1.1 ',
  'HTTP/1.1 200 ',
  'HTTP/1.1 100 Continue\r\n\r\n',
  '\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03',
  '\x15\x03\x01\x00\x02\x02',
  '\x00\x00\x12\x04\x00\x00\x00\x00\x00',
]

const rubbish = fc
  .tuple(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...ends))
  .map(([beginning, bytes, end]) => ({
    bytes: Buffer.concat([Buffer.from(beginning, 'latin1'), bytes]),
    end,
  }))

test('whatever a server sends, there is one tame outcome and nothing left', async () => {
  let turn: { readonly bytes: Uint8Array; readonly end: (peer: Peer) => void } | undefined
  const say = (peer: Peer): void => {
    if (turn === undefined) return
    peer.write(turn.bytes)
    turn.end(peer)
  }
  await using plain = listen({ ready: say })
  await using secure = listen({ tls: (await trusted()).pair, asked: say })
  const targets = [http(plain.port), await https(plain.port), await https(secure.port)]
  const before = descriptors()
  await fc.assert(
    fc.asyncProperty(rubbish, async each => {
      turn = each
      for (const target of targets) expectTame(await ask(target))
    }),
  )
  await Promise.all([plain.empty(), secure.empty()])
  await waitFor(() => descriptors() <= before, { what: 'all sockets to be closed' })
})
