/** By this Lease srouter's replicas elect the one that works; it is in the namespace of the daemon. */
export const leaseName = 'srouter'

/** By this Lease the earlier operator elects its leader; the namespace is whichever it was installed in. */
export const earlierOperatorLease = '3afd9a04.router.io'

/** Where srouter is installed unless told otherwise. */
export const defaultNamespace = 'srouter-system'

/** coordination.k8s.io/v1 LeaseSpec. */
export interface LeaseSpec {
  readonly holderIdentity?: string
  readonly leaseDurationSeconds?: number
  readonly acquireTime?: string
  readonly renewTime?: string
  readonly leaseTransitions?: number
}

/** Clocks differ, and a holder may be late. */
const slackMs = 30_000

/** Whether somebody holds a Lease, as seen from outside at `now`: its times are the holder's. */
export const isRenewed = (
  { holderIdentity, renewTime, leaseDurationSeconds = 15 }: LeaseSpec,
  now: number,
): boolean =>
  Boolean(holderIdentity) &&
  renewTime !== undefined &&
  now < Date.parse(renewTime) + leaseDurationSeconds * 1000 + slackMs
