import { clusterNameOf } from '../../../api/claims.ts'
import type { Issue } from '../../issue.ts'
import type { FailoverRule } from './index.ts'

const invalid = (message: string, hint: string, path: readonly string[]): Issue => ({
  code: 'InvalidSpec',
  severity: 'error',
  effect: 'error',
  message,
  hint,
  path,
})

export const namedAfterPeer: FailoverRule = ({ name, spec }) =>
  spec === undefined || name === clusterNameOf(spec)
    ? undefined
    : invalid(
        `the name must be {cluster}-{region}, which is ${clusterNameOf(spec)}, not ${name}`,
        `name it ${clusterNameOf(spec)}, or change cluster and region`,
        ['metadata', 'name'],
      )

export const notItself: FailoverRule = ({ spec }, { identity }) =>
  spec === undefined || identity.state !== 'one' || clusterNameOf(spec) !== clusterNameOf(identity.spec)
    ? undefined
    : invalid(
        `this cluster is ${clusterNameOf(spec)} itself`,
        'a RegionFailover names another cluster; remove this one',
        ['spec', 'cluster'],
      )
