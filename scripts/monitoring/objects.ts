import { type InstallOptions, type Manifest, namespaced } from '../../src/install/manifest.ts'

/** For the Prometheus operator. */
export const prometheusRule = (options: InstallOptions, spec: object): Manifest =>
  namespaced(options, 'monitoring.coreos.com/v1', 'PrometheusRule', 'srouter', { spec })

/** For the sidecar of Grafana's chart, which looks for this label. */
export const dashboardLabels = { grafana_dashboard: '1' } as const

export const dashboardConfigMap = (
  options: InstallOptions,
  data: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): Manifest => {
  const map = namespaced(options, 'v1', 'ConfigMap', 'srouter-dashboard', { data })
  return { ...map, metadata: { ...map.metadata, labels: { ...map.metadata.labels, ...labels } } }
}
