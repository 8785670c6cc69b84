import { exitCode } from '../../lib/errors.ts'
import { defineCommand } from '../definition.ts'
import { styleOf, writeAll } from '../output.ts'
import { findingsFormats, renderFindings } from '../render/findings/render.ts'
import { validateFiles } from '../validation.ts'
import { fileFlag, namespaceFlag, outputFlag } from './shared-flags.ts'

export const validate = defineCommand({
  description: [
    'Reads router resources from files and checks them: each against its schema, and all against each other. ' +
      'Every finding is shown with its place and what to do about it. No cluster is asked for anything.',
    'Resources of other kinds are skipped and counted. Where no Gateway, ClusterIdentity, DNSConfiguration or ' +
      'DNSPolicy is among the files, as in the folder of an application team, what refers to one is a warning.',
  ],
  flags: {
    file: { ...fileFlag, required: true },
    namespace: namespaceFlag,
    strict: { type: 'boolean', description: 'Count warnings as errors.' },
    output: outputFlag(...findingsFormats),
  },
  positionals: {},
  examples: [
    { what: 'All that is in a folder', command: 'srouter validate -f deploy/' },
    {
      what: 'What kustomize builds, for the namespace app1',
      command: 'kustomize build . | srouter validate -n app1 -f -',
    },
    {
      what: 'In a pull request, as annotations of its files',
      command: 'srouter validate --strict -o github -f deploy/',
    },
  ],
  exits: ['ok', 'invalidInput'],
  run: async ({ output, stdin }, args) => {
    const report = await validateFiles({
      files: args.file,
      namespace: args.namespace,
      strict: args.strict,
      defaultGatewayNamespace: args.defaultGatewayNamespace,
      stdin,
    })
    writeAll(output, renderFindings(report, args.output, styleOf(output)))
    return report.summary.errors > 0 ? exitCode.invalidInput : exitCode.ok
  },
})
