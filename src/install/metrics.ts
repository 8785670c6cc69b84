import { type InstallOptions, type Manifest, namespaced, selector } from './manifest.ts'
import { clusterRole, clusterRoleBinding } from './rules.ts'

/** As `run --metrics-bind-address` has it by default. */
export const metricsPort = { name: 'metrics', number: 8080 } as const

const serviceName = 'srouter-metrics'

/** A Secret of type kubernetes.io/tls, as cert-manager writes them; who installs with `--metrics-secure` brings it. */
const certificateSecret = 'srouter-metrics-tls'
const certificateFolder = '/etc/srouter/metrics-tls'

export const metricsCertificate = {
  volume: { name: 'metrics-tls', secret: { secretName: certificateSecret } },
  mount: { name: 'metrics-tls', mountPath: certificateFolder, readOnly: true },
}

/** Secure means both: a token is asked for, and does not travel in the clear. */
export const metricsFlags = [
  '--metrics-secure',
  `--metrics-cert-file=${certificateFolder}/tls.crt`,
  `--metrics-key-file=${certificateFolder}/tls.key`,
]

export const metricsService = (options: InstallOptions): Manifest =>
  namespaced(options, 'v1', 'Service', serviceName, {
    spec: {
      selector,
      ports: [{ name: metricsPort.name, port: metricsPort.number, targetPort: metricsPort.name }],
    },
  })

/** What the daemon needs to ask who calls, and what a caller needs. */
export const metricsAccess = (options: InstallOptions): readonly Manifest[] => [
  clusterRole(options, 'srouter-metrics-auth', [
    { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
    { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
  ]),
  clusterRoleBinding(options, 'srouter-metrics-auth'),
  clusterRole(options, 'srouter-metrics-reader', [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }]),
]

/** For the Prometheus operator. */
export const serviceMonitor = (options: InstallOptions): Manifest =>
  namespaced(options, 'monitoring.coreos.com/v1', 'ServiceMonitor', 'srouter', {
    spec: {
      selector: { matchLabels: selector },
      endpoints: [{ port: metricsPort.name, ...(options.metricsSecure ? secureScrape(options) : {}) }],
    },
  })

const secureScrape = ({ namespace }: InstallOptions) => ({
  scheme: 'https',
  bearerTokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
  tlsConfig: {
    serverName: `${serviceName}.${namespace}.svc`,
    ca: { secret: { name: certificateSecret, key: 'ca.crt' } },
  },
})
