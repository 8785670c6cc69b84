import { logFormats, logLevels } from '../lib/log.ts'
import type { Flags } from './definition.ts'

/** Flags that every command takes, and that may stand before its name as well. */
export const globalFlags = {
  kubeconfig: {
    type: 'string',
    valueHint: 'FILE',
    completes: 'files',
    description: 'The kubeconfig. Default: $KUBECONFIG, then ~/.kube/config.',
  },
  context: {
    type: 'string',
    valueHint: 'NAME',
    completes: 'contexts',
    description: 'The context of the kubeconfig. Default: its current one.',
  },
  defaultGatewayNamespace: {
    type: 'string',
    valueHint: 'NAMESPACE',
    alias: ['default-router-gateway-namespace'],
    default: 'istio-system',
    names: 'namespace',
    description:
      'The namespace of the Gateway that a ServiceRoute means when it names none. ' +
      'Also: --default-router-gateway-namespace.',
  },
  output: {
    type: 'enum',
    valueHint: 'FORMAT',
    alias: ['o'],
    options: ['text'],
    default: 'text',
    description: 'The form of the result; each command has its own',
  },
  logLevel: {
    type: 'enum',
    valueHint: 'LEVEL',
    options: logLevels,
    default: 'info',
    description: 'How much to say on standard error',
  },
  logFormat: {
    type: 'enum',
    valueHint: 'FORMAT',
    options: logFormats,
    default: 'text',
    description: 'How to say it',
  },
  quiet: {
    type: 'boolean',
    alias: ['q'],
    description: 'Say nothing but results and errors, as --log-level error does.',
  },
  color: {
    type: 'boolean',
    default: true,
    description: 'No colours, which only a terminal gets; $NO_COLOR does the same.',
  },
  help: {
    type: 'boolean',
    alias: ['h'],
    description: 'Show the help of the command.',
  },
} as const satisfies Flags
