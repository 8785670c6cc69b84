import { expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import { createRoutesIndex } from '../../src/daemon/routes-index.ts'
import { createStore, type StoredKind, storedKindOf } from '../../src/daemon/store.ts'
import { createTaker } from '../../src/daemon/taker.ts'
import { workFor } from '../../src/daemon/work.ts'
import { configuration, gateway, identity, namespace, policy, route, service } from '../engine/build.ts'

const managed = { 'app.kubernetes.io/managed-by': 'service-router-operator' }
const endpoint = (
  labels: Readonly<Record<string, string>>,
  more: Partial<KubeObject['metadata']> = {},
): KubeObject => ({
  apiVersion: 'externaldns.k8s.io/v1alpha1',
  kind: 'DNSEndpoint',
  metadata: { name: 'e', namespace: 'app', generation: 1, labels, ...more },
  spec: {
    endpoints: [
      {
        dnsName:
          labels['router.io/istio-controller'] === undefined ? 'other-ns-p-prod-app.x' : 'aks01-weu-p.x',
        recordType: 'CNAME',
        targets: ['t'],
      },
    ],
  },
})
const ofRoute = (name: string) => ({ 'router.io/serviceroute': name, ...managed })
const ofGateway = {
  'router.io/resource-type': 'gateway-service',
  'router.io/istio-controller': 'i',
  'router.io/target-postfix': 'p',
  ...managed,
}
const istio: KubeObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: { name: 'internal', namespace: 'istio-system', generation: 1 },
}
const versioned = (object: KubeObject, generation: number): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, generation },
})
const withStatus = (object: KubeObject): KubeObject => ({ ...versioned(object, 1), status: { phase: 'x' } })

type Row = readonly [
  what: string,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  work: string,
]

/** In the namespace there are the routes api and other, which wants the host that api had. */
const rows: readonly Row[] = [
  ['a route is created', undefined, route('app', 'api'), 'app/api; soon'],
  [
    'a route is deleted: who wants its host follows',
    route('app', 'api', { serviceName: 'other' }),
    undefined,
    'app/api app/other; soon',
  ],
  [
    'a route gets another host',
    route('app', 'api', { serviceName: 'other' }),
    route('app', 'api'),
    'app/api app/other; soon',
  ],
  ['a policy', undefined, policy('app'), 'app/api app/other; soon'],
  ['a policy of a namespace without routes', policy('b'), undefined, '; soon'],
  ['the labels of a namespace', namespace('app'), namespace('app', { a: 'b' }), 'app/api app/other;'],
  ['something else of a namespace', namespace('app', { a: 'b' }), namespace('app', { a: 'b' }), ';'],
  ['a namespace is deleted', namespace('app'), undefined, 'app/api app/other;'],
  [
    'the DNSEndpoint of a route',
    endpoint(ofRoute('api')),
    endpoint(ofRoute('api'), { generation: 2 }),
    'app/api app/other;',
  ],
  ['its status', endpoint(ofRoute('api')), withStatus(endpoint(ofRoute('api'))), 'app/api app/other;'],
  ['the DNSEndpoint of a route that is gone', undefined, endpoint(ofRoute('gone')), '; soon'],
  [
    'a DNSEndpoint that passes from one route to another',
    endpoint(ofRoute('gone')),
    endpoint(ofRoute('api')),
    'app/api app/other; soon',
  ],
  ['the DNSEndpoint of a gateway', endpoint(ofGateway), endpoint(ofGateway, { generation: 2 }), '; now'],
  ['its status', endpoint(ofGateway), withStatus(endpoint(ofGateway)), '; soon'],
  ['its deletion begins', endpoint(ofGateway), endpoint(ofGateway, { deletionTimestamp: 'x' }), '; now'],
  ['a DNSEndpoint with our label and no cause', undefined, endpoint(managed), '; now'],
  ["somebody else's DNSEndpoint", undefined, endpoint({}), '; soon'],
  [
    "somebody else's that has the label of a route",
    undefined,
    endpoint({ 'router.io/serviceroute': 'api' }),
    '; soon',
  ],
  ['a DNSEndpoint that is taken from us', endpoint(ofRoute('api')), endpoint({}), 'app/api app/other; soon'],
  ['a Service', service(), service('internal', []), '; now'],
  ['a Gateway', gateway(), versioned(gateway(), 2), '; now'],
  ['its status', versioned(gateway(), 1), withStatus(gateway()), '; soon'],
  [
    'its annotations',
    versioned(gateway(), 1),
    versioned(gateway('internal', {}, { annotations: { a: 'b' } }), 1),
    '; now',
  ],
  [
    'the same Gateway made anew',
    versioned(gateway('internal', {}, { uid: 'a' }), 1),
    versioned(gateway('internal', {}, { uid: 'b' }), 1),
    '; now',
  ],
  ['a ClusterIdentity', undefined, identity(), '; now'],
  ['its status', versioned(identity(), 1), withStatus(identity()), '; soon'],
  ['a DNSConfiguration', configuration(), undefined, '; now'],
  ['an Istio Gateway', istio, versioned(istio, 2), '; now'],
  ['its status', istio, withStatus(istio), '; soon'],
]

for (const [what, before, after, work] of rows) {
  const object = after ?? before
  test(`${object?.kind}: ${what} → ${work}`, () => {
    const store = createStore()
    const index = createRoutesIndex()
    const taker = createTaker(store, index)
    for (const name of ['api', 'other']) taker.put(route('app', name))
    const kind = storedKindOf(object ?? istio) as StoredKind
    const { routes = [], full = '' } = workFor(kind, before, after, index)
    expect(`${[...new Set(routes)].sort().join(' ')};${full === '' ? '' : ` ${full}`}`).toBe(work)
  })
}
