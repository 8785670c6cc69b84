import { exitCode } from '../../lib/errors.ts'
import { gatherOffline } from '../../source/offline.ts'
import { defineCommand } from '../definition.ts'
import { styleOf, writeAll } from '../output.ts'
import { planFrom, settingsFor } from '../planning.ts'
import { findingLines } from '../render/finding-lines.ts'
import { objectFormats, renderObjects } from '../render/objects.ts'
import { paletteOf } from '../render/style.ts'
import { adoptFlag, fileFlag, namespaceFlag, outputFlag } from './shared-flags.ts'

export const render = defineCommand({
  description: [
    'Prints the DNSEndpoints and Istio Gateways that follow from files, as a cluster without any would get them. ' +
      'No cluster is asked for anything.',
  ],
  flags: {
    file: { ...fileFlag, required: true },
    namespace: namespaceFlag,
    adopt: adoptFlag,
    output: outputFlag(...objectFormats),
  },
  positionals: {},
  examples: [
    { what: 'The objects of one region', command: 'srouter render -f platform/weu -f workloads/' },
    {
      what: 'What an edit changes in them',
      command:
        'srouter render -f before/ >before.yaml && srouter plan -f after/ --only-files --current before.yaml',
    },
  ],
  exits: ['ok', 'invalidInput'],
  run: async ({ output, stdin, clock }, args) => {
    const gathered = await gatherOffline({
      files: args.file,
      namespace: args.namespace,
      current: 'none',
      stdin,
    })
    const { report } = planFrom(gathered, settingsFor(args, clock))
    const objects = report.objects.flatMap(change => change.after ?? [])
    for (const finding of report.findings)
      writeAll({ out: output.err }, findingLines(finding, paletteOf(styleOf(output))))
    writeAll(output, renderObjects(objects, args.output))
    return report.applyable ? exitCode.ok : exitCode.invalidInput
  },
})
