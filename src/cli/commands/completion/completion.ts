import { exitCode } from '../../../lib/errors.ts'
import { candidatesFor } from '../../completion/candidates.ts'
import { splitLine } from '../../completion/line.ts'
import { lookUp } from '../../completion/lookup.ts'
import { type ShellName, shells } from '../../completion/shells.ts'
import { type Command, defineCommand, type Example } from '../../definition.ts'

const setUp: Readonly<Record<ShellName, readonly Example[]>> = {
  bash: [
    { what: 'In ~/.bashrc', command: 'eval "$(srouter completion bash)"' },
    {
      what: 'Or for all users, where the package bash-completion is installed',
      command: 'srouter completion bash >/etc/bash_completion.d/srouter',
    },
  ],
  zsh: [
    { what: 'In ~/.zshrc, behind compinit', command: 'source <(srouter completion zsh)' },
    {
      what: 'Or in a folder of $fpath',
      command: 'srouter completion zsh >/usr/local/share/zsh/site-functions/_srouter',
    },
  ],
  fish: [{ what: 'Once', command: 'srouter completion fish >~/.config/fish/completions/srouter.fish' }],
}

export const completionOf = (shell: ShellName): Command =>
  defineCommand({
    description: [
      `Prints what lets ${shell} complete the command lines of srouter: commands, flags and their values, files, the ` +
        'contexts of the kubeconfig, and the RegionFailovers of the cluster.',
      'With LINE, a command line up to the cursor, it prints what could follow. That is how the shell asks.',
    ],
    flags: {},
    positionals: {
      line: { type: 'positional', valueHint: 'LINE', description: 'What to complete; for the shell.' },
    },
    examples: setUp[shell],
    exits: ['ok'],
    run: async ({ output, commands, env }, { line }) => {
      const { script, answer } = shells[shell]
      if (line === undefined) {
        output.out(script)
        return exitCode.ok
      }
      const { words, current } = splitLine(line)
      output.out(answer(await candidatesFor({ words: words.slice(1), current }, commands, lookUp(env))))
      return exitCode.ok
    },
  })
