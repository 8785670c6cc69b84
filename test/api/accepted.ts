import type { KubeObject } from '../../src/api/object.ts'
import { defaultSettings } from '../../src/engine/snapshot.ts'
import { fieldTable, shown, specWith } from './field-table.ts'
import {
  configuration,
  expression,
  failover,
  gateway,
  identity,
  letters,
  longestDomain,
  platform,
  policy,
  route,
  selects,
  txtPrefix,
} from './manifests.ts'

/** What must be accepted, by `validate` and by the API server: the other half of rejected.ts. */
export interface AcceptedRow {
  readonly what: string
  readonly kind: string
  readonly object: KubeObject
  readonly beside?: readonly KubeObject[]
  /** The code of the warning that `validate` has all the same. */
  readonly warning?: string
}

type Good = Omit<AcceptedRow, 'kind'>

/** As the earlier operator's users have them in their repositories. */
const earlierOperator: readonly Good[] = [
  {
    what: 'a ClusterIdentity of the earlier operator',
    object: {
      apiVersion: 'cluster.router.io/v1alpha1',
      kind: 'ClusterIdentity',
      metadata: { name: 'cluster-identity' },
      spec: {
        region: 'weu',
        cluster: 'aks01',
        domain: 'example.com',
        environmentLetter: 'p',
        adoptsRegions: ['frc'],
      },
    },
    beside: [
      configuration({
        externalDNSControllers: [
          { name: 'external-dns-weu', region: 'weu' },
          { name: 'external-dns-frc', region: 'frc' },
        ],
      }),
    ],
  },
  {
    what: 'a DNSConfiguration of the earlier operator',
    object: {
      apiVersion: 'cluster.router.io/v1alpha1',
      kind: 'DNSConfiguration',
      metadata: { name: 'dns-config' },
      spec: {
        externalDNSControllers: [
          { name: 'external-dns-weu', region: 'weu' },
          { name: 'external-dns-neu', region: 'neu' },
        ],
      },
    },
  },
  {
    what: 'a Gateway of the earlier operator',
    object: {
      apiVersion: 'routing.router.io/v1alpha1',
      kind: 'Gateway',
      metadata: { name: 'default-gateway-ingress', namespace: 'istio-system' },
      spec: {
        controller: 'aks-istio-ingressgateway-internal',
        credentialName: 'cert-aks-ingress',
        targetPostfix: 'external',
      },
    },
  },
  {
    what: 'a DNSPolicy of the earlier operator',
    object: {
      apiVersion: 'routing.router.io/v1alpha1',
      kind: 'DNSPolicy',
      metadata: { name: 'myapp-dns', namespace: 'myapp' },
      spec: { mode: 'RegionBound', sourceRegion: 'weu', sourceCluster: 'aks01' },
    },
  },
  { what: 'a DNSPolicy with an empty spec', object: { ...policy(), spec: {} } },
  { what: 'a DNSPolicy without a spec', object: { ...policy(), spec: undefined } },
  { what: 'a DNSPolicy whose spec is null', object: { ...policy(), spec: null } },
  { what: 'a DNSPolicy whose source is ""', object: policy({ sourceRegion: '', sourceCluster: '' }) },
  { what: 'a DNSPolicy whose source is null', object: policy({ sourceRegion: null, sourceCluster: null }) },
  {
    what: 'a ServiceRoute of the earlier operator',
    object: {
      apiVersion: 'routing.router.io/v1alpha1',
      kind: 'ServiceRoute',
      metadata: { name: 'myapp', namespace: 'myapp' },
      spec: {
        serviceName: 'myapp',
        gatewayName: 'default-gateway-ingress',
        gatewayNamespace: 'istio-system',
        environment: 'prod',
        application: 'myapp',
      },
    },
    warning: 'GatewayNotFound',
  },
  {
    what: 'a ServiceRoute whose gatewayNamespace is ""',
    object: route({ gatewayNamespace: '' }),
    beside: [
      ...platform.filter(object => object.kind !== 'Gateway'),
      gateway({}, undefined, defaultSettings.defaultGatewayNamespace),
    ],
  },
  {
    what: 'objects with what kustomize and kubectl add',
    object: {
      ...identity(),
      metadata: {
        name: 'cluster-identity',
        labels: { 'app.kubernetes.io/managed-by': 'kustomize' },
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
      },
    },
  },
  {
    what: 'a status as the earlier operator stored it',
    object: {
      ...policy(),
      status: {
        phase: 'Inactive',
        active: false,
        activeControllers: [],
        conditions: [
          {
            type: 'Ready',
            status: 'False',
            reason: 'PolicyInactive',
            message: '',
            lastTransitionTime: '2025-01-31T12:00:00Z',
          },
        ],
      },
    },
  },
]

/** The last value that still passes, of each rule that has a limit. */
const limits: readonly Good[] = [
  {
    what: 'cluster and region of 60 characters',
    object: identity({ cluster: letters(30), region: letters(30) }),
  },
  {
    what: 'cluster and region of 48 characters, with standIns',
    object: identity({ cluster: letters(24), region: letters(24), standIns: ['aks01-neu'] }),
  },
  {
    what: 'cluster and region of 60 characters, with standIns that are empty',
    object: identity({ cluster: letters(30), region: letters(30), standIns: [] }),
  },
  { what: 'a host label of 63 characters', object: route({ serviceName: letters(48) }), beside: platform },
  {
    what: 'a host name of 253 characters',
    object: route({ serviceName: 'a', environment: 'b', application: 'c' }),
    beside: [identity({ domain: longestDomain })],
    warning: 'GatewayNotFound',
  },
  {
    what: 'a host whose ownership record has a label of 63 characters',
    object: route({ serviceName: letters(37) }),
    beside: [identity(), txtPrefix('edns-'), gateway(), policy()],
  },
  {
    what: 'a target label of 63 characters',
    object: gateway({ targetPostfix: letters(40) }),
    beside: [identity({ cluster: letters(11), region: letters(10) }), configuration()],
  },
]

const rest: readonly Good[] = [
  {
    what: 'several controllers for a region',
    object: configuration({
      externalDNSControllers: [
        { name: 'external-dns-weu-a', region: 'weu' },
        { name: 'external-dns-weu-b', region: 'weu' },
      ],
    }),
  },
  {
    what: 'an adopted region that no controller names',
    object: identity({ adoptsRegions: ['frc'] }),
    beside: [configuration()],
    warning: 'AdoptedRegionNotFound',
  },
  {
    what: 'RegionBound without a source',
    object: policy({ mode: 'RegionBound' }),
    warning: 'RegionBoundWithoutSource',
  },
  {
    what: 'a probe in mode Manual, which only tells',
    object: failover({ probe: { scheme: 'TCP', port: 443 } }),
  },
  {
    what: 'an automatic failover with everything',
    object: failover({
      mode: 'Automatic',
      probe: { scheme: 'HTTPS', host: 'shop.example.com', port: 443, path: '/healthz', intervalSeconds: 10 },
      witnesses: [
        { scheme: 'HTTPS', host: 'one.example.com' },
        { scheme: 'TCP', host: '10.0.0.1', port: 53, failureThreshold: 1 },
      ],
      failback: 'Automatic',
      holdDownSeconds: 300,
    }),
  },
  { what: 'a selector', object: selects({ matchLabels: { team: 'a' } }) },
  { what: 'an empty selector', object: selects({}) },
  { what: 'Exists without values', object: expression('Exists') },
  { what: 'DoesNotExist with an empty list', object: expression('DoesNotExist', []) },
  { what: 'namespaces without from', object: gateway({ allowedRoutes: { namespaces: {} } }) },
  {
    what: 'two Gateways that share controller and postfix',
    object: gateway({}, 'second'),
    beside: [identity(), configuration(), gateway()],
  },
  { what: 'a route with everything', object: route(), beside: platform },
]

const goodFields: readonly Good[] = fieldTable.flatMap(row =>
  [...row.accept, ...(row.required === undefined && !row.field.endsWith('.0') ? [null] : [])].map(value => ({
    what: `${row.field}: ${shown(value)}`,
    object: specWith(row, value),
  })),
)

export const accepted: readonly AcceptedRow[] = [...earlierOperator, ...limits, ...rest, ...goodFields].map(
  row => ({
    ...row,
    kind: row.object.kind,
  }),
)
