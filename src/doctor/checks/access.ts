import type { Right } from '../../install/rules.ts'
import { type Check, problem, some, type Verdict } from '../check.ts'
import type { Reading } from '../facts.ts'

export const callerAccess: Check = {
  remedy: 'to apply as well, be bound to the ClusterRole srouter (docs/security.md)',
  look: ({ callerLacks }) =>
    lacking(callerLacks, 'warning', 'srouter apply would fail for you', 'you may do what srouter apply does'),
}

export const daemonAccess: Check = {
  remedy: 'apply what "srouter install" prints, its roles and their bindings',
  look: ({ daemonLacks }) =>
    lacking(daemonLacks, 'error', 'the daemon would fail', 'its ServiceAccount may do what the daemon does'),
}

const lacking = (
  lacks: Reading<readonly Right[]>,
  severity: 'error' | 'warning',
  so: string,
  ok: string,
): Verdict => {
  if (!lacks.known) return { notChecked: lacks.why }
  if (lacks.value.length === 0) return { ok }
  return { problems: [problem(severity, `${so}: not allowed to ${some(texts(lacks.value), 8)}`)] }
}

/** `create, patch dnsendpoints.externaldns.k8s.io`: one text for each resource. */
const texts = (rights: readonly Right[]): readonly string[] =>
  Object.entries(
    Object.groupBy(rights, ({ group, resource, subresource, name }) =>
      [
        resource,
        group === '' ? '' : `.${group}`,
        subresource === undefined ? '' : `/${subresource}`,
        name === undefined ? '' : ` ${name}`,
      ].join(''),
    ),
  ).map(([what, theirs = []]) => `${theirs.map(({ verb }) => verb).join(' and ')} ${what}`)
