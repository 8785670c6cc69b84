import { type InstallOptions, labelsOf, type Manifest, name, namespaced, selector } from './manifest.ts'
import { metricsCertificate, metricsFlags, metricsPort } from './metrics.ts'

/** `nonroot` of distroless images. A number, because Kubernetes cannot see from a name that it is not root. */
const uid = 65532

/** The daemon twice: one works, the other is ready to take over. */
export const deployment = (options: InstallOptions): Manifest =>
  namespaced(options, 'apps/v1', 'Deployment', name, {
    spec: {
      replicas: 2,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: labelsOf(options) },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: true,
          // What has been begun may take 30 seconds, and giving the Lease back as well.
          terminationGracePeriodSeconds: 60,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: uid,
            runAsGroup: uid,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          // Wishes, so that a cluster of one node or one zone runs both.
          affinity: {
            podAntiAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 100,
                  podAffinityTerm: {
                    topologyKey: 'kubernetes.io/hostname',
                    labelSelector: { matchLabels: selector },
                  },
                },
              ],
            },
          },
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'topology.kubernetes.io/zone',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: selector },
            },
          ],
          containers: [container(options)],
          ...(options.metricsSecure ? { volumes: [metricsCertificate.volume] } : {}),
        },
      },
    },
  })

const container = (options: InstallOptions) => ({
  name,
  image: options.image,
  args: ['run', ...(options.metricsSecure ? metricsFlags : [])],
  env: [
    { name: 'SROUTER_LOG_FORMAT', value: 'json' },
    ...(options.defaultGatewayNamespace === undefined
      ? []
      : [{ name: 'SROUTER_DEFAULT_GATEWAY_NAMESPACE', value: options.defaultGatewayNamespace }]),
  ],
  ports: [
    { name: metricsPort.name, containerPort: metricsPort.number },
    { name: 'health', containerPort: 8081 },
  ],
  // Thinking about tens of thousands of routes takes the event loop for seconds: no reason to be killed.
  livenessProbe: {
    httpGet: { path: '/healthz', port: 'health' },
    periodSeconds: 20,
    timeoutSeconds: 10,
    failureThreshold: 3,
  },
  readinessProbe: { httpGet: { path: '/readyz', port: 'health' }, periodSeconds: 5, timeoutSeconds: 5 },
  // Enough for 10,000 routes. No limit for the CPU, which would slow down what has to be quick when a region fails.
  resources: { requests: { cpu: '50m', memory: '160Mi' }, limits: { memory: '512Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  ...(options.metricsSecure ? { volumeMounts: [metricsCertificate.mount] } : {}),
})

/** A node that is drained takes one of the two. */
export const disruptionBudget = (options: InstallOptions): Manifest =>
  namespaced(options, 'policy/v1', 'PodDisruptionBudget', name, {
    spec: { minAvailable: 1, selector: { matchLabels: selector } },
  })
