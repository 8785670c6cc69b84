import type { LeaseSpec } from '../api/leases.ts'
import type { KubeObject, ResourceRef } from '../api/object.ts'
import type { KubeClient } from './client.ts'
import { isNotFound } from './error.ts'
import { Lease } from './kinds.ts'

export type { LeaseSpec }

/** coordination.k8s.io/v1 Lease. */
export interface LeaseObject extends KubeObject {
  readonly spec: LeaseSpec
}

/** Who holds a lease by its own account; for a look from outside, as its times are the holder's. */
export const readLease = async (
  client: KubeClient,
  { namespace, name }: Pick<ResourceRef, 'namespace' | 'name'>,
  signal?: AbortSignal,
): Promise<LeaseSpec | undefined> => {
  try {
    return (await client.json<LeaseObject>({ verb: 'get', on: { kind: Lease, namespace, name }, signal }))
      .spec
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined
    throw thrown
  }
}
