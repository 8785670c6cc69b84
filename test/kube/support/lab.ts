import { type ClientOptions, createClient, type KubeClient } from '../../../src/kube/client.ts'
import { isForbidden, isNotFound } from '../../../src/kube/error.ts'
import type { KubeTarget, KubeUser } from '../../../src/kube/target.ts'
import type { ControlPlane } from '../../lab/cluster.ts'
import { targetOf } from './target.ts'

/** The product's client for a control plane of the lab; as its admin unless told otherwise. */
export const clientOf = (
  plane: ControlPlane,
  more: Partial<KubeTarget> = {},
  options: ClientOptions = {},
): KubeClient =>
  createClient(targetOf(plane, { user: certificateUser(plane.admin), ...more }), { env: {}, ...options })

export const certificateUser = (pair: {
  readonly user: string
  readonly cert: string
  readonly key: string
}): KubeUser => ({ name: pair.user, cert: { text: pair.cert }, key: { text: pair.key }, impersonate: {} })

/**
 * Who the API server takes the client for. Servers before 1.28 have no request for that, so it is read off the refusal of
 * something that only an admin may ask for, and finds missing.
 */
export const whoAmI = async (client: KubeClient): Promise<string> => {
  try {
    await client.json({ verb: 'get', on: { path: '/who-am-i' } })
  } catch (thrown) {
    if (isNotFound(thrown)) return 'admin'
    if (!isForbidden(thrown)) throw thrown
    return /User "([^"]+)"/.exec(thrown.message)?.[1] ?? ''
  }
  return ''
}

export const configMap = (namespace: string, name: string, data: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace, name },
  data,
})
