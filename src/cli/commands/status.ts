import { defineCommand } from '../definition.ts'
import { runStatus } from '../status/run.ts'
import { outputFlag } from './shared-flags.ts'

export const status = defineCommand({
  description: [
    'Shows what the resources say of themselves: how many routes are Active, Pending or in error and why, the zones, ' +
      'Gateways and failovers; then every route with its phase, zones, host and target. No zone is asked and nothing is ' +
      'written: "srouter why" follows one host to what its zones answer.',
  ],
  flags: {
    namespace: {
      type: 'string',
      valueHint: 'NAMESPACE',
      alias: ['n'],
      names: 'namespace',
      description: 'Only the routes of this namespace; no other is read.',
    },
    phase: {
      type: 'enum',
      valueHint: 'PHASE',
      options: ['Active', 'Pending', 'Error', 'Unknown'],
      description: 'Only routes in this phase',
    },
    zone: {
      type: 'string',
      valueHint: 'REGION',
      description: 'Only routes that have a record in this zone.',
    },
    watch: {
      type: 'boolean',
      alias: ['w'],
      description:
        'Go on until Ctrl-C: a terminal is drawn anew with every change, else it is printed again.',
    },
    output: outputFlag('text', 'wide', 'json'),
  },
  positionals: {},
  examples: [
    { what: 'How are things?', command: 'srouter status' },
    { what: 'What is wrong?', command: 'srouter status --phase Error' },
    { what: 'Look on while a namespace is rolled out', command: 'srouter status -n shop --watch' },
  ],
  exits: ['ok', 'invalidInput', 'unreachable'],
  run: runStatus,
})
