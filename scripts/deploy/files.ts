import packageJson from '../../package.json' with { type: 'json' }
import { joined } from '../../src/cli/render/chunks.ts'
import { value } from '../../src/cli/render/document.ts'
import { renderParts } from '../../src/cli/render/parts.ts'
import { yamlText } from '../../src/cli/render/yaml.ts'
import { defaultOptions } from '../../src/install/manifest.ts'
import { type Part, parts } from '../../src/install/parts.ts'
import { alertsText, dashboardText } from '../monitoring/files.ts'
import { dashboardConfigMap, dashboardLabels, prometheusRule } from '../monitoring/objects.ts'

const defaults = defaultOptions(packageJson.version)
const base = parts(defaults)
const extra = parts({ ...defaults, withNetworkPolicy: true, withServiceMonitor: true }).filter(
  ({ name }) => !base.some(part => part.name === name),
)

const header = '# Generated from src/install by scripts/generate. Do not edit.\n'
const fileOf = ({ name }: Part): string => `${name}.yaml`
const textOf = (part: Part): string => header + joined(renderParts([part]))

const kustomization = (kind: 'Kustomization' | 'Component', resources: readonly string[]): string =>
  header +
  joined(
    yamlText([
      ['apiVersion', value(`kustomize.config.k8s.io/${kind === 'Component' ? 'v1alpha1' : 'v1beta1'}`)],
      ['kind', value(kind)],
      ['resources', value(resources)],
    ]),
  )

/** What Prometheus' operator and the sidecar of Grafana's chart take. */
const monitoring: ReadonlyMap<string, string> = new Map([
  ['monitoring/alerts.yaml', header + alertsText],
  ['monitoring/dashboard.json', dashboardText],
  [
    'components/alerts/alerts.yaml',
    textOf({ name: 'alerts', objects: [prometheusRule(defaults, Bun.YAML.parse(alertsText) as object)] }),
  ],
  ['components/alerts/kustomization.yaml', kustomization('Component', ['alerts.yaml'])],
  [
    'components/dashboard/dashboard.yaml',
    textOf({
      name: 'dashboard',
      objects: [dashboardConfigMap(defaults, { 'srouter.json': dashboardText }, dashboardLabels)],
    }),
  ],
  ['components/dashboard/kustomization.yaml', kustomization('Component', ['dashboard.yaml'])],
])

/**
 * The files of deploy/, by their path there: `base` is what `srouter install` prints, and each of `components` what one
 * more of its flags adds, or what it has no flag for.
 */
export const deployFiles: ReadonlyMap<string, string> = new Map([
  ...base.map(part => [`base/${fileOf(part)}`, textOf(part)] as const),
  ['base/kustomization.yaml', kustomization('Kustomization', base.map(fileOf))],
  ...extra.flatMap(part => [
    [`components/${part.name}/${fileOf(part)}`, textOf(part)] as const,
    [`components/${part.name}/kustomization.yaml`, kustomization('Component', [fileOf(part)])] as const,
  ]),
  ...monitoring,
])
