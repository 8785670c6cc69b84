import { exitCode } from '../../lib/errors.ts'
import { defineCommand } from '../definition.ts'
import { gatherForImport } from '../import/gather.ts'
import { importReport } from '../import/report.ts'
import { toldBy } from '../import/told.ts'
import { styleOf, writeAll } from '../output.ts'
import { isError } from '../planning.ts'
import { importFormats, renderImport } from '../render/import/render.ts'
import { importText } from '../render/import/text.ts'
import { fileFlag, namespaceFlag, outputFlag } from './shared-flags.ts'

export const importCommand = defineCommand({
  description: [
    'Proposes ServiceRoutes, DNSPolicies and Gateways that come to exactly the records of DNSEndpoints that were made by ' +
      'hand or by a chart; and a ClusterIdentity and a DNSConfiguration where there are none. Nothing is written.',
    'The manifests go to standard output. What cannot be reproduced goes to standard error, with the reason: such ' +
      'DNSEndpoints stay as they are. Its input is the cluster, or with -f files alone.',
  ],
  flags: {
    file: fileFlag,
    namespace: namespaceFlag,
    region: {
      type: 'string',
      valueHint: 'REGION',
      description: 'The region of this cluster, where the records do not tell.',
    },
    cluster: {
      type: 'string',
      valueHint: 'NAME',
      description: 'Its name within the region, the same.',
    },
    domain: { type: 'string', valueHint: 'DOMAIN', description: 'The name of the zones, the same.' },
    environmentLetter: {
      type: 'string',
      valueHint: 'LETTER',
      description: 'The letter in its hosts, the same.',
    },
    environment: {
      type: 'string',
      valueHint: 'NAME',
      repeatable: true,
      description: 'An environment, for hosts that can be split in several ways.',
    },
    controller: {
      type: 'string',
      valueHint: 'NAME=REGION',
      repeatable: true,
      description: 'An ExternalDNS instance and the region whose zone it writes, where labels do not tell.',
    },
    controllerLabel: {
      type: 'string',
      valueHint: 'KEY',
      description: 'The label of DNSEndpoints whose value is the name of their ExternalDNS instance.',
    },
    gateway: {
      type: 'string',
      valueHint: 'POSTFIX=CONTROLLER,CREDENTIAL',
      repeatable: true,
      description: 'The pods and the certificate of a gateway, where no Istio Gateway tells.',
    },
    output: outputFlag(...importFormats),
  },
  positionals: {},
  examples: [
    { what: 'What would the cluster need?', command: 'srouter import >proposal.yaml' },
    {
      what: 'From a chart, and what comes of it',
      command: 'helm template . | srouter import -n shop -f - >proposal.yaml',
    },
  ],
  exits: ['ok', 'invalidInput', 'unreachable'],
  run: async (context, args) => {
    const told = toldBy(args)
    const report = importReport(await gatherForImport(args, context), told, args.defaultGatewayNamespace)
    writeAll(context.output, renderImport(report, args.output))
    if (args.output === 'yaml')
      writeAll({ out: context.output.err }, importText(report, styleOf(context.output)))
    return report.findings.some(isError) ? exitCode.invalidInput : exitCode.ok
  },
})
