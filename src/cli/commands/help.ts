import { exitCode } from '../../lib/errors.ts'
import { defineCommand } from '../definition.ts'
import { helpOf } from '../help/help.ts'

export const help = defineCommand({
  description: ['The same text as "srouter COMMAND --help".'],
  flags: {},
  positionals: {
    command: {
      type: 'positional',
      valueHint: 'COMMAND',
      completes: 'commands',
      variadic: true,
      description: 'The command; none for the list of all.',
    },
  },
  examples: [{ what: 'Which formats can a plan have?', command: 'srouter help plan' }],
  exits: ['ok'],
  run: async ({ output, commands }, { command }) => {
    output.out(await helpOf(command, commands, output.color))
    return exitCode.ok
  },
})
