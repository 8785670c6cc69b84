import type { RouteFacts } from '../../facts.ts'
import type { Issue } from '../../issue.ts'
import type { Resource } from '../../resource.ts'

/** Judged after the other rules, because only routes that pass those contend for a host. */
export const hostUnique = (
  { resource, host, claim }: RouteFacts,
  holders: ReadonlyMap<string, Resource<unknown>>,
): Issue | undefined => {
  const holder = holders.get(claim)
  if (holder === undefined || holder.key === resource.key) return undefined
  return {
    code: 'HostConflict',
    severity: 'error',
    effect: 'error',
    message: `the host ${host ?? 'of this route'} is held by ServiceRoute ${holder.key}`,
    hint: 'change serviceName, environment or application of one of the two',
    path: ['spec', 'serviceName'],
  }
}
