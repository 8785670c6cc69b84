import { expect, test } from 'bun:test'
import type { ProbeOutcome } from '../../src/api/probe-outcome.ts'
import { createProbing, type Probed } from '../../src/daemon/probing.ts'
import type { ProbeRound, ProbeRow, RoundsOptions } from '../../src/probe/rounds.ts'
import { virtualTime } from './support/virtual-time.ts'

/** What becomes of rounds: whose they are, what of them counts, and what is said of them. */

const up: ProbeOutcome = { ok: true, milliseconds: 5 }
const down: ProbeOutcome = { ok: false, milliseconds: 5, failure: 'Refused', message: 'connection refused' }
const spec = {
  scheme: 'HTTPS',
  host: 'shop.example.com',
  path: '/',
  intervalSeconds: 10,
  timeoutSeconds: 3,
  failureThreshold: 2,
  successThreshold: 2,
} as const
const weu: Probed = {
  peer: 'aks01-weu',
  probe: spec,
  peerAddresses: ['10.1.0.1', '10.1.0.2'],
  ownAddresses: ['10.2.0.1'],
  witnesses: [{ ...spec, host: 'www.example.net' }],
}

const scene = (...probed: readonly Probed[]) => {
  const time = virtualTime()
  let rows: readonly ProbeRow[] = []
  let onRound: RoundsOptions['onRound'] = () => {}
  const told: string[] = []
  const probing = createProbing({
    timing: time.timing,
    onRound: peer => told.push(peer),
    startRounds: options => {
      onRound = options.onRound
      return {
        set: next => {
          rows = [...next]
        },
        stop: () => Promise.resolve(),
      }
    },
  })
  probing.set(probed)
  let now = 0
  const round = (key: string, ...outcomes: readonly ProbeOutcome[]): void => {
    const row = rows.find(each => each.key === key)
    const taken: ProbeRound = {
      key,
      beganMs: now++,
      endedMs: now++,
      outcomes: new Map(outcomes.map((outcome, i) => [row?.addresses[i] ?? '', outcome])),
    }
    onRound(taken)
  }
  return { probing, told, round, rows: () => rows }
}

test('peer, own gateways and witnesses each have their rounds; a witness is where its host is', () => {
  const { rows } = scene(weu)
  expect(rows().map(({ key, addresses, target }) => [key, addresses, target.host, target.port])).toEqual([
    ['aks01-weu peer 0', ['10.1.0.1', '10.1.0.2'], 'shop.example.com', 443],
    ['aks01-weu own 0', ['10.2.0.1'], 'shop.example.com', 443],
    ['aks01-weu witness 0', ['www.example.net'], 'www.example.net', 443],
  ])
})

test('one address that answers is enough; what the others say is in the report', () => {
  const { probing, round, told } = scene(weu)
  for (let i = 0; i < 3; i++) round('aks01-weu peer 0', down, up)
  expect(probing.health('aks01-weu')).toMatchObject({ state: 'Up', failures: 0 })
  expect(probing.report('aks01-weu')).toMatchObject({
    state: 'Up',
    addresses: [
      { address: '10.1.0.1', answers: false, message: 'connection refused' },
      { address: '10.1.0.2', answers: true },
    ],
  })
  expect(told).toEqual(['aks01-weu', 'aks01-weu', 'aks01-weu'])
})

test('Failing before Down', () => {
  const { probing, round } = scene(weu)
  for (const outcome of [up, up, down]) round('aks01-weu peer 0', outcome, outcome)
  expect(probing.report('aks01-weu').state).toBe('Failing')
  round('aks01-weu peer 0', down, down)
  expect(probing.report('aks01-weu').state).toBe('Down')
})

test('a round in which this process did not get to run counts for nothing', () => {
  const { probing, round } = scene(weu)
  const stalled: ProbeOutcome = { ...down, failure: 'TimedOut', milliseconds: 9_000 }
  for (const outcome of [up, up, stalled, stalled, stalled]) round('aks01-weu peer 0', outcome, outcome)
  expect(probing.health('aks01-weu')).toMatchObject({ state: 'Up', failures: 0 })
  // One address that was asked in good time, and did not answer, does count.
  round('aks01-weu peer 0', stalled, down)
  expect(probing.health('aks01-weu')).toMatchObject({ failures: 1 })
})

test('own gateways and witnesses count as long as they answer beside the peer', () => {
  const { probing, round } = scene(weu)
  const answers = () => [
    probing.answersMeanwhile('aks01-weu', 'own'),
    probing.answersMeanwhile('aks01-weu', 'witness'),
  ]
  const all = (peer: ProbeOutcome) => {
    round('aks01-weu own 0', up)
    round('aks01-weu witness 0', up)
    round('aks01-weu peer 0', peer, peer)
  }
  all(up)
  all(up)
  all(down)
  expect(answers()).toEqual([false, false])
  all(down)
  expect(answers()).toEqual([true, true])
  round('aks01-weu witness 0', down)
  expect(answers()).toEqual([true, false])
})

test('other addresses go on with what is known, another probe begins anew', () => {
  const { probing, round } = scene(weu)
  for (let i = 0; i < 2; i++) round('aks01-weu peer 0', up, up)
  probing.set([{ ...weu, peerAddresses: ['10.1.0.9'] }])
  expect(probing.report('aks01-weu')).toEqual({
    state: 'Up',
    since: '2026-11-22T12:00:00Z',
    addresses: [{ address: '10.1.0.9' }],
  })
  probing.set([{ ...weu, probe: { ...spec, path: '/healthz' } }])
  expect(probing.report('aks01-weu').state).toBe('Unknown')
  probing.set([])
  round('aks01-weu peer 0', down, down)
  expect(probing.samples()).toEqual([])
})
