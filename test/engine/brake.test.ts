import { describe, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import {
  applied,
  changed,
  configuration,
  controllers,
  gateway,
  identity,
  policy,
  route,
  run,
  service,
} from './build.ts'

const was = {
  applied: { region: 'weu', cluster: 'aks01', domain: 'aks.example.com', environmentLetter: 'p' },
}

const cluster = (spec: object = {}, config: object = {}, routes = 12): KubeObject[] => [
  identity(spec, {}, was),
  configuration(config),
  gateway(),
  service(),
  policy('app', { mode: 'RegionBound' }),
  ...Array.from({ length: routes }, (_, i) => route('app', `r${i}`)),
]

const before = applied(run(cluster()))

interface Row {
  readonly what: string
  readonly inputs: readonly KubeObject[]
  readonly current?: readonly KubeObject[]
  /** add, change, delete, held */
  readonly counts: readonly [number, number, number, number]
}

const rows: readonly Row[] = [
  { what: 'nothing changed', inputs: cluster(), counts: [0, 0, 0, 0] },
  {
    what: 'another region: every target and the old addresses',
    inputs: cluster({ region: 'neu' }),
    counts: [2, 0, 0, 26],
  },
  {
    what: 'another region, and another address of the load balancer at once',
    inputs: [
      ...cluster({ region: 'neu' }).filter(o => o.kind !== 'Service'),
      service('internal', [{ ip: '10.0.0.9' }]),
    ],
    counts: [2, 0, 0, 26],
  },
  { what: 'another cluster name', inputs: cluster({ cluster: 'aks02' }), counts: [2, 0, 0, 26] },
  {
    what: 'another domain: new names beside the old',
    inputs: cluster({ domain: 'b.example.com' }),
    counts: [26, 0, 0, 26],
  },
  {
    what: 'another letter: every host has another name',
    inputs: cluster({ environmentLetter: 'q' }),
    counts: [24, 0, 0, 24],
  },
  {
    what: 'a controller gone',
    inputs: cluster({}, { externalDNSControllers: controllers('weu') }),
    counts: [0, 0, 0, 13],
  },
  {
    what: 'a controller gone of a region that has another one: all its records are, together, too many',
    inputs: cluster(
      {},
      {
        externalDNSControllers: [...controllers('weu', 'neu'), { name: 'second', region: 'neu' }].slice(0, 2),
      },
    ),
    current: applied(
      run(
        cluster(
          {},
          { externalDNSControllers: [...controllers('weu', 'neu'), { name: 'second', region: 'neu' }] },
        ),
      ),
    ),
    counts: [0, 0, 0, 13],
  },
  {
    what: 'a third by another name: what is added does not make it less, at the next pass',
    inputs: cluster(
      {},
      { externalDNSControllers: [...controllers('weu', 'neu'), { name: 'edns-frc', region: 'frc' }] },
    ),
    current: applied(run(cluster({}, { externalDNSControllers: controllers('weu', 'neu', 'frc') }))),
    counts: [13, 0, 0, 13],
  },
  {
    what: 'a controller that gets another region: its zone would be emptied',
    inputs: cluster(
      {},
      {
        externalDNSControllers: [
          { name: 'external-dns-weu', region: 'weu' },
          { name: 'external-dns-neu', region: 'frc' },
        ],
      },
    ),
    counts: [13, 0, 0, 13],
  },
  {
    what: 'few records: still held, because gateways lose their last address',
    inputs: cluster({}, { externalDNSControllers: controllers('weu') }, 1),
    current: applied(run(cluster({}, {}, 1))),
    counts: [0, 0, 0, 2],
  },
  {
    what: "an owner's edits at the same time pass",
    inputs: cluster({ region: 'neu' }, {}, 10),
    counts: [2, 0, 4, 22],
  },
  { what: 'every route removed by its owner', inputs: cluster({}, {}, 0), counts: [0, 0, 24, 0] },
  {
    what: 'a policy edited by its owner',
    inputs: [...cluster().filter(o => o.kind !== 'DNSPolicy'), policy('app', { sourceRegion: 'frc' })],
    counts: [0, 0, 24, 0],
  },
]

describe('the brake', () => {
  test.each(rows.map(row => [row.what, row] as const))('%s', (_, { inputs, current = before, counts }) => {
    const result = run(inputs, current)
    const { add, change, delete: gone, held } = result.plan.summary
    expect([add, change, gone, held]).toEqual([...counts])

    const held1 = applied(result, current)
    const again = run(inputs, held1)
    expect(again.plan.summary.held).toBe(held)
    expect(changed(again).filter(line => !line.startsWith('held'))).toEqual([])
    for (const record of result.plan.records.filter(r => r.held)) expect(record.reason).toContain('held back')

    const released = run(inputs, current, { allowDeletes: held })
    expect(released.plan.summary.held).toBe(0)
    expect(changed(run(inputs, applied(released, current)))).toEqual([])

    if (held > 0) expect(run(inputs, current, { allowDeletes: held - 1 }).plan.summary.held).toBe(held)
  })

  test('an object of ours that belongs to nobody is never deleted unasked', () => {
    const stray: KubeObject = {
      apiVersion: 'externaldns.k8s.io/v1alpha1',
      kind: 'DNSEndpoint',
      metadata: {
        name: 'stray',
        namespace: 'app',
        labels: { 'app.kubernetes.io/managed-by': 'service-router-operator', 'router.io/region': 'weu' },
      },
      spec: { endpoints: [{ dnsName: 'x.aks.example.com', recordType: 'A', targets: ['10.0.0.9'] }] },
    }
    const result = run(cluster(), [...before, stray])
    expect(changed(result)).toEqual(['held - weu x A 10.0.0.9'])
    expect(changed(run(cluster(), [...before, stray], { allowDeletes: 1 }))).toEqual(['- weu x A 10.0.0.9'])
  })

  test('an identity without memory, made again or taken over: the gateways of the records tell', () => {
    const anew = (spec: object) => cluster(spec).map(o => (o.kind === 'ClusterIdentity' ? identity(spec) : o))
    expect(run(anew({ region: 'neu' }), before).plan.summary).toMatchObject({ add: 2, delete: 0, held: 26 })
    expect(run(anew({ domain: 'b.example.com' }), before).plan.summary).toMatchObject({ delete: 0, held: 26 })
    expect(run(anew({}), before).plan.summary).toMatchObject({ add: 0, change: 0, delete: 0, held: 0 })
    expect(run(anew({ region: 'neu' })).plan.summary.held).toBe(0)
  })

  test('what was held back stays so when other records dilute the share', () => {
    const conditions = [{ type: 'BrakeTripped', status: 'True', reason: 'BrakeTripped', message: '' }]
    const with2 = (name: string) => ({
      externalDNSControllers: [...controllers('weu', 'neu'), { name, region: 'neu' }],
    })
    const inputs = (status: object) => [
      identity({}, {}, { ...was, ...status }),
      ...cluster({}, {}, 12)
        .slice(1)
        .filter(o => o.kind !== 'DNSPolicy'),
      policy('app', { sourceRegion: 'weu' }),
    ]
    const few = applied(
      run([...inputs({}).filter(o => o.kind !== 'DNSConfiguration'), configuration(with2('second'))]),
    )
    expect(run(inputs({}), few).plan.summary).toMatchObject({ delete: 1, held: 0 })
    expect(run(inputs({ conditions }), few).plan.summary).toMatchObject({ delete: 0, held: 1 })
    expect(run(inputs({ conditions }), few, { allowDeletes: 1 }).plan.summary).toMatchObject({
      delete: 1,
      held: 0,
    })
  })
})
