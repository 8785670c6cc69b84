import type { GatewayRule } from './index.ts'

/** One target name cannot mean the addresses of two controllers. */
export const targetUnique: GatewayRule = ({ spec, key }, world) => {
  if (spec === undefined) return undefined
  const holder = world.postfixHolders.get(spec.targetPostfix)
  if (holder?.spec === undefined || holder.key === key || holder.spec.controller === spec.controller)
    return undefined
  return {
    code: 'TargetConflict',
    severity: 'error',
    effect: 'error',
    message: `targetPostfix ${spec.targetPostfix} means controller ${holder.spec.controller} in the older Gateway ${holder.key}`,
    hint: 'give this Gateway another targetPostfix',
    path: ['spec', 'targetPostfix'],
  }
}
