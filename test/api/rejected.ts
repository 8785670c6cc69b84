import type { KubeObject } from '../../src/api/object.ts'
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
  specless,
  txtPrefix,
  valid,
} from './manifests.ts'

/**
 * What is refused, and by whom. One table for both: `validate`, offline, and the API server with our CRDs, so that
 * the two cannot drift apart.
 */
export interface RejectedRow {
  readonly what: string
  readonly kind: string
  readonly object: KubeObject
  /** What is there already, in both the cluster and the files; accepted by itself. */
  readonly beside?: readonly KubeObject[]
  /** `validate` has at least one error finding of this code at `object`. */
  readonly offline: true
  readonly code: string
  /** What of the API server refuses `object`: `name` is a CEL rule about its name, which no schema of a spec has; or only `validate` can, and why. */
  readonly server: 'schema' | 'cel' | 'name' | { readonly only: 'validate'; readonly why: string }
}

const across = { only: 'validate', why: 'it takes more than one object to see' } as const
const dropped = {
  only: 'validate',
  why: 'the API server drops unknown fields; only strict field validation, as kubectl asks for, refuses them',
} as const

type Rule = Omit<RejectedRow, 'kind' | 'offline'>

const clusterRules: readonly Rule[] = [
  {
    what: 'cluster and region that leave no room for a postfix',
    object: identity({ cluster: letters(31), region: letters(30) }),
    code: 'InvalidSpec',
    server: 'cel',
  },
  {
    what: 'cluster and region that leave no room for a claim, with standIns',
    object: identity({ cluster: letters(25), region: letters(24), standIns: ['aks01-neu'] }),
    code: 'InvalidSpec',
    server: 'cel',
  },
  {
    what: 'a cluster that stands in for itself',
    object: identity({ standIns: ['aks01-neu', 'aks01-weu'] }),
    code: 'InvalidSpec',
    server: 'cel',
  },
  {
    what: 'two ClusterIdentities',
    object: identity({}, 'second'),
    beside: [identity()],
    code: 'SingletonViolation',
    server: across,
  },
  {
    what: 'two DNSConfigurations',
    object: configuration({}, 'second'),
    beside: [configuration()],
    code: 'SingletonViolation',
    server: across,
  },
  {
    what: 'two controllers of one name',
    object: configuration({
      externalDNSControllers: [
        { name: 'external-dns', region: 'weu' },
        { name: 'external-dns', region: 'neu' },
      ],
    }),
    code: 'InvalidSpec',
    server: 'schema',
  },
]

const failoverRules: readonly Rule[] = [
  {
    what: 'a name that is not {cluster}-{region}',
    object: failover({}, 'neu'),
    code: 'InvalidSpec',
    server: 'name',
  },
  {
    what: 'cluster and region that leave no room for a claim',
    object: failover({ cluster: letters(25), region: letters(24) }, `${letters(25)}-${letters(24)}`),
    code: 'InvalidSpec',
    server: 'cel',
  },
  ...(
    [
      ['mode Automatic without a probe', { mode: 'Automatic', witnesses: [{ host: 'a.example.com' }] }],
      ['mode Observe without a probe', { mode: 'Observe', witnesses: [{ host: 'a.example.com' }] }],
      ['mode Automatic without witnesses', { mode: 'Automatic', probe: { host: 'a.example.com' } }],
      ['no witness in the list', { mode: 'Automatic', probe: { host: 'a.example.com' }, witnesses: [] }],
      ['a probe over HTTPS without a host', { probe: {} }],
      ['a probe over HTTP without a host', { probe: { scheme: 'HTTP', port: 8080 } }],
      ['a probe over TCP without a port', { probe: { scheme: 'TCP' } }],
      [
        'a caBundle over HTTP',
        {
          probe: {
            scheme: 'HTTP',
            host: 'a',
            caBundle: '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n',
          },
        },
      ],
      ['a witness without a host', { witnesses: [{ scheme: 'TCP', port: 53 }] }],
      ['a witness over TCP without a port', { witnesses: [{ scheme: 'TCP', host: '10.0.0.1' }] }],
    ] as const
  ).map(([what, spec]): Rule => ({ what, object: failover(spec), code: 'InvalidSpec', server: 'cel' })),
  {
    what: 'a RegionFailover for this cluster itself',
    object: failover({ region: 'weu' }, 'aks01-weu'),
    beside: [identity()],
    code: 'InvalidSpec',
    server: across,
  },
]

const gatewayRules: readonly Rule[] = [
  {
    what: 'from: Selector without a selector',
    object: selects(undefined),
    code: 'InvalidSpec',
    server: 'cel',
  },
  { what: 'a selector with from: All', object: selects({}, 'All'), code: 'InvalidSpec', server: 'cel' },
  { what: 'a selector with from: Same', object: selects({}, 'Same'), code: 'InvalidSpec', server: 'cel' },
  {
    what: 'a selector without from',
    object: gateway({ allowedRoutes: { namespaces: { selector: {} } } }),
    code: 'InvalidSpec',
    server: 'cel',
  },
  { what: 'In with an empty list', object: expression('In', []), code: 'InvalidSpec', server: 'cel' },
  { what: 'NotIn without values', object: expression('NotIn'), code: 'InvalidSpec', server: 'cel' },
  { what: 'Exists with values', object: expression('Exists', ['a']), code: 'InvalidSpec', server: 'cel' },
  {
    what: 'DoesNotExist with values',
    object: expression('DoesNotExist', ['a']),
    code: 'InvalidSpec',
    server: 'cel',
  },
  {
    what: 'one postfix for two controllers',
    object: gateway({ controller: 'another' }, 'later'),
    beside: [identity(), configuration(), gateway()],
    code: 'TargetConflict',
    server: across,
  },
  {
    what: 'a target label of 64 characters',
    object: gateway({ targetPostfix: letters(41) }),
    beside: [identity({ cluster: letters(11), region: letters(10) }), configuration()],
    code: 'InvalidSpec',
    server: across,
  },
  {
    what: 'a target name of 254 characters',
    object: gateway({ targetPostfix: letters(1) }),
    beside: [identity({ domain: longestDomain })],
    code: 'InvalidSpec',
    server: across,
  },
  {
    what: 'a target whose ownership record has a label of 64 characters',
    object: gateway({ targetPostfix: letters(43) }),
    beside: [identity(), txtPrefix('edns-')],
    code: 'InvalidSpec',
    server: across,
  },
  {
    what: 'a target that begins with own-',
    object: gateway(),
    beside: [identity({ cluster: 'own-aks01' }), configuration()],
    code: 'ReservedName',
    server: across,
  },
  {
    what: 'a target that begins with srouter-claim',
    object: gateway(),
    beside: [identity({ cluster: 'srouter-claim' }), configuration()],
    code: 'ReservedName',
    server: across,
  },
  {
    what: 'a target that begins with a TXT prefix',
    object: gateway(),
    beside: [identity({ cluster: 'edns-1' }), txtPrefix('edns-')],
    code: 'ReservedName',
    server: across,
  },
]

const policyRules: readonly Rule[] = [
  {
    what: 'two policies in one namespace',
    object: policy({}, 'later'),
    beside: [policy()],
    code: 'DuplicatePolicy',
    server: across,
  },
]

const routeRules: readonly Rule[] = [
  {
    what: 'a host label of 64 characters',
    object: route({ serviceName: letters(49) }),
    code: 'InvalidSpec',
    server: 'cel',
  },
  {
    what: 'a host label of 64 characters, beside everything else',
    object: route({ serviceName: letters(49) }),
    beside: platform,
    code: 'InvalidSpec',
    server: 'cel',
  },
  {
    what: 'a host name of 254 characters',
    object: route({ serviceName: 'aa', environment: 'b', application: 'c' }),
    beside: [identity({ domain: longestDomain })],
    code: 'InvalidSpec',
    server: across,
  },
  {
    what: 'a host whose ownership record has a label of 64 characters',
    object: route({ serviceName: letters(38) }),
    beside: [identity(), txtPrefix('edns-'), gateway(), policy()],
    code: 'InvalidSpec',
    server: across,
  },
  {
    what: 'a host that begins with own-',
    object: route({ serviceName: 'own-app' }),
    beside: platform,
    code: 'ReservedName',
    server: { only: 'validate', why: 'a route of the earlier operator may have it, and must stay editable' },
  },
  {
    what: 'a host that begins with srouter-claim',
    object: route({ serviceName: 'srouter-claims' }),
    beside: platform,
    code: 'ReservedName',
    server: { only: 'validate', why: 'a route of the earlier operator may have it, and must stay editable' },
  },
  {
    what: 'a host that begins with a TXT prefix',
    object: route({ serviceName: 'edns-app' }),
    beside: [identity(), txtPrefix('edns-'), gateway(), policy()],
    code: 'ReservedName',
    server: across,
  },
  {
    what: 'the host of another route',
    object: route({}, 'myapp-later'),
    beside: [...platform, route()],
    code: 'HostConflict',
    server: across,
  },
  {
    what: 'a Gateway that is not there, beside another one',
    object: route({ gatewayName: 'default-gatewya' }),
    beside: platform,
    code: 'GatewayNotFound',
    server: across,
  },
  {
    what: 'a Gateway of another namespace',
    object: route({ gatewayNamespace: 'elsewhere' }),
    beside: platform,
    code: 'GatewayNotFound',
    server: across,
  },
  {
    what: "a Gateway for its own namespace's routes only",
    object: route(),
    beside: [
      identity(),
      configuration(),
      gateway({ allowedRoutes: { namespaces: { from: 'Same' } } }),
      policy(),
    ],
    code: 'NotAllowedByGateway',
    server: across,
  },
  {
    what: 'a Gateway that selects another namespace',
    object: route(),
    beside: [
      identity(),
      configuration(),
      gateway({
        allowedRoutes: {
          namespaces: {
            from: 'Selector',
            selector: { matchLabels: { 'kubernetes.io/metadata.name': 'app2' } },
          },
        },
      }),
      policy(),
    ],
    code: 'NotAllowedByGateway',
    server: across,
  },
  {
    what: 'a namespace without a policy, where another has one',
    object: route(),
    beside: [identity(), configuration(), gateway(), policy({}, 'dns-policy', 'app2')],
    code: 'DNSPolicyNotFound',
    server: across,
  },
  {
    what: 'a region that no controller serves',
    object: route(),
    beside: [identity({ region: 'frc' }), configuration(), gateway(), policy()],
    code: 'NoActiveControllers',
    server: across,
  },
]

/** What any kind is refused for. */
const commonRules: readonly Rule[] = Object.values(valid).flatMap(make => {
  const object = make()
  return [
    // Every field of a DNSPolicy is optional, and so is its spec, as it was with the earlier operator.
    ...(object.kind === 'DNSPolicy'
      ? []
      : ([
          { what: 'no spec', object: specless(object), code: 'InvalidSpec', server: 'schema' },
          {
            what: 'a spec that is null',
            object: { ...object, spec: null },
            code: 'InvalidSpec',
            server: 'schema',
          },
        ] satisfies readonly Rule[])),
    { what: 'a spec that is a list', object: { ...object, spec: [] }, code: 'InvalidSpec', server: 'schema' },
    { what: 'an unknown field', object: make({ colour: 'red' }), code: 'UnknownField', server: dropped },
  ] satisfies readonly Rule[]
})

const nestedUnknown: readonly Rule[] = [
  {
    what: 'an unknown field in a controller',
    object: configuration({
      externalDNSControllers: [{ name: 'external-dns', region: 'weu', txtPrefx: 'a-' }],
    }),
    code: 'UnknownField',
    server: dropped,
  },
  {
    what: 'an unknown field in ttl',
    object: configuration({ ttl: { rout: 60 } }),
    code: 'UnknownField',
    server: dropped,
  },
  {
    what: 'an unknown field in allowedRoutes',
    object: gateway({ allowedRoutes: { from: 'All' } }),
    code: 'UnknownField',
    server: dropped,
  },
]

const fieldRules: readonly Rule[] = fieldTable.flatMap(row =>
  [...row.reject, ...(row.required === undefined ? [] : [undefined, null])].map(value => ({
    what: `${row.field}: ${shown(value)}`,
    object: specWith(row, value),
    code: 'InvalidSpec',
    server: row.required === 'cel' && (value === undefined || value === null) ? 'cel' : 'schema',
  })),
)

export const rejected: readonly RejectedRow[] = [
  ...clusterRules,
  ...failoverRules,
  ...gatewayRules,
  ...policyRules,
  ...routeRules,
  ...commonRules,
  ...nestedUnknown,
  ...fieldRules,
].map(row => ({ ...row, kind: row.object.kind, offline: true }))

const withoutNamespace = ({ metadata: { namespace: _, ...metadata }, ...rest }: KubeObject): KubeObject => ({
  ...rest,
  metadata,
})

/** Manifests of a namespaced kind that name no namespace: kubectl puts them into its current one. */
export const withoutNamespaces: readonly KubeObject[] = [gateway(), policy(), route()].map(withoutNamespace)
