import { earlierOperatorLease, isRenewed } from '../api/leases.ts'
import { shortName } from '../api/object.ts'
import type { LocatedFinding } from '../engine/finding.ts'
import { isKubeError, type KubeClient, Lease, type LeaseObject, list } from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'

/** A warning where the earlier operator still runs: two that write the same objects. */
export const earlierOperator = async (
  client: KubeClient,
  { signal, log }: { readonly signal?: AbortSignal | undefined; readonly log?: Log | undefined } = {},
): Promise<readonly LocatedFinding[]> => {
  try {
    const selection = { fieldSelector: `metadata.name=${earlierOperatorLease}`, signal }
    const { items } = await list<LeaseObject>(client, Lease, selection)
    const held = items.find(lease => isRenewed(lease.spec, client.timing.now()))
    return held === undefined ? [] : [running(held)]
  } catch (thrown) {
    // Whoever may do all else need not be allowed to read Leases.
    if (!isKubeError(thrown)) throw thrown
    log?.debug('the Lease of the earlier operator cannot be read', { error: messageOf(thrown) })
    return []
  }
}

const running = ({ metadata, spec }: LeaseObject): LocatedFinding => ({
  code: 'EarlierOperatorRunning',
  severity: 'warning',
  message:
    `the earlier operator still runs: ${spec.holderIdentity} renewed its Lease ${shortName(metadata)} ` +
    `at ${spec.renewTime}`,
  hint: 'scale its Deployment to 0: it and srouter would write the same objects, each in its own way',
})
