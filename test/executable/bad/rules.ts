import { configuration, documents, gateway, identity, platform, policy, route } from '../manifests.ts'
import type { BadRow } from './row.ts'

const inNamespace = (text: string, namespace: string): string =>
  text.replace('namespace: shop', `namespace: ${namespace}`)
const allowing = (from: string): string =>
  gateway.replace('  addresses:', `  allowedRoutes: {namespaces: ${from}}\n  addresses:`)

/** Resources that are sound by themselves and wrong beside others, in files alone. */
export const ruleRows: readonly BadRow[] = [
  {
    what: 'two ClusterIdentities',
    files: { ...platform, 'a.yaml': identity.replace('cluster-identity', 'other') },
    findings: ['error SingletonViolation a.yaml:4:3', 'error SingletonViolation platform.yaml:4:3'],
    says: ['there are several of kind ClusterIdentity'],
  },
  {
    what: 'two DNSConfigurations',
    files: { ...platform, 'a.yaml': configuration.replace('dns-config', 'other') },
    findings: ['error SingletonViolation a.yaml:4:3', 'error SingletonViolation platform.yaml:14:3'],
  },
  {
    what: 'two policies in a namespace',
    files: { ...platform, 'a.yaml': policy.replace('dns-policy', 'other') },
    findings: ['error DuplicatePolicy a.yaml:4:3'],
    says: ['namespace shop has the older DNSPolicy dns-policy, which counts'],
  },
  {
    what: 'a Gateway that is not there',
    files: { ...platform, 'a.yaml': route().replace('gatewayName: internal', 'gatewayName: interal') },
    findings: ['error GatewayNotFound a.yaml:8:3'],
    says: ['there is no Gateway istio-system/interal', 'did you mean istio-system/internal?'],
  },
  {
    what: 'a Gateway in another namespace',
    files: { ...platform, 'a.yaml': `${route()}  gatewayNamespace: shop\n` },
    findings: ['error GatewayNotFound a.yaml:8:3'],
    says: ['set gatewayNamespace: istio-system'],
  },
  {
    what: 'a namespace without a policy, where others have one',
    files: { ...platform, 'a.yaml': inNamespace(route(), 'app') },
    findings: ['error DNSPolicyNotFound a.yaml:1:1'],
    says: ['namespace app has no DNSPolicy'],
  },
  {
    what: 'one host twice',
    files: { ...platform, 'a.yaml': documents(route('one', 'api'), route('two', 'api')) },
    findings: ['error HostConflict a.yaml:18:3'],
    says: ['the host api-ns-p-prod-shop.aks.example.com is held by ServiceRoute shop/one'],
  },
  {
    what: 'one host of parts that are cut elsewhere',
    files: {
      ...platform,
      'a.yaml': documents(
        route('one', 'api').replace('environment: prod', 'environment: a-b').replace('on: shop', 'on: c'),
        route('two', 'api').replace('environment: prod', 'environment: a').replace('on: shop', 'on: b-c'),
      ),
    },
    findings: ['error HostConflict a.yaml:18:3'],
  },
  {
    what: 'one host in two namespaces, without a ClusterIdentity',
    files: {
      'a.yaml': documents(configuration, gateway, policy, inNamespace(policy, 'app')),
      'b.yaml': route(),
      'c.yaml': inNamespace(route(), 'app'),
    },
    findings: ['error HostConflict b.yaml:7:3', 'warning ClusterIdentityNotAvailable c.yaml:1:1'],
    says: ['the host of this route is held by ServiceRoute app/api'],
  },
  {
    what: 'a creation time in a file makes nothing older',
    files: {
      ...platform,
      'a.yaml': route('one', 'api'),
      'b.yaml': route('two', 'api').replace('spec:', '  creationTimestamp: "2020-01-01T00:00:00Z"\nspec:'),
    },
    findings: ['error HostConflict b.yaml:8:3'],
    says: ['is held by ServiceRoute shop/one'],
  },
  {
    what: 'one target for two controllers',
    files: {
      ...platform,
      'a.yaml': gateway.replace('name: internal', 'name: second').replace('igw-internal', 'igw-second'),
      'b.yaml': route().replace('gatewayName: internal', 'gatewayName: second'),
    },
    findings: ['error TargetConflict a.yaml:9:3'],
    says: ['means controller igw-internal in the older Gateway istio-system/internal'],
  },
  {
    what: 'hosts with reserved names',
    files: {
      ...platform,
      'a.yaml': documents(
        route('a', 'sr-cname-x'),
        route('b', 'srgw-a'),
        route('c', 'own-x'),
        route('d', 'srouter-claim'),
      ),
    },
    findings: [
      'error ReservedName a.yaml:7:3',
      'error ReservedName a.yaml:18:3',
      'error ReservedName a.yaml:29:3',
      'error ReservedName a.yaml:40:3',
    ],
    says: [
      'begins with the TXT prefix sr-, which is reserved',
      'begins with own-',
      'choose another serviceName',
    ],
  },
  {
    what: 'a target with a reserved name',
    files: { 'a.yaml': documents(identity.replace('aks01', 'own-aks01'), configuration, gateway) },
    findings: ['error ReservedName a.yaml:34:3'],
  },
  {
    what: 'a namespace that the Gateway does not allow',
    files: { 'a.yaml': documents(identity, configuration, allowing('{from: Same}'), policy, route()) },
    findings: ['error NotAllowedByGateway a.yaml:52:3'],
    says: ['does not allow routes from namespace shop'],
  },
  {
    what: 'a namespace whose labels are not known, and one whose labels are others',
    files: {
      'a.yaml': documents(
        identity,
        configuration,
        allowing('{from: Selector, selector: {matchLabels: {public: "true"}}}'),
        policy,
        route(),
        inNamespace(policy, 'app'),
        inNamespace(route('other'), 'app'),
        'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: app\n',
      ),
    },
    findings: ['warning NotAllowedByGateway a.yaml:52:3', 'error NotAllowedByGateway a.yaml:69:3'],
    says: ['the labels of shop are unknown', 'add the Namespace object to the input'],
  },
  {
    what: 'a selector without from, and from without a selector',
    files: {
      'a.yaml': documents(
        identity,
        configuration,
        allowing('{selector: {}}'),
        allowing('{from: Selector}').replace('name: internal', 'name: second'),
      ),
    },
    findings: ['error InvalidSpec a.yaml:35:19', 'error InvalidSpec a.yaml:48:19'],
  },
  {
    what: 'no controller for the region',
    files: {
      'a.yaml': documents(
        identity.replace('region: weu', 'region: frc'),
        configuration,
        gateway,
        policy,
        route(),
      ),
    },
    findings: ['error NoActiveControllers a.yaml:44:1'],
    says: ['no ExternalDNS controller serves region frc'],
  },
  {
    what: 'an adopted region without a controller: a warning',
    files: {
      'a.yaml': documents(`${identity}  adoptsRegions:\n    - neu\n    - frc\n`, configuration, gateway),
    },
    code: 0,
    findings: ['warning AdoptedRegionNotFound a.yaml:12:7'],
  },
  {
    what: 'RegionBound without a source: a warning',
    files: { ...platform, 'a.yaml': `${inNamespace(policy, 'app')}spec:\n  mode: RegionBound\n` },
    code: 0,
    findings: ['warning RegionBoundWithoutSource a.yaml:7:3'],
  },
  {
    what: 'and with --strict an error',
    files: { ...platform, 'a.yaml': `${inNamespace(policy, 'app')}spec:\n  mode: RegionBound\n` },
    args: ['validate', '--strict', '-f', '.'],
    findings: ['error RegionBoundWithoutSource a.yaml:7:3'],
  },
  {
    what: 'the folder of an application team: nothing there to check against',
    files: { 'a.yaml': documents(route(), route('web')) },
    code: 0,
    findings: [
      'warning ClusterIdentityNotAvailable a.yaml:1:1',
      'warning DNSConfigurationNotAvailable a.yaml:1:1',
      'warning DNSPolicyNotFound a.yaml:1:1',
      'warning GatewayNotFound a.yaml:8:3',
    ],
    says: ['(1 other resource needs it too)'],
  },
]
