import { describe, expect, test } from 'bun:test'
import type { KubeObject } from '../../../src/api/object.ts'
import { joined } from '../../../src/cli/render/chunks.ts'
import { jsonText } from '../../../src/cli/render/json.ts'
import { statusData } from '../../../src/cli/render/status/data.ts'
import { frame } from '../../../src/cli/render/status/frame.ts'
import { statusText } from '../../../src/cli/render/status/text.ts'
import { statusWide } from '../../../src/cli/render/status/wide.ts'
import { plainStyle } from '../../../src/cli/render/style.ts'
import { type StatusKind, type StatusObjects, statusKinds } from '../../../src/cli/status/objects.ts'
import { type Filters, type StatusView, viewOf } from '../../../src/cli/status/view.ts'
import {
  applied,
  configuration,
  gateway,
  identity,
  object,
  policy,
  route,
  run,
  service,
  withStatuses,
} from '../../engine/build.ts'
import { goldens } from '../../lib/golden.ts'

const golden = goldens('render-status')
const now = '2026-01-05T03:04:05Z'
const made = { creationTimestamp: '2026-01-02T03:04:05Z' }

const inputs: readonly KubeObject[] = [
  identity({}, made),
  configuration({}, made),
  gateway('internal', {}, made),
  gateway('external', {}, { creationTimestamp: '2026-01-05T02:00:05Z' }),
  service(),
  object(
    'cluster.router.io/v1alpha1',
    'RegionFailover',
    { name: 'aks01-neu', ...made },
    { spec: { cluster: 'aks01', region: 'neu' } },
  ),
  policy('billing', { mode: 'RegionBound', sourceRegion: 'weu' }),
  policy('shop'),
  policy('standby', { sourceRegion: 'neu' }),
  route('billing', 'ledger', {}, made),
  route('billing', 'pay', { gatewayName: 'none' }, { creationTimestamp: '2026-01-05T03:03:00Z' }),
  route('shop', 'web', {}, made),
  route('shop', 'web-2', { serviceName: 'web' }, { creationTimestamp: '2026-01-04T03:04:05Z' }),
  route('standby', 'api', {}, made),
]

/** What the daemon has made of the inputs; ExternalDNS has read all but one DNSEndpoint. */
const world = (): StatusObjects => {
  const first = run(inputs)
  const current = applied(first).map(each => ({
    ...each,
    metadata: { ...each.metadata, generation: 1 },
    status: { observedGeneration: each.metadata.name === 'web-external-dns-weu' ? 0 : 1 },
  }))
  const all = [...withStatuses(inputs, run(inputs, current)), ...current]
  return byKind(all)
}

const byKind = (objects: readonly KubeObject[]): StatusObjects => {
  const of = (kind: StatusKind): readonly KubeObject[] =>
    objects.filter(each => each.kind === kind && each.apiVersion.startsWith(`${statusKinds[kind].group}/`))
  return {
    ServiceRoute: of('ServiceRoute'),
    DNSEndpoint: of('DNSEndpoint'),
    Gateway: of('Gateway'),
    ClusterIdentity: of('ClusterIdentity'),
    DNSConfiguration: of('DNSConfiguration'),
    RegionFailover: of('RegionFailover'),
  }
}

const all: Filters = { namespace: undefined, phase: undefined, zone: undefined }
const hostile = '\u001b[2J\u202e##[group]x'
const thousands: readonly KubeObject[] = Array.from({ length: 10_000 }, (_, index) =>
  object(
    'routing.router.io/v1alpha1',
    'ServiceRoute',
    { name: `r${index}`, namespace: `team-${index % 7}`, ...made },
    { status: { phase: index % 1_000 === 0 ? 'Error' : 'Active' } },
  ),
)

const views: Readonly<Record<string, StatusView>> = {
  ordinary: viewOf(world(), all),
  'of-a-namespace': viewOf(world(), { ...all, namespace: 'shop' }),
  'in-error': viewOf(world(), { ...all, phase: 'Error' }),
  'of-a-zone': viewOf(world(), { ...all, zone: 'neu' }),
  empty: viewOf(byKind([]), all),
  tenant: viewOf(
    {
      ...world(),
      DNSEndpoint: undefined,
      Gateway: undefined,
      ClusterIdentity: undefined,
      DNSConfiguration: undefined,
      RegionFailover: undefined,
    },
    all,
  ),
  yielded: viewOf(
    {
      ...world(),
      ClusterIdentity: [
        identity({}, made, {
          conditions: [
            { type: 'Ready', status: 'True', reason: 'ReconciliationSucceeded', message: '' },
            {
              type: 'Yielded',
              status: 'True',
              reason: 'Yielded',
              message: 'aks01-neu stands in for this cluster, with epoch 3',
            },
          ],
        }),
      ],
      ServiceRoute: [],
    },
    all,
  ),
  hostile: viewOf(
    byKind([
      object(
        'routing.router.io/v1alpha1',
        'ServiceRoute',
        { name: 'web', namespace: 'shop', creationTimestamp: hostile },
        {
          status: {
            phase: hostile,
            host: hostile,
            target: hostile,
            conditions: [
              null,
              7,
              { type: 'Ready', status: 'False', reason: hostile, message: `${hostile}\n::error::x` },
            ],
          },
        },
      ),
      object(
        'routing.router.io/v1alpha1',
        'Gateway',
        { name: 'gw', namespace: 'x' },
        { status: { addresses: [hostile, 7], hosts: 'x' } },
      ),
      object('cluster.router.io/v1alpha1', 'ClusterIdentity', { name: 'a' }, { spec: 'x', status: 'x' }),
      object(
        'cluster.router.io/v1alpha1',
        'DNSConfiguration',
        { name: 'a' },
        { spec: { externalDNSControllers: [null, { name: hostile, region: hostile }] } },
      ),
      object('cluster.router.io/v1alpha1', 'RegionFailover', { name: 'a' }, { status: { state: hostile } }),
    ]),
    all,
  ),
}

describe.each(Object.entries(views))('%s', (name, view) => {
  test('as text', () => golden(`${name}.txt`, joined(statusText(view, now, plainStyle))))
  test('as JSON', () => {
    const text = joined(jsonText(statusData(view)))
    expect(JSON.parse(text)).toMatchObject({
      formatVersion: '1.0',
      summary: { selected: view.routes.length },
    })
    golden(`${name}.json`, text)
  })
  test('wide', () => golden(`${name}-wide.txt`, joined(statusWide(view, now, plainStyle))))
})

test('text fits 80 columns', () => {
  for (const [name, view] of Object.entries(views)) {
    const long = joined(statusText(view, now, plainStyle))
      .split('\n')
      .filter(line => line.length > 80)
    if (name !== 'hostile') expect(long).toEqual([])
  }
})

test('colours', () =>
  golden('color.txt', joined(statusText(views.ordinary as StatusView, now, { color: true, width: 80 }))))

test('nothing hostile reaches a terminal', () => {
  const view = views.hostile as StatusView
  const text = [
    statusText(view, now, plainStyle),
    statusWide(view, now, plainStyle),
    jsonText(statusData(view)),
  ]
    .map(joined)
    .join('')
  expect(text).toContain('\\u001b[2J\\u202e')
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]|##\[|^\s*::/m)
})

test('of 10,000 routes the counts come first', () => {
  const view = viewOf({ ...byKind([]), ServiceRoute: thousands }, all)
  const lines = joined(statusText(view, now, plainStyle)).split('\n')
  expect(lines[1]).toBe('  routes    10000: 9990 Active, 10 Error')
  expect(lines.length).toBeGreaterThan(10_000)
})

describe('a frame of a terminal', () => {
  const text = 'a\nb\nc\nd\n'
  test('is written over the last one, and erases what was left of that', () => {
    expect(frame(text, 24, false)).toBe(
      `\u001b[?7l\u001b[H${['a', 'b', 'c', 'd'].map(line => `${line}\u001b[K\n`).join('')}\u001b[J\u001b[?7h`,
    )
  })
  test('clears the screen once', () => {
    expect(frame(text, 24, true)).toContain('\u001b[2J')
    expect(frame(text, 24, false)).not.toContain('\u001b[2J')
  })
  test('says how much does not fit', () => {
    const shown = frame(text, 4, false)
    expect(shown).toContain('a\u001b[K\nb\u001b[K\n… 2 more lines')
    expect(shown).not.toContain('c\u001b[K')
  })
})
