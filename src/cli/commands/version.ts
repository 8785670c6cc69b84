import { exitCode } from '../../lib/errors.ts'
import { buildInfo } from '../build-info.ts'
import { defineCommand } from '../definition.ts'
import { outputFlag } from './shared-flags.ts'

export const version = defineCommand({
  description: ['The version, the commit it was built from, and what it runs on. For a bug report.'],
  flags: { output: outputFlag('text', 'json') },
  positionals: {},
  examples: [{ what: 'The bare version', command: 'srouter version -o json | jq -r .version' }],
  exits: ['ok'],
  run: async ({ output }, args) => {
    const { version, commit, bun, platform } = buildInfo
    output.out(
      args.output === 'json'
        ? `${JSON.stringify({ version, commit, bun, platform })}\n`
        : `srouter ${version} (commit ${commit}, bun ${bun}, ${platform})\n`,
    )
    return exitCode.ok
  },
})
