import { typeMismatchesOf } from '../../engine/failover/redirected.ts'
import type { StandIn } from '../../engine/failover/stand-in.ts'
import { exitCode, UserError } from '../../lib/errors.ts'
import { namesOf } from './preview.ts'
import type { View } from './view.ts'

/** Throws why this cluster cannot stand in; `view` is what it comes to if it is engaged. */
export const refuse = (view: Pick<View, 'me' | 'reconciliation'>, standIn: StandIn, force: boolean): void => {
  const { peer, code, why, state, resource } = standIn
  const refusal = (message: string, hint: string): UserError =>
    new UserError(exitCode.invalidInput, `${view.me} cannot stand in for ${peer}: ${message}`, hint)
  if (resource.object.metadata.deletionTimestamp !== undefined)
    throw refusal(
      'its RegionFailover is being deleted, which releases what it has claimed',
      `wait until that is gone (kubectl get regionfailover ${peer}), and apply it again`,
    )
  if (code === 'LoadBalancerIPPending')
    throw refusal(why, 'see "kubectl get gateways.routing.router.io -A": its load balancer has none')
  if (code === 'Yielded') throw refusal(why, 'there are no chains: end that first, or use another cluster')
  if (code === 'ClaimHeld' || state === 'Withdrawn')
    throw refusal(why, 'end it there first; where that cluster is gone, take the claim from it with --force')
  const { names, missing } = namesOf(view, standIn)
  if (names.length === 0)
    throw refusal(
      `no zone knows a gateway of it, so there is nothing to redirect (${missing.join(', ')})`,
      'compare the targetPostfix of the Gateways on both sides, and the nameservers in the DNSConfiguration',
    )
  const [first] = typeMismatchesOf(names)
  if (first === undefined || force) return
  throw new UserError(
    exitCode.invalidInput,
    `RecordTypeMismatch: ${first.name} has ${first.there.join(' and ')} in zone ${first.zone}, and this cluster has ${first.ours.join(' and ')}; ExternalDNS with upsert-only never removes the other type, so clients would go on to ${peer}`,
    `delete the ${first.there.join(' and ')} record of ${first.name} at the DNS provider, or go on all the same with --force`,
  )
}
