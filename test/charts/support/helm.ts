import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ended, execute, root } from '../../executable/process.ts'
import type { Manifest } from '../../lab/client.ts'
import { documents } from '../../lab/documents.ts'
import { executable } from '../../lab/tools.ts'

export const chartOf = (name: string): string => join(root, 'charts', name)

/** Nothing of a person's own Helm: no repositories, no plugins; and what it keeps of an API server is not kept here. */
const home = mkdtempSync(join(tmpdir(), 'srouter-helm-'))
process.on('exit', () => rmSync(home, { recursive: true, force: true }))
const env = {
  HOME: home,
  HELM_CACHE_HOME: home,
  HELM_CONFIG_HOME: home,
  HELM_DATA_HOME: home,
  NO_PROXY: '127.0.0.1',
}

/** Runs helm to its end. `values` go to it as a file does. */
export const helm = async (argv: readonly string[], values?: object): Promise<Ended> =>
  execute(await executable('helm'), values === undefined ? argv : [...argv, '--values', '-'], {
    env,
    ...(values === undefined ? {} : { stdin: JSON.stringify(values) }),
  })

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
