import { targetName } from '../../../api/names.ts'
import { reservedBy } from '../reserved.ts'
import type { GatewayRule } from './index.ts'

export const targetReserved: GatewayRule = ({ spec }, world) => {
  if (spec === undefined || world.identity.state !== 'one') return undefined
  const target = targetName(world.identity.spec, spec.targetPostfix)
  const reserved = reservedBy(target, world)
  return reserved === undefined
    ? undefined
    : {
        code: 'ReservedName',
        severity: 'error',
        effect: 'error',
        message: `the target ${target} begins with ${reserved}, which is reserved`,
        hint: "change the ClusterIdentity's cluster, or the TXT prefix",
        path: ['spec', 'targetPostfix'],
      }
}
