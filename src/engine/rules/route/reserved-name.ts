import { targetName } from '../../../api/names.ts'
import type { World } from '../../world.ts'
import { reservedBy } from '../reserved.ts'
import type { RouteRule } from './index.ts'

export const reservedName: RouteRule = ({ host }, world) => {
  if (host === undefined) return undefined
  const gateway = targetHolder(host, world)
  if (gateway !== undefined)
    return {
      code: 'ReservedName',
      severity: 'error',
      effect: 'error',
      message: `the host ${host} is the target name of Gateway ${gateway}`,
      hint: 'choose another serviceName',
      path: ['spec', 'serviceName'],
    }
  const reserved = reservedBy(host, world)
  return reserved === undefined
    ? undefined
    : {
        code: 'ReservedName',
        severity: 'error',
        effect: 'error',
        message: `the host ${host} begins with ${reserved}, which is reserved`,
        hint: 'choose another serviceName',
        path: ['spec', 'serviceName'],
      }
}

/** A host can only be a target where the cluster's name looks like a part of a host: `api-ns-p`. */
const targetHolder = (host: string, { identity, postfixHolders }: World): string | undefined => {
  if (identity.state !== 'one') return undefined
  const { cluster, region } = identity.spec
  if (!host.startsWith(`${cluster}-${region}-`)) return undefined
  for (const [postfix, gateway] of postfixHolders)
    if (targetName(identity.spec, postfix) === host) return gateway.key
  return undefined
}
