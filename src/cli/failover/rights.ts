import { ClusterIdentity, DNSEndpoint, type KindInfo, RegionFailover } from '../../api/kinds.ts'
import { allowed, type KubeClient } from '../../kube/index.ts'
import { exitCode, UserError } from '../../lib/errors.ts'

interface Right {
  readonly verb: 'create' | 'patch' | 'delete'
  readonly kind: KindInfo
  readonly subresource?: 'status'
}

const records: readonly Right[] = [
  { verb: 'create', kind: DNSEndpoint },
  { verb: 'patch', kind: DNSEndpoint },
  { verb: 'delete', kind: DNSEndpoint },
]

/** What start and end write. */
export const switchRights: readonly Right[] = [
  { verb: 'patch', kind: RegionFailover },
  { verb: 'patch', kind: RegionFailover, subresource: 'status' },
  ...records,
]

export const reclaimRights: readonly Right[] = [{ verb: 'patch', kind: ClusterIdentity }, ...records]

/** Half a failover is worse than none: who may not do all of it does nothing. */
export const requireRights = async (
  client: KubeClient,
  rights: readonly Right[],
  signal: AbortSignal,
): Promise<void> => {
  const answers = await Promise.all(
    rights.map(async right => ({ right, isAllowed: await allowed(client, right, { signal }) })),
  )
  const missing = answers.filter(({ isAllowed }) => !isAllowed).map(({ right }) => textOf(right))
  if (missing.length === 0) return
  throw new UserError(
    exitCode.unreachable,
    `not allowed to ${missing.join(', ')}; nothing was written`,
    'be bound to the ClusterRoles srouter and srouter-platform (docs/failover.md)',
  )
}

const textOf = ({ verb, kind, subresource }: Right): string =>
  `${verb} ${kind.plural}.${kind.group}${subresource === undefined ? '' : `/${subresource}`}`
