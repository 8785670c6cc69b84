import { ownershipName } from '../../api/names.ts'
import type { World } from '../world.ts'

/**
 * Why a host or target may not have this name, or undefined. Names that begin with a TXT prefix could occupy
 * another name's ownership record; the others belong to failover.
 *
 * | name                    | prefixes | answer                       |
 * | ----------------------- | -------- | ---------------------------- |
 * | edns-cname-x.example.com | edns-   | the TXT prefix edns-         |
 * | own-aks01-weu.example.com |        | own-                         |
 * | owner.example.com       | edns-    | (none)                       |
 */
export const reservedBy = (name: string, world: World): string | undefined => {
  for (const prefix of ['own-', 'srouter-claim']) if (name.startsWith(prefix)) return prefix
  for (const prefix of [...world.txtPrefixes.route, ...world.txtPrefixes.gateway])
    if (startsWithPrefix(name, prefix)) return `the TXT prefix ${prefix}`
  return undefined
}

const recordTypes = ['A', 'AAAA', 'CNAME']

const startsWithPrefix = (name: string, prefix: string): boolean =>
  prefix.includes('%{record_type}')
    ? recordTypes.some(type => name.startsWith(ownershipName(prefix, type, '')))
    : name.startsWith(prefix)
