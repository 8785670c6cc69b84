import { runDaemon } from '../daemon/run.ts'
import { defineCommand } from '../definition.ts'
import { allowDeletesFlag, concurrencyFlag } from './shared-flags.ts'

export const run = defineCommand({
  description: [
    'Watches the cluster and keeps DNSEndpoints, Istio Gateways and statuses as they should be: what "srouter plan" ' +
      'shows, it does. Of several replicas one works, by a Lease; the others are ready to take over.',
    'Every flag can also be given as a variable: --metrics-bind-address as SROUTER_METRICS_BIND_ADDRESS. Where standard ' +
      'error is no terminal, the log is JSON unless --log-format says otherwise.',
  ],
  flags: {
    interval: {
      type: 'string',
      valueHint: 'DURATION',
      default: '30s',
      description: 'Between two full comparisons, for whatever the watches should miss',
    },
    once: { type: 'boolean', description: 'Do everything once and end, for a CronJob.' },
    leaderElect: {
      type: 'enum',
      valueHint: 'WHEN',
      options: ['auto', 'true', 'false'],
      default: 'auto',
      description: 'Whether to work only while holding the Lease; auto means in a pod',
    },
    leaseNamespace: {
      type: 'string',
      valueHint: 'NAMESPACE',
      description: "Where the Lease is. Default: the pod's namespace, else srouter-system.",
    },
    metricsBindAddress: {
      type: 'string',
      valueHint: 'ADDRESS',
      default: ':8080',
      description: 'Where /metrics is served; port 0 takes a free one, "0" switches it off',
    },
    metricsSecure: {
      type: 'boolean',
      description: 'Serve metrics only to callers that the API server authorises to get /metrics.',
    },
    metricsCertFile: {
      type: 'string',
      valueHint: 'FILE',
      completes: 'files',
      description: 'Certificate to serve metrics over TLS.',
    },
    metricsKeyFile: {
      type: 'string',
      valueHint: 'FILE',
      completes: 'files',
      description: 'The private key of it.',
    },
    healthProbeBindAddress: {
      type: 'string',
      valueHint: 'ADDRESS',
      default: ':8081',
      description: 'Where /healthz and /readyz are served; as above',
    },
    allowDeletes: allowDeletesFlag,
    concurrency: concurrencyFlag,
  },
  positionals: {},
  examples: [
    { what: 'In a pod, as "srouter install" sets it up', command: 'srouter run' },
    { what: 'From a CronJob', command: 'srouter run --once' },
  ],
  exits: ['ok', 'held', 'partlyApplied', 'unreachable'],
  onInterrupt: 'finish',
  fromEnvironment: true,
  run: runDaemon,
})
