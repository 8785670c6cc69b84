import type { StandIn } from '../../engine/failover/stand-in.ts'
import { exitCode, UserError } from '../../lib/errors.ts'
import { suggest } from '../../lib/suggest.ts'
import { standInFor, type View } from './view.ts'

/** The RegionFailover that is named, exactly; or why it cannot be used. */
export const standInNamed = (view: View, peer: string): StandIn => {
  const standIn = standInFor(view, peer)
  if (standIn !== undefined) return standIn
  if (peer === view.me)
    throw new UserError(
      exitCode.invalidInput,
      `this cluster is ${peer} itself, and cannot stand in for itself`,
      'run it against the cluster that is to take the traffic: --context, --kubeconfig',
    )
  const { failovers } = view.reconciliation.evaluation
  const found = failovers.find(({ resource }) => resource.name === peer)
  if (found !== undefined)
    throw new UserError(
      exitCode.invalidInput,
      `the RegionFailover ${peer} is in error: ${found.trouble?.message ?? 'it has no effect'}`,
      found.trouble?.hint,
    )
  const names = failovers.map(({ resource }) => resource.name)
  const best = suggest(peer, names)
  throw new UserError(
    exitCode.invalidInput,
    `${view.me} has no RegionFailover ${peer}, so it may not stand in for that cluster`,
    best !== undefined
      ? `did you mean ${best}?`
      : names.length > 0
        ? `it may stand in for ${names.join(', ')}`
        : 'apply a RegionFailover of that name first; docs/failover.md has one to copy',
  )
}
