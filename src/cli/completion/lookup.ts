import { RegionFailover } from '../../api/kinds.ts'
import { connect, contextNames, list } from '../../kube/index.ts'
import type { Candidate, Lookup } from './candidates.ts'

/** Somebody waits with a finger on the key. */
const patienceMs = 1_500

/**
 * Names for the command line. Without a usable kubeconfig, without a cluster or without rights there are none: where a word
 * is to be completed nobody wants to read why.
 */
export const lookUp =
  (env: Readonly<Record<string, string | undefined>>): Lookup =>
  async (what, given) => {
    const options = { kubeconfig: given.get('kubeconfig'), context: given.get('context'), env }
    try {
      return (what === 'contexts' ? contextNames(options) : await failoverNames(options))
        .filter(isPlain)
        .map(named)
    } catch {
      return []
    }
  }

const failoverNames = async (options: Parameters<typeof connect>[0]): Promise<readonly string[]> => {
  const client = connect(options)
  try {
    const { items } = await list(client, RegionFailover, { signal: AbortSignal.timeout(patienceMs) })
    return items.map(({ metadata }) => metadata.name)
  } finally {
    client.close()
  }
}

const named = (value: string): Candidate => ({ value, description: '' })

/** bash puts a name on the command line as it is. One that the shell would read otherwise is not offered. */
const isPlain = (name: string): boolean => /^[\w.@:/+,%-]+$/.test(name)
