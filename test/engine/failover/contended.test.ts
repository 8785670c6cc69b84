import { describe, expect, test } from 'bun:test'
import {
  type Cluster,
  cluster,
  conditionOf,
  engage,
  externalDNS,
  type Model,
  model,
  pass,
  settle,
} from './model.ts'

/** The home cluster's API server is dead, and its ExternalDNS goes on with what it read last. */
describe('a region that publishes its old addresses', () => {
  const minute = 60_000
  const told = (neu: Cluster) => conditionOf(neu, 'RegionFailover', 'Contended')
  const start = (): { dns: Model; weu: Cluster; neu: Cluster } => {
    const dns = model('weu', 'neu')
    const weu = cluster(dns, 'weu', '10.1.0.1', { standIns: ['aks01-neu'] })
    const neu = cluster(dns, 'neu', '10.2.0.1', { standsInFor: ['aks01-weu'] })
    settle(dns, weu, neu)
    engage(neu)
    return { dns, weu, neu }
  }

  test('before the records are published it is no contention that the addresses are the old ones', () => {
    const { dns, weu, neu } = start()
    pass(dns, neu)
    externalDNS(dns, neu)
    pass(dns, neu)
    externalDNS(dns, weu)
    pass(dns, neu)
    expect(told(neu)).toBe('False NotContended')
  })

  test('a zone that goes back is contended, until five minutes after the last time', () => {
    const { dns, weu, neu } = start()
    settle(dns, neu)
    expect(told(neu)).toBe('False NotContended')
    externalDNS(dns, weu)
    pass(dns, neu)
    expect(told(neu)).toBe('True Contended')
    dns.now += 4 * minute
    externalDNS(dns, weu)
    pass(dns, neu)
    externalDNS(dns, neu)
    dns.now += 4 * minute
    pass(dns, neu)
    expect(told(neu)).toBe('True Contended')
    dns.now += minute
    pass(dns, neu)
    expect(told(neu)).toBe('False NotContended')
  })

  test('a zone that says nothing for a while is none', () => {
    const { dns, neu } = start()
    settle(dns, neu)
    dns.silent.add('weu')
    pass(dns, neu)
    dns.silent.delete('weu')
    pass(dns, neu)
    expect(told(neu)).toBe('False NotContended')
  })
})
