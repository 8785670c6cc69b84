import { crdFiles } from '../../api/crd-files.ts'
import { exitCode, usageError } from '../../lib/errors.ts'
import { defineCommand } from '../definition.ts'

export const install = defineCommand({
  description: [
    'Prints what a cluster needs to have installed, as YAML for "kubectl apply". It comes from this executable, so ' +
      'the two belong together. No cluster is asked for anything.',
  ],
  flags: {
    crdsOnly: { type: 'boolean', description: 'Only the CustomResourceDefinitions.' },
  },
  positionals: {},
  examples: [
    {
      what: 'Install the CRDs, or bring them up to date',
      command: 'srouter install --crds-only | kubectl apply --server-side -f -',
    },
  ],
  exits: ['ok'],
  run: async ({ output }, { crdsOnly }) => {
    if (!crdsOnly) throw usageError('only the CRDs can be installed so far', 'add --crds-only')
    output.out(crdFiles.join('---\n'))
    return exitCode.ok
  },
})
