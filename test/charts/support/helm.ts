import { join } from 'node:path'
import { inFolder } from '../../executable/folder.ts'
import { type Ended, execute, root } from '../../executable/process.ts'
import type { Manifest } from '../../lab/client.ts'
import { documents } from '../../lab/documents.ts'
import { executable } from '../../lab/tools.ts'

export const chartOf = (name: string): string => join(root, 'charts', name)

/**
 * Runs helm to its end. `values` go to it as a file does. It has a home of its own: nothing of a person's repositories
 * and plugins, and what it keeps of an API server is not kept.
 */
export const helm = async (argv: readonly string[], values?: object): Promise<Ended> => {
  const program = await executable('helm')
  return inFolder({}, home =>
    execute(program, values === undefined ? argv : [...argv, '--values', '-'], {
      env: { HOME: home, NO_PROXY: '127.0.0.1' },
      ...(values === undefined ? {} : { stdin: JSON.stringify(values) }),
    }),
  )
}

/** What it prints; an end that is not good is an error. */
export const helmPrints = async (argv: readonly string[], values?: object): Promise<string> => {
  const { code, out, err } = await helm(argv, values)
  if (code !== 0) throw new Error(`helm ${argv.join(' ')} ended with ${code}:\n${err}`)
  return out
}

/** The objects that a chart makes. */
export const templated = async (
  chart: string,
  values: object = {},
  namespace = 'srouter-system',
): Promise<readonly Manifest[]> =>
  documents<Manifest>(await helmPrints(['template', 'release', chartOf(chart), '-n', namespace], values))
