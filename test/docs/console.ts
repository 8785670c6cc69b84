import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commands } from '../../src/cli/commands/index.ts'
import { runInMemory } from '../cli/host.ts'
import { isSrouter, shellCommands } from './command-line.ts'

/**
 * The text of a `console` block as it should be: the same commands, each with what it prints now.
 *
 *     $ srouter validate -f - <<'END'
 *     …
 *     END
 *     1 file, 1 resource: ok
 */
export const replay = async (block: string, root: string): Promise<string> => {
  const lines = block.split('\n')
  const shown: string[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (!line.startsWith('$ ')) continue
    shown.push(line)
    const end = /<<'(\w+)'$/.exec(line)?.[1]
    const stdin: string[] = []
    for (; end !== undefined && stdin.at(-1) !== end && at + 1 < lines.length; at++)
      stdin.push(lines[at + 1] ?? '')
    shown.push(...stdin)
    const { out, err } = await runInMemory(argvOf(line.slice(2), root), commands, {
      stdin: stdin.slice(0, -1).join('\n'),
    })
    shown.push(...`${out}${err}`.replace(/\n$/, '').split('\n'))
  }
  return shown.join('\n')
}

const argvOf = (line: string, root: string): readonly string[] => {
  const [words = []] = shellCommands(line)
  if (isSrouter(words)) return words.slice(1)
  if (words.join(' ') !== 'scripts/demo') throw new Error(`a console block cannot run "${line}"`)
  // What the script does in the end; before that it builds.
  const planned = /^set -- (.+)$/m.exec(readFileSync(join(root, 'scripts/demo'), 'utf8'))?.[1]
  if (planned === undefined) throw new Error('scripts/demo does not say what it runs')
  return planned.split(' ')
}
