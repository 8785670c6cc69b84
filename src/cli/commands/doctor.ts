import { defineCommand } from '../definition.ts'
import { runDoctor } from '../doctor/run.ts'
import { outputFlag } from './shared-flags.ts'

export const doctor = defineCommand({
  description: [
    'Checks how a cluster is set up: CRDs, permissions, srouter itself, the arguments of every ExternalDNS and what ' +
      'they mean together, load balancers, certificates, the size of zones. What is wrong has its remedy below it. ' +
      'Nothing is written.',
    'What may not be read, such as Secrets, is said to be not checked.',
  ],
  flags: {
    strict: { type: 'boolean', description: 'Count warnings as errors.' },
    output: outputFlag('text', 'json'),
  },
  positionals: {},
  examples: [{ what: 'Is this cluster well?', command: 'srouter doctor' }],
  exits: ['ok', 'invalidInput', 'unreachable'],
  run: runDoctor,
})
