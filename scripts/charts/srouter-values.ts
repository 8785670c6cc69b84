import * as v from 'valibot'
import { described, dnsLabel } from '../../src/api/fields.ts'
import { global } from './values.ts'

const switched = (description: string) => described(v.boolean(), description)
const labels = (description: string) => described(v.record(v.string(), v.string()), description)

/** What charts/srouter can be told: the flags of `srouter install`, and what else of the Deployment differs between clusters. */
export const srouterValues = v.strictObject({
  image: described(
    v.strictObject({
      repository: described(
        v.pipe(v.string(), v.regex(/^[^\s@]+$/)),
        'Registry and name, without the tag: none is published.',
      ),
      tag: described(
        v.pipe(v.string(), v.regex(/^([\w][\w.-]{0,127})?$/)),
        'The version of the chart where there is none.',
      ),
      digest: described(
        v.pipe(v.string(), v.regex(/^(sha256:[0-9a-f]{64})?$/)),
        'Such as sha256:…; then the tag does not count.',
      ),
    }),
    'The image of srouter.',
  ),
  imagePullSecrets: described(
    v.array(v.strictObject({ name: v.string() })),
    'Secrets with the credentials for its registry, such as {name: registry}.',
  ),
  replicas: described(
    v.pipe(v.number(), v.integer(), v.minValue(0)),
    'One works, the others are ready to take over. With fewer than two there is no PodDisruptionBudget.',
  ),
  defaultGatewayNamespace: dnsLabel('Where the Gateways of ServiceRoutes are that name no namespace.'),
  args: described(
    v.array(v.pipe(v.string(), v.startsWith('--'))),
    'More flags of "srouter run", such as --interval=1m.',
  ),
  crds: described(
    v.strictObject({
      enabled: switched(
        'Whether they are part of the release. Helm never deletes them, neither when this is false later nor with ' +
          'the release.',
      ),
    }),
    'The CustomResourceDefinitions.',
  ),
  metrics: described(
    v.strictObject({
      secure: switched(
        'Over TLS, with the certificate in Secret srouter-metrics-tls, and only for callers with the ClusterRole ' +
          'srouter-metrics-reader.',
      ),
      serviceMonitor: described(
        v.strictObject({
          enabled: switched('Needs the Prometheus operator.'),
          labels: labels('By which your Prometheus selects it.'),
        }),
        'A ServiceMonitor.',
      ),
      alerts: described(
        v.strictObject({
          enabled: switched('Needs the Prometheus operator.'),
          labels: labels('By which your Prometheus selects it.'),
        }),
        'A PrometheusRule with the alerts.',
      ),
      dashboard: described(
        v.strictObject({
          enabled: switched("Needs the sidecar of Grafana's chart."),
          labels: labels('By which the sidecar selects it.'),
        }),
        'A ConfigMap with the dashboard.',
      ),
    }),
    'Metrics are served in any case.',
  ),
  networkPolicy: described(
    v.strictObject({ enabled: switched('Metrics in; name servers and ports 443 and 6443 out.') }),
    'A NetworkPolicy.',
  ),
  resources: described(
    v.looseObject({}),
    'Enough for 10,000 routes; raise both for more. No limit for the CPU, which would slow it down just when much ' +
      'happens.',
  ),
  priorityClassName: described(v.string(), 'None where it is empty.'),
  nodeSelector: labels('The nodes that its pods may run on.'),
  tolerations: described(v.array(v.looseObject({})), 'Of its pods, as Kubernetes has them.'),
  podAnnotations: labels('Of its pods.'),
  global: v.optional(global),
})

export type SrouterValues = v.InferInput<typeof srouterValues>
