import { describe, expect, test } from 'bun:test'
import { parseTransfer } from './bind.ts'
import {
  between,
  changes,
  flips,
  gaps,
  type Sample,
  secondsOf,
  secondsToLastWrong,
  shareWithoutAddress,
  show,
  wrong,
} from './timeline.ts'

/** What is made of samples, which needs neither a zone nor a clock. */

/** `weu a: 1 1 NXDOMAIN 2` is asked every second, from 0 on; `-` stands for what is of no interest. */
const asked = (zone: string, name: string, answers: string): Sample[] =>
  answers.split(' ').map((answer, second) => ({
    time: second * 1000,
    zone,
    name,
    answer: answer === '-' ? 'no answer' : answer,
  }))

const samples = [...asked('weu', 'a', '1 1 NXDOMAIN 2 2'), ...asked('neu', 'a', '1 1 1 - 2')].sort(
  (a, b) => a.time - b.time,
)

const told = (found: readonly Sample[]) =>
  found.map(({ time, zone, answer }) => `${time / 1000} ${zone} ${answer}`)

describe('of what zones have answered', () => {
  test('changes begin with what was there', () => {
    expect(told(changes(samples))).toEqual([
      '0 weu 1',
      '0 neu 1',
      '2 weu NXDOMAIN',
      '3 weu 2',
      '3 neu no answer',
      '4 neu 2',
    ])
  })

  test('flips are changes without that', () => {
    expect(told(flips(samples))).toEqual(['2 weu NXDOMAIN', '3 weu 2', '3 neu no answer', '4 neu 2'])
    expect(flips(between(samples, 0, 2000))).toEqual([])
  })

  test('a phase has its first moment and not its last', () => {
    expect(told(between(samples, 1000, 3000))).toEqual(['1 weu 1', '1 neu 1', '2 weu NXDOMAIN', '2 neu 1'])
  })

  test('wrong is what differs from what is expected, where something is', () => {
    expect(told(wrong(samples, zone => (zone === 'weu' ? '1' : undefined)))).toEqual([
      '2 weu NXDOMAIN',
      '3 weu 2',
      '4 weu 2',
    ])
  })

  test('seconds to the last wrong answer count from the mark', () => {
    expect(secondsToLastWrong(samples, 1000, () => '2')).toBe(2)
    expect(secondsToLastWrong(samples, 4000, () => '2')).toBe(0)
  })

  test('neither NXDOMAIN nor no answer is an address', () => {
    expect(shareWithoutAddress(samples)).toBe(0.2)
    expect(shareWithoutAddress(asked('weu', 'a', 'NXDOMAIN -'))).toBe(1)
    expect(shareWithoutAddress([])).toBe(0)
  })

  test('an answer counts until the next one of its zone', () => {
    expect(secondsOf(samples, ({ answer }) => answer === 'NXDOMAIN')).toBe(1)
    expect(secondsOf(samples, ({ zone, answer }) => zone === 'neu' && answer === '1')).toBe(3)
  })

  test('gaps are those of one zone, whatever was asked', () => {
    const twice = [...samples, ...asked('weu', 'b', '1 1')].sort((a, b) => a.time - b.time)
    expect(gaps(twice)).toEqual([1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000])
    expect(gaps(twice.filter(({ time, zone }) => zone === 'weu' && time !== 2000))).toEqual([
      1000, 1000, 2000,
    ])
  })

  test('a person reads it with the time since a moment', () => {
    expect(show(flips(samples).slice(0, 1), 500)).toBe('+1.5 s  weu  a  NXDOMAIN')
  })
})

describe('a transfer of a zone', () => {
  const soa =
    'aks.example.com.\t60\tIN\tSOA\tns.aks.example.com. hostmaster.aks.example.com. 1 3600 600 86400 1'

  test('is its records, without what every zone has', () => {
    const answer = [
      soa,
      'aks.example.com.\t60\tIN\tNS\tns.aks.example.com.',
      'b.aks.example.com.\t300\tIN\tCNAME\ta.aks.example.com.',
      'a.aks.example.com.\t60\tIN\tA\t10.0.0.1',
      'sr-a.aks.example.com.\t0\tIN\tTXT\t"one two"',
      'ns.aks.example.com.\t60\tIN\tA\t127.0.0.1',
      '',
    ].join('\n')
    expect(parseTransfer(answer, 'aks.example.com')).toEqual([
      { name: 'a.aks.example.com', type: 'A', ttl: 60, data: '10.0.0.1' },
      { name: 'b.aks.example.com', type: 'CNAME', ttl: 300, data: 'a.aks.example.com' },
      { name: 'sr-a.aks.example.com', type: 'TXT', ttl: 0, data: '"one two"' },
    ])
  })

  test('that was refused is no empty zone', () => {
    expect(() => parseTransfer('; Transfer failed.\n', 'aks.example.com')).toThrow(
      'no transfer of aks.example.com: ; Transfer failed.',
    )
  })
})
