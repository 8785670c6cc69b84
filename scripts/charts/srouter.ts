import { crdFiles } from '../../src/api/crd-files.ts'
import type { KubeObject } from '../../src/api/object.ts'
import { globalFlags } from '../../src/cli/globals.ts'
import { deployment } from '../../src/install/deployment.ts'
import { defaultOptions, type InstallOptions, type Manifest } from '../../src/install/manifest.ts'
import { parts } from '../../src/install/parts.ts'
import { alertsText, dashboardText } from '../monitoring/files.ts'
import { dashboardConfigMap, dashboardLabels, prometheusRule } from '../monitoring/objects.ts'
import { type SrouterValues, srouterValues } from './srouter-values.ts'
import {
  between,
  type Collection,
  collectionOf,
  conditional,
  extended,
  hole,
  linesOf,
  type Member,
  merge,
  type Node,
  nodeOf,
  replaced,
} from './template.ts'
import { chartYaml, generated, schemaText, valuesText } from './values.ts'

/**
 * charts/srouter, made of what `srouter install` prints: printed with Helm's expressions for the options that are texts,
 * and for each option that is on or off printed twice, with what comes more between conditions.
 */

/** All but the Namespace, which has to be there before Helm begins; and but the CRDs, whose texts are in no option. */
const printed = (options: InstallOptions): Collection =>
  collectionOf(
    Object.fromEntries(
      parts(options).flatMap(part =>
        'objects' in part && part.name !== 'namespace' ? [[part.name, part.objects]] : [],
      ),
    ),
  )

const usualGatewayNamespace = globalFlags.defaultGatewayNamespace.default

/** What each value turns on. */
const switches: readonly { readonly when: string; readonly on: Partial<InstallOptions> }[] = [
  { when: '.Values.networkPolicy.enabled', on: { withNetworkPolicy: true } },
  { when: '.Values.metrics.serviceMonitor.enabled', on: { withServiceMonitor: true } },
  { when: '.Values.metrics.secure', on: { metricsSecure: true } },
  {
    when: `ne .Values.defaultGatewayNamespace "${usualGatewayNamespace}"`,
    on: { defaultGatewayNamespace: hole('.Values.defaultGatewayNamespace') },
  },
]

const withSwitches = (options: InstallOptions, [first, ...rest]: typeof switches): Collection =>
  first === undefined
    ? printed(options)
    : merge(withSwitches(options, rest), withSwitches({ ...options, ...first.on }, rest), first.when)

const texts: InstallOptions = {
  ...defaultOptions(hole('.Chart.AppVersion')),
  namespace: hole('.Release.Namespace'),
  image: hole('include "srouter.image" .'),
}

const values = (path: string): Node => ({ kind: 'block', expression: `toYaml .Values.${path}` })
const expression = (path: string): Node => ({ kind: 'expression', expression: `.Values.${path}` })

const deploymentPath = 'daemon.Deployment.spec'
const podPath = `${deploymentPath}.template.spec`

/** What only the chart has values for: a field that is there only with a value, or whose value is another one. */
const optional: readonly (readonly [where: string, key: string | undefined, path: string, node?: Node])[] = [
  [`${deploymentPath}.template.metadata`, 'annotations', 'podAnnotations'],
  [podPath, 'imagePullSecrets', 'imagePullSecrets'],
  [podPath, 'priorityClassName', 'priorityClassName', expression('priorityClassName')],
  [podPath, 'tolerations', 'tolerations'],
  [`${podPath}.containers.0.args`, undefined, 'args'],
  ['service-monitor.ServiceMonitor.metadata.labels', undefined, 'metrics.serviceMonitor.labels'],
]
const filled: readonly (readonly [where: string, node: Node])[] = [
  [`${deploymentPath}.replicas`, expression('replicas')],
  [`${podPath}.nodeSelector`, values('nodeSelector')],
  [`${podPath}.containers.0.resources`, values('resources')],
]

const withValues = (tree: Collection): Collection => {
  let now = tree
  for (const [where, node] of filled) now = replaced(now, where, node)
  for (const [where, key, path, node = values(path)] of optional)
    now = extended(now, where, { ...(key === undefined ? {} : { key }), node, when: `.Values.${path}` })
  // With one replica it would never let a node be drained.
  return conditional(now, 'daemon.PodDisruptionBudget', 'gt (int .Values.replicas) 1')
}

const kept = (crd: KubeObject): KubeObject => {
  if (JSON.stringify(crd).includes('{{'))
    throw new Error(`Helm would read ${crd.metadata.name} as a template`)
  return { ...crd, metadata: { ...crd.metadata, annotations: { 'helm.sh/resource-policy': 'keep' } } }
}

/**
 * CRDs are templates and not in Helm's folder crds/, out of which it only ever installs: docs/decisions.md. Helm
 * deletes none of them.
 */
const crds: Member = {
  key: 'crds',
  when: '.Values.crds.enabled',
  node: nodeOf(crdFiles.map(file => kept(Bun.YAML.parse(file) as KubeObject))),
}

const installTree = withValues(withSwitches(texts, switches))

const templateText = ({ node, when }: Member): string => {
  if (node.kind !== 'list') throw new Error('a template is a list of objects')
  const lines = node.members.flatMap(object => {
    const document = ['---', ...linesOf(object.node)]
    return object.when === undefined ? document : between(object.when, document)
  })
  return [generated, ...(when === undefined ? lines : between(when, lines)), ''].join('\n')
}

/** As `srouter install` has them. */
const { replicas, template } = deployment(defaultOptions('')).spec as {
  readonly replicas: number
  readonly template: { readonly spec: PodSpec }
}
interface PodSpec {
  readonly nodeSelector: Readonly<Record<string, string>>
  readonly containers: readonly { readonly resources: Readonly<Record<string, unknown>> }[]
}
const { nodeSelector, containers } = template.spec

const defaults: SrouterValues = {
  image: { repository: 'srouter', tag: '', digest: '' },
  imagePullSecrets: [],
  replicas,
  defaultGatewayNamespace: usualGatewayNamespace,
  args: [],
  crds: { enabled: true },
  metrics: {
    secure: false,
    serviceMonitor: { enabled: false, labels: {} },
    alerts: { enabled: false, labels: {} },
    dashboard: { enabled: false, labels: dashboardLabels },
  },
  networkPolicy: { enabled: false },
  resources: containers[0]?.resources ?? {},
  priorityClassName: '',
  nodeSelector,
  tolerations: [],
  podAnnotations: {},
}

const block = (expression: string): Node => ({ kind: 'block', expression })

const withLabels = (object: Manifest, path: string): Collection => {
  const labels = `metrics.${path}.labels`
  return extended(collectionOf([object]), '0.metadata.labels', {
    node: values(labels),
    when: `.Values.${labels}`,
  })
}

/** Alerts and dashboard have templates of their own, which Helm must not fill: they come from files as they are. */
const monitoring: readonly Member[] = [
  {
    key: 'alerts',
    when: '.Values.metrics.alerts.enabled',
    node: replaced(
      withLabels(prometheusRule(texts, {}), 'alerts'),
      '0.spec',
      block('.Files.Get "files/alerts.yaml"'),
    ),
  },
  {
    key: 'dashboard',
    when: '.Values.metrics.dashboard.enabled',
    node: replaced(
      withLabels(dashboardConfigMap(texts, {}, {}), 'dashboard'),
      '0.data',
      block('(.Files.Glob "files/srouter.json").AsConfig'),
    ),
  },
]

/** The files of charts/srouter that are generated, by their path there. */
export const srouterChart: ReadonlyMap<string, string> = new Map([
  ['Chart.yaml', chartYaml('srouter', 'What a cluster needs to run srouter: CRDs, roles, the daemon.')],
  ['values.yaml', valuesText(srouterValues, defaults)],
  ['values.schema.json', schemaText(srouterValues)],
  ['files/alerts.yaml', `${generated}\n${alertsText}`],
  ['files/srouter.json', dashboardText],
  ...[crds, ...installTree.members, ...monitoring].map(
    part => [`templates/${part.key}.yaml`, templateText(part)] as const,
  ),
])
