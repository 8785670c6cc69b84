import { expect, test } from 'bun:test'
import fc from 'fast-check'
import type { KubeObject } from '../../../src/api/object.ts'
import { statuses } from '../../../src/engine/statuses/index.ts'
import { type Cluster, cluster, engage, externalDNS, type Model, model, pass, settle } from './model.ts'

/** Whatever others have written into statuses, annotations, labels and zones: the engine says what it can, and never throws. */

const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    0,
    -1,
    1e15,
    1.5,
    '',
    'Engaged',
    'Releasing',
    'Withdrawn',
    'Claiming',
    [],
    {},
    [null],
    [[]],
    [1],
    ['x'],
    true,
  ),
  fc.constantFrom<unknown>(
    [{ region: null }],
    [{ region: 'weu', redirected: 'yes', contendedAt: 5 }],
    [{ zone: 'weu', name: 'x' }],
    [{ zone: 'weu', name: 'x', type: 'A', targets: null }],
    [{ zone: 1, name: {}, type: [], targets: ['a', 1] }],
    { holder: 'aks01-neu', epoch: 1e15 },
    { holder: 'aks01-neu', epoch: -1 },
    { holder: 'aks01-neu', epoch: 0.5 },
    { holder: 'aks01-neu', epoch: '1' },
    { holder: 7, epoch: 1 },
    { region: 5 },
  ),
)
const fields = [
  'state',
  'epoch',
  'zones',
  'postfixes',
  'missingPostfixes',
  'history',
  'yielded',
  'orphaned',
  'applied',
  'addresses',
  'conditions',
  'phase',
  'observedGeneration',
]
const status = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 'x', 5, []) },
  { weight: 5, arbitrary: fc.dictionary(fc.constantFrom(...fields), junk, { maxKeys: 4 }) },
)
const text = fc.constantFrom(
  '',
  'x',
  'aks01-weu',
  'aks01-neu',
  '999999999999999',
  '1000000000000000',
  'yesterday',
  '2999-01-01T00:00:00Z',
  'held-e1.aks01-neu.srouter-claim.aks.example.com',
  'held-e999999999999999.aks01-neu.srouter-claim.aks.example.com',
  'released-e9.x.srouter-claim.aks.example.com',
)
const keys = [
  'router.io/reclaim-epoch',
  'router.io/yielded',
  'router.io/claimed-at',
  'router.io/region-failover',
  'router.io/region',
  'router.io/target-postfix',
  'router.io/resource-type',
  'router.io/serviceroute',
]
const texts = fc.dictionary(fc.constantFrom(...keys), text, { maxKeys: 2 })

const vandalised = fc.record({
  isEngaged: fc.boolean(),
  statuses: fc.array(fc.tuple(fc.nat(5), status), { maxLength: 4 }),
  annotations: fc.array(fc.tuple(fc.nat(30), texts), { maxLength: 3 }),
  labels: fc.array(fc.tuple(fc.nat(30), texts), { maxLength: 2 }),
  records: fc.array(fc.tuple(fc.constantFrom('weu', 'neu'), fc.nat(30), fc.array(text, { maxLength: 2 })), {
    maxLength: 3,
  }),
})

const spoil = (
  dns: Model,
  clusters: readonly Cluster[],
  damage: typeof vandalised extends fc.Arbitrary<infer T> ? T : never,
) => {
  for (const each of clusters) {
    const at = (kind: 'annotations' | 'labels', index: number) => {
      const found = damage[kind].filter(([n]) => n === index).map(([, value]) => value)
      return Object.assign({}, ...found) as Record<string, string>
    }
    const marked = (object: KubeObject, index: number): KubeObject => ({
      ...object,
      metadata: {
        ...object.metadata,
        annotations: { ...object.metadata.annotations, ...at('annotations', index) },
        labels: { ...object.metadata.labels, ...at('labels', index) },
      },
    })
    each.inputs = each.inputs.map((object, index) => {
      const found = damage.statuses.find(([n]) => n === index)
      const next = object.kind === 'Service' ? object : marked(object, index)
      return found === undefined ? next : { ...next, status: found[1] }
    })
    each.current = each.current.map((object, index) => marked(object, index + 6))
  }
  for (const [region, index, targets] of damage.records) {
    const zone = dns.zones.get(region)
    const key = [...(zone?.keys() ?? [])][index]
    if (key !== undefined) zone?.set(key, targets)
  }
}

test('nothing that others write makes it throw, or write without end', () => {
  fc.assert(
    fc.property(vandalised, damage => {
      const dns = model('weu', 'neu')
      const weu = cluster(dns, 'weu', '10.1.0.1', { standIns: ['aks01-neu'] })
      const neu = cluster(dns, 'neu', '10.2.0.1', { standsInFor: ['aks01-weu'] })
      if (damage.isEngaged) engage(neu)
      settle(dns, weu, neu)
      spoil(dns, [weu, neu], damage)
      for (let round = 0; round < 12; round++) {
        dns.now += 61_000
        for (const each of [weu, neu]) {
          pass(dns, each)
          externalDNS(dns, each)
        }
      }
      for (const each of [weu, neu]) {
        const result = pass(dns, each)
        const changes = result.plan.objects.filter(({ action }) => action !== 'unchanged')
        expect(changes.map(({ action, ref, reason }) => `${action} ${ref.name} ${reason}`)).toEqual([])
        for (const { status } of statuses(result)) expect(JSON.stringify(status)).not.toContain('NaN')
      }
    }),
    { numRuns: Number(process.env.SROUTER_TEST_RUNS ?? 40) },
  )
}, 600_000)
