import { defaultNamespace } from '../../api/leases.ts'
import { exitCode } from '../../lib/errors.ts'
import { defineCommand } from '../definition.ts'
import { installedParts } from '../installation.ts'
import { writeAll } from '../output.ts'
import { renderParts } from '../render/parts.ts'

export const install = defineCommand({
  description: [
    'Prints what a cluster needs to run srouter, as YAML for "kubectl apply": namespace, CRDs, roles, and two replicas ' +
      'of "srouter run". It comes from this executable, so that they belong together. No cluster is asked for ' +
      'anything.',
  ],
  flags: {
    crdsOnly: { type: 'boolean', description: 'Only the CustomResourceDefinitions.' },
    namespace: {
      type: 'string',
      valueHint: 'NAMESPACE',
      alias: ['n'],
      default: defaultNamespace,
      description: 'Where srouter is to run',
    },
    image: {
      type: 'string',
      valueHint: 'IMAGE',
      description:
        'The image with its tag or digest. Default: srouter, with the version of this executable as tag.',
    },
    metricsSecure: {
      type: 'boolean',
      description:
        'Serve metrics over TLS, with the certificate in Secret srouter-metrics-tls, and only to callers with the ' +
        'ClusterRole srouter-metrics-reader.',
    },
    withServiceMonitor: {
      type: 'boolean',
      description: 'Also a ServiceMonitor, for the Prometheus operator.',
    },
    withNetworkPolicy: {
      type: 'boolean',
      description: 'Also a NetworkPolicy: metrics in, name servers and the API server (ports 443, 6443) out.',
    },
  },
  positionals: {},
  examples: [
    {
      what: 'Install srouter, or bring it up to date',
      command:
        'srouter install --image registry.example.com/srouter:0.1.0 | kubectl apply --server-side -f -',
    },
    { what: 'The CRDs alone', command: 'srouter install --crds-only | kubectl apply --server-side -f -' },
  ],
  exits: ['ok'],
  run: async ({ output }, args) => {
    writeAll(output, renderParts(installedParts(args)))
    return exitCode.ok
  },
})
