import { targetName } from '../../../api/names.ts'
import { addressesOf } from '../../addresses.ts'
import { identityConflict } from '../../failover/identity.ts'
import type { GatewayRule } from './index.ts'

/** A name that another cluster publishes is not taken from it. */
export const identityOwn: GatewayRule = (gateway, world) => {
  const { spec } = gateway
  if (spec === undefined || world.identity.state !== 'one' || world.answers === undefined) return undefined
  const addresses = addressesOf(spec, world)
  if (addresses.state === 'none') return undefined
  const conflict = identityConflict({ spec, gateway, sets: addresses.sets }, world)
  if (conflict === undefined) return undefined
  const name = targetName(world.identity.spec, spec.targetPostfix)
  return {
    code: 'IdentityConflict',
    severity: 'error',
    effect: 'note',
    message: `${name} is ${conflict.addresses} in zone ${conflict.zone}, which is not this cluster's, and no claim says why; nothing is written under that name`,
    hint: 'give the ClusterIdentity the name of this cluster; if this cluster was built anew with other addresses, delete the record at the DNS provider',
    path: ['spec', 'targetPostfix'],
  }
}
