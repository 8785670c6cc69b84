import { expect, test } from 'bun:test'
import { refuse } from '../../src/cli/failover/refuse.ts'
import {
  type Cluster,
  cluster,
  edit,
  engage,
  failover,
  model,
  pass,
  settle,
} from '../engine/failover/model.ts'

/** Why this cluster would not stand in for aks01-weu, were it engaged. */
const refusal = (neu: Cluster, dns: ReturnType<typeof model>): string | undefined => {
  engage(neu)
  const reconciliation = pass(dns, neu)
  const [standIn] = reconciliation.evaluation.standIns
  if (standIn === undefined) throw new Error('it has no RegionFailover in order')
  try {
    refuse({ me: neu.name, reconciliation }, standIn, false)
    return undefined
  } catch (thrown) {
    return (thrown as Error).message
  }
}

const both = () => {
  const dns = model('weu', 'neu')
  const weu = cluster(dns, 'weu', '10.1.0.1', { standIns: ['aks01-neu'] })
  const neu = cluster(dns, 'neu', '10.2.0.1', { standsInFor: ['aks01-weu'] })
  settle(dns, weu, neu)
  return { dns, weu, neu }
}

test('nothing is in the way', () => {
  const { dns, neu } = both()
  expect(refusal(neu, dns)).toBeUndefined()
})

test('its RegionFailover is being deleted: it would be switched on in vain', () => {
  const { dns, weu, neu } = both()
  engage(neu)
  settle(dns, weu, neu)
  edit(neu, 'RegionFailover', each => ({
    ...each,
    metadata: { ...each.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
  }))
  expect(refusal(neu, dns)).toContain('is being deleted')
})

test('no Gateway has an address', () => {
  const { dns, neu } = both()
  edit(neu, 'Service', each => ({ ...each, status: { loadBalancer: {} } }))
  expect(refusal(neu, dns)).toContain('no Gateway of this cluster has an address')
})

test('it is claimed itself, or another holds the claim', () => {
  const dns = model('weu', 'neu', 'frc')
  const weu = cluster(dns, 'weu', '10.1.0.1', { standIns: ['aks01-neu', 'aks01-frc'] })
  const neu = cluster(dns, 'neu', '10.2.0.1', { standsInFor: ['aks01-weu'], standIns: ['aks01-frc'] })
  const frc = cluster(dns, 'frc', '10.3.0.1', { standsInFor: ['aks01-weu'] })
  settle(dns, weu, neu, frc)
  engage(frc)
  settle(dns, weu, neu, frc)
  expect(refusal(neu, dns)).toContain('aks01-frc holds the claim')
  frc.inputs = [...frc.inputs, failover('aks01-neu', { engage: true })]
  settle(dns, weu, frc)
  edit(neu, 'RegionFailover', ({ status: _, ...each }) => each)
  expect(refusal(neu, dns)).toContain('this cluster is itself claimed, by aks01-frc')
})

test('a record of another type would stay behind', () => {
  const dns = model('weu', 'neu')
  const weu = cluster(dns, 'weu', '10.1.0.1,fd00::1', { standIns: ['aks01-neu'] })
  const neu = cluster(dns, 'neu', '10.2.0.1', { standsInFor: ['aks01-weu'] })
  settle(dns, weu, neu)
  expect(refusal(neu, dns)).toStartWith('RecordTypeMismatch: ')
})
