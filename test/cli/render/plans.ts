import type { PlanReport } from '../../../src/cli/render/plan/report.ts'
import type { ObjectChange, RecordChange } from '../../../src/engine/change.ts'
import { byKey } from '../../../src/lib/compare.ts'
import type { Place } from '../../../src/source/place.ts'

/** Made-up plans for the tests of the renderers. */

const domain = 'aks.example.com'
const routing = 'routing.router.io/v1alpha1'

const internal = `aks01-weu-internal.${domain}`
const external = `aks01-weu-external.${domain}`

export const route = (name: string, namespace = 'app1') => ({
  apiVersion: routing,
  kind: 'ServiceRoute',
  namespace,
  name,
})

const gateway = { apiVersion: routing, kind: 'Gateway', namespace: 'istio-system', name: 'internal' }

const places = new WeakMap<RecordChange, Place>()

interface Placed {
  readonly file?: string
  readonly line?: number
}

export const record = ({ file, line = 1, ...change }: Partial<RecordChange> & Placed): RecordChange => {
  const made = recordOf(change)
  if (file !== undefined) places.set(made, { file, line, column: 1 })
  return made
}

const recordOf = (change: Partial<RecordChange>): RecordChange => ({
  action: 'add',
  held: false,
  zone: 'weu',
  controller: 'external-dns-weu',
  name: `api-ns-p-prod-app1.${domain}`,
  type: 'CNAME',
  ttl: 300,
  targets: [internal],
  before: null,
  source: route('api'),
  reason: 'new',
  ...change,
  // Of a deletion, both say what goes.
  ...(change.action === 'delete'
    ? { before: { ttl: change.ttl === undefined ? 300 : change.ttl, targets: change.targets ?? [internal] } }
    : {}),
})

const neu = { zone: 'neu', controller: 'external-dns-neu' } as const

const endpoint = (
  name: string,
  labels: Record<string, string>,
  endpoints: readonly Pick<RecordChange, 'name' | 'type' | 'targets' | 'ttl'>[],
) => ({
  apiVersion: 'externaldns.k8s.io/v1alpha1',
  kind: 'DNSEndpoint',
  metadata: { name, namespace: 'app1', labels },
  spec: {
    endpoints: endpoints.map(({ name: dnsName, type, targets, ttl }) => ({
      dnsName,
      recordType: type,
      recordTTL: ttl,
      targets,
    })),
  },
})

const objectOf = (object: ReturnType<typeof endpoint>) => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  namespace: object.metadata.namespace,
  name: object.metadata.name,
})

const labels = { 'router.io/region': 'weu', 'router.io/controller': 'external-dns-weu' }

const newEndpoint = endpoint('api-external-dns-weu', labels, [record({})])
const docs = record({ name: `docs-ns-p-prod-app1.${domain}` })
const bareEndpoint = endpoint('docs-external-dns-weu', { ...labels, app: 'external-dns-weu' }, [docs])

const istio = (hosts: readonly string[]) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: { name: 'internal', namespace: 'istio-system' },
  spec: {
    selector: { istio: 'aks-istio-ingressgateway-internal' },
    servers: [{ port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts }],
  },
})

const istioRef = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  namespace: 'istio-system',
  name: 'internal',
}

const summarised = (
  records: readonly RecordChange[],
  more: Partial<Omit<PlanReport, 'placeOf'>> = {},
  unchanged = 12,
): PlanReport => {
  const count = (action: RecordChange['action']): number =>
    records.filter(change => change.action === action && !change.held).length
  return {
    timestamp: '2026-03-01T12:00:00Z',
    cluster: { cluster: 'aks01', region: 'weu', domain },
    applyable: true,
    complete: true,
    summary: {
      add: count('add'),
      change: count('change'),
      delete: count('delete'),
      unchanged: count('unchanged') + unchanged,
      held: records.filter(change => change.held).length,
    },
    records: records.toSorted(
      byKey(
        change => change.name,
        change => change.zone,
        change => change.controller,
        change => change.type,
      ),
    ),
    placeOf: change => places.get(change),
    objects: [],
    findings: [],
    ...more,
  }
}

const ordinaryObjects: readonly ObjectChange[] = [
  { action: 'create', ref: objectOf(newEndpoint), after: newEndpoint, reason: 'new' },
  {
    action: 'update',
    ref: objectOf(bareEndpoint),
    before: { ...bareEndpoint, metadata: { ...bareEndpoint.metadata, labels } },
    after: bareEndpoint,
    reason: 'labels',
  },
  {
    action: 'update',
    ref: istioRef,
    before: istio([`web-ns-p-prod-app1.${domain}`]),
    after: istio([`api-ns-p-prod-app1.${domain}`, `web-ns-p-prod-app1.${domain}`]),
    reason: 'spec',
  },
  { action: 'unchanged', ref: { apiVersion: 'v1', kind: 'Namespace', name: 'app1' }, reason: '' },
]

/** Two zones, every action, changes of TTL, target and type, addresses, and an object without a record. */
export const ordinary: PlanReport = summarised(
  [
    record({ ...neu, file: 'apps/api.yaml', line: 3 }),
    record({ file: 'apps/api.yaml', line: 3 }),
    record({
      ...neu,
      action: 'delete',
      name: `old-ns-p-prod-app1.${domain}`,
      source: route('old'),
      reason: 'ServiceRoute app1/old is gone',
    }),
    record({
      action: 'delete',
      name: `old-ns-p-prod-app1.${domain}`,
      source: route('old'),
      reason: 'ServiceRoute app1/old is gone',
    }),
    record({
      action: 'change',
      name: `shop-ns-p-prod-app1.${domain}`,
      targets: [internal],
      before: { ttl: 300, targets: [external] },
      source: route('shop'),
      reason: 'targets',
      file: 'deploy/production/app1/routes/shop.yaml',
      line: 118,
    }),
    record({
      action: 'change',
      name: `web-ns-p-prod-app1.${domain}`,
      before: { ttl: 60, targets: [internal] },
      source: route('web'),
      reason: 'ttl',
    }),
    record({ action: 'unchanged', name: docs.name, before: { ttl: 300, targets: [internal] } }),
    record({
      action: 'change',
      name: internal,
      type: 'A',
      ttl: 60,
      targets: ['10.123.45.68'],
      before: { ttl: null, targets: ['10.123.45.67'] },
      source: gateway,
      reason: 'targets',
    }),
    record({
      name: internal,
      type: 'AAAA',
      ttl: 60,
      targets: ['fd00::10:100:45:67', 'fd00::10:100:45:68', 'fd00::10:100:45:69', 'fd00::10:100:45:70'],
      source: gateway,
    }),
    record({
      action: 'delete',
      name: external,
      type: 'A',
      ttl: null,
      targets: ['20.1.2.3'],
      source: { ...gateway, name: 'external' },
      reason: 'Gateway istio-system/external has a load balancer with a host name now, no address any more',
    }),
    record({
      name: external,
      type: 'CNAME',
      ttl: 60,
      targets: ['a1b2c3.elb.example.net'],
      source: { ...gateway, name: 'external-2' },
    }),
  ],
  { objects: ordinaryObjects },
)

/** Held back: deletions and a target change, beside a deletion that goes through. */
export const held: PlanReport = summarised(
  [
    record({
      ...neu,
      action: 'delete',
      held: true,
      reason: '6 of 14 records would go or change by one edit of a platform resource',
    }),
    record({
      action: 'change',
      held: true,
      before: { ttl: 300, targets: [`aks01-neu-internal.${domain}`] },
      reason: '6 of 14 records would go or change by one edit of a platform resource',
    }),
    record({
      action: 'delete',
      name: `old-ns-p-prod-app1.${domain}`,
      source: null,
      reason: 'ServiceRoute app1/old is gone',
    }),
  ],
  {
    complete: false,
    applyable: false,
    findings: [
      {
        code: 'GatewayNotFound',
        severity: 'warning',
        message: 'Gateway istio-system/public is not there',
        hint: 'create it, or correct spec.gatewayName',
        resource: route('api'),
      },
    ],
  },
)

/** Several ExternalDNS instances in one region. */
export const sharedZone: PlanReport = summarised([
  record({ controller: 'external-dns-weu-a' }),
  record({ controller: 'external-dns-weu-b', ttl: null }),
  record(neu),
])

export const unchanged: PlanReport = summarised([record({ action: 'unchanged' })])

export const empty: PlanReport = { ...summarised([], {}, 0), cluster: undefined }

export const hostile = 'x\u001b[31m\u202e|<script>`@you`\n::error::]]>\u009b%0A'

/** Everything that can come from a file or the cluster tries to break out. */
export const hostilePlan: PlanReport = summarised(
  [
    record({
      action: 'delete',
      zone: hostile,
      controller: hostile,
      name: hostile,
      type: hostile,
      targets: [hostile, hostile],
      source: route(hostile, hostile),
      reason: hostile,
      file: hostile,
      line: 1,
    }),
    record({
      action: 'change',
      zone: hostile,
      controller: 'other',
      name: hostile,
      targets: [hostile],
      before: { ttl: 300, targets: [`${hostile}2`] },
      source: null,
    }),
  ],
  {
    cluster: { cluster: hostile, region: hostile, domain: hostile },
    objects: [
      {
        action: 'create',
        ref: { apiVersion: 'v1', kind: hostile, name: hostile },
        after: {
          apiVersion: 'v1',
          kind: hostile,
          metadata: { name: hostile, labels: { [hostile]: hostile } },
        },
        reason: hostile,
      },
    ],
    findings: [
      {
        code: hostile,
        severity: 'error',
        message: hostile,
        hint: hostile,
        resource: route(hostile, hostile),
        file: hostile,
        line: 1,
        column: 2,
      },
    ],
  },
)

/** As many records as asked for, in the order of the engine. */
export const large = (count: number): PlanReport =>
  summarised(
    Array.from({ length: count }, (_, index) => {
      const number = String(index >> 1).padStart(6, '0')
      return record({
        ...(index % 2 === 0 ? neu : {}),
        action: index % 6 < 2 ? 'change' : index % 6 === 2 ? 'delete' : 'add',
        name: `service-${number}-ns-p-prod-app1.${domain}`,
        before: index % 6 === 0 ? { ttl: 300, targets: [external] } : { ttl: 60, targets: [internal] },
        source: route(`service-${number}`),
        reason: index % 6 === 2 ? `ServiceRoute app1/service-${number} is gone` : 'new',
        file: `apps/service-${number}.yaml`,
        line: 1,
      })
    }),
  )

export const plans = { ordinary, held, sharedZone, unchanged, empty, hostilePlan }
