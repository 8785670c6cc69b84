import { runApply } from '../apply/run.ts'
import { defineCommand } from '../definition.ts'
import {
  adoptFlag,
  allowDeletesFlag,
  concurrencyFlag,
  fileFlag,
  onlyFilesFlag,
  outputFlag,
} from './shared-flags.ts'

export const apply = defineCommand({
  description: [
    'Does what "srouter plan" shows: plans, shows the plan, asks, and writes it. With -f it first applies the ' +
      'resources in the files themselves, by server-side apply.',
    'A saved plan is shown and carried out without a question. It is refused when it has been edited, or when ' +
      'anything that it rests on has changed.',
  ],
  flags: {
    file: fileFlag,
    onlyFiles: onlyFilesFlag,
    adopt: adoptFlag,
    allowDeletes: allowDeletesFlag,
    autoApprove: { type: 'boolean', description: 'Do not ask.' },
    concurrency: concurrencyFlag,
    output: outputFlag('text', 'json'),
  },
  positionals: {
    planFile: {
      type: 'positional',
      valueHint: 'PLANFILE',
      completes: 'files',
      description: 'What "srouter plan --out" saved.',
    },
  },
  examples: [
    { what: 'Make the cluster as it should be', command: 'srouter apply' },
    { what: 'Apply a folder, and what follows from it', command: 'srouter apply -f workloads/' },
    { what: 'Exactly what was reviewed', command: 'srouter plan --out plan.json && srouter apply plan.json' },
  ],
  exits: ['ok', 'invalidInput', 'held', 'stalePlan', 'partlyApplied', 'unreachable'],
  onInterrupt: 'finish',
  run: runApply,
})
