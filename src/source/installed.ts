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
    if (!isNotFound(thrown)) throw thrown
    throw new UserError(
      exitCode.invalidInput,
      `the cluster has no ${kind.plural}.${kind.group}`,
      'install the CRDs: srouter install --crds-only | kubectl apply -f -',
    )
  }
}
