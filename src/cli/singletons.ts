import type { Singleton } from '../engine/world.ts'
import { exitCode, UserError } from '../lib/errors.ts'

/** The spec of what a command cannot do without; `lacks` is what follows where there is none. */
export const theOne = <Spec extends object>(
  kind: 'ClusterIdentity' | 'DNSConfiguration',
  singleton: Singleton<Spec>,
  lacks: string,
): Spec => {
  if (singleton.state === 'one') return singleton.spec
  const [which, hint] =
    singleton.state === 'none'
      ? ['', 'apply one: docs/concepts.md has its fields, examples/two-regions one to copy']
      : ['single valid ', `have one, and valid: kubectl get ${kind.toLowerCase()}s shows what is there`]
  throw new UserError(exitCode.invalidInput, `the cluster has no ${which}${kind}, so ${lacks}`, hint)
}
