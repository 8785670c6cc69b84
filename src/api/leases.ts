/** By this Lease srouter's replicas elect the one that works; it is in the namespace of the daemon. */
export const leaseName = 'srouter'

/** By this Lease the earlier operator elects its leader; the namespace is whichever it was installed in. */
export const earlierOperatorLease = '3afd9a04.router.io'

/** Where srouter is installed unless told otherwise. */
export const defaultNamespace = 'srouter-system'
