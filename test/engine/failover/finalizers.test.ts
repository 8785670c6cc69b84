import { expect, test } from 'bun:test'
import { needsFinalizer } from '../../../src/engine/failover/finalizers.ts'
import { cluster, engage, model, pass, settle } from './model.ts'

/** Without its finalizer a claim could be left behind for good, so it is what waits where that cannot be written. */
test('claims and stand-in records wait for the finalizer, and nothing else does', () => {
  const dns = model('weu', 'neu')
  const neu = cluster(dns, 'neu', '10.2.0.1', { standsInFor: ['aks01-weu'] })
  const first = pass(dns, neu)
  expect(first.plan.objects.filter(needsFinalizer)).toEqual([])
  settle(dns, neu)
  engage(neu)
  const { plan, finalizers } = pass(dns, neu)
  expect(finalizers.map(({ action }) => action)).toEqual(['add'])
  const waiting = plan.objects.filter(needsFinalizer).map(({ ref }) => ref.name)
  expect(waiting).toEqual([
    'srouter-claim-aks01-weu-external-dns-neu',
    'srouter-claim-aks01-weu-external-dns-weu',
  ])
  expect(plan.objects.filter(({ action }) => action !== 'unchanged')).toHaveLength(waiting.length)
})
