import { defineCommand } from '../definition.ts'
import { gatherForPlan } from '../gather.ts'
import { styleOf, writeAll } from '../output.ts'
import { isAnythingIn, planExit, planFrom, settingsFor } from '../planning.ts'
import { inNamespace } from '../render/plan/in-namespace.ts'
import { planFormats, renderPlan } from '../render/plan/render.ts'
import { restingOf } from '../resting.ts'
import { savePlan } from '../saved-plan.ts'
import { withAnswers } from '../zones.ts'
import {
  adoptFlag,
  allowDeletesFlag,
  concurrencyFlag,
  fileFlag,
  onlyFilesFlag,
  outputFlag,
} from './shared-flags.ts'

export const plan = defineCommand({
  description: [
    'Shows what "srouter apply" would do and what "srouter run" does by itself: every DNS record and every object ' +
      'to add, change or delete, and why. Nothing is written.',
    'Its input is the cluster. With -f, the files are laid over it; with --only-files they are all there is. What ' +
      'it is compared with is the cluster again, or what --current names.',
  ],
  flags: {
    file: fileFlag,
    onlyFiles: onlyFilesFlag,
    current: {
      type: 'string',
      valueHint: 'PATH',
      completes: 'files',
      description:
        'Compare with these objects, in YAML as "srouter render" prints it, or with none. Then no cluster is ' +
        'asked for anything.',
    },
    namespace: {
      type: 'string',
      valueHint: 'NAMESPACE',
      alias: ['n'],
      names: 'namespace',
      description: 'Show only what belongs to this namespace. All of them are planned.',
    },
    adopt: adoptFlag,
    allowDeletes: allowDeletesFlag,
    concurrency: concurrencyFlag,
    out: {
      type: 'string',
      valueHint: 'FILE',
      completes: 'files',
      description: 'Save the plan, for "srouter apply FILE".',
    },
    detailedExitcode: { type: 'boolean', description: 'Exit with 2 where there are changes.' },
    output: outputFlag(...planFormats),
  },
  positionals: {},
  examples: [
    { what: 'Is the cluster as it should be?', command: 'srouter plan --detailed-exitcode' },
    { what: 'What would these files change?', command: 'srouter plan -f deploy/' },
    {
      what: 'Without a cluster: all that follows from a folder',
      command: 'srouter plan -f platform/ -f workloads/ --only-files --current none',
    },
    { what: 'What if this cluster adopted region frc?', command: 'srouter plan --adopt frc' },
  ],
  exits: ['ok', 'changes', 'invalidInput', 'unreachable'],
  run: async (context, args) => {
    const { output, log, clock, signal } = context
    const gathered = await gatherForPlan(args, context)
    const { report } = planFrom(gathered, await withAnswers(gathered, settingsFor(args, clock), signal))
    const { namespace } = args
    if (namespace !== undefined && !isAnythingIn(namespace, gathered))
      log.warn('Nothing of srouter is in this namespace', { namespace })
    if (args.out !== undefined) await savePlan(args.out, report, restingOf(gathered, args))
    writeAll(output, renderPlan(inNamespace(report, args.namespace), args.output, styleOf(output)))
    return planExit(report, args.detailedExitcode)
  },
})
