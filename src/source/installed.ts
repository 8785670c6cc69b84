import type { KindInfo } from '../api/kinds.ts'
import type { KubeObject } from '../api/object.ts'
import { isNotFound, type KubeClient, list } from '../kube/index.ts'
import { exitCode, UserError } from '../lib/errors.ts'

/** Lists objects of a kind without which there is nothing to be said. */
export const listInstalled = async (
  client: KubeClient,
  kind: KindInfo,
  options: { readonly signal?: AbortSignal | undefined; readonly labelSelector?: string },
): Promise<readonly KubeObject[]> => {
  try {
    return (await list(client, kind, options)).items
  } catch (thrown) {
    throw isNotFound(thrown) ? notInstalled(kind) : thrown
  }
}

/** The cluster does not know the kind. */
export const notInstalled = ({ plural, group }: KindInfo): UserError =>
  new UserError(exitCode.invalidInput, `the cluster has no ${plural}.${group}`, installHint)

export const installHint = 'install the CRDs: srouter install --crds-only | kubectl apply -f -'
