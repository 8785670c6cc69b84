import { refOf } from '../../api/object.ts'
import type { Finding } from '../../engine/finding.ts'
import { counted } from '../../lib/counted.ts'
import { type Check, problem, type Verdict } from '../check.ts'
import type { Facts } from '../facts.ts'

export const clusterIdentity: Check = {
  remedy:
    'have exactly one, and valid: kubectl get clusteridentities shows what is there, docs/concepts.md its fields',
  look: ({ state }) => {
    if (!state.known) return { notChecked: state.why }
    const { identity } = state.value.evaluation.world
    return identity.state === 'one'
      ? { ok: `${identity.spec.cluster} in region ${identity.spec.region}, domain ${identity.spec.domain}` }
      : singletonProblem('ClusterIdentity', 'ClusterIdentities', identity.state)
  },
}

export const dnsConfiguration: Check = {
  remedy:
    'have exactly one, and valid: kubectl get dnsconfigurations shows what is there, docs/concepts.md its fields',
  look: ({ state }) => {
    if (!state.known) return { notChecked: state.why }
    const { configuration, controllers } = state.value.evaluation.world
    return configuration.state === 'one'
      ? { ok: `controllers for ${[...new Set(controllers.map(({ region }) => region))].sort().join(', ')}` }
      : singletonProblem('DNSConfiguration', 'DNSConfigurations', configuration.state)
  },
}

const singletonProblem = (kind: string, kinds: string, state: 'none' | 'several' | 'invalid'): Verdict => ({
  problems: [
    problem(
      'error',
      state === 'none'
        ? `there is no ${kind}, so no record is written`
        : state === 'several'
          ? `there are several ${kinds}, so all records stay as they are`
          : `the ${kind} is not valid, so all records stay as they are`,
    ),
  ],
})

/** One tenant's mistake stops nobody else, so none of them is an error of the set-up. */
export const resources: Check = {
  remedy: 'srouter plan shows each with a hint; docs/findings.md has all codes',
  look: ({ state }: Facts) => {
    if (!state.known) return { notChecked: state.why }
    const findings = state.value.plan.findings.filter(({ code }) => !ownChecks.has(code))
    if (findings.length === 0) return { ok: 'no findings' }
    const codes = Object.entries(Object.groupBy(findings, ({ code }) => code)).sort(byCount)
    return {
      problems: codes.map(([code, theirs = []]) =>
        problem('warning', `${code}: ${counted(theirs.length, 'resource')}`, firstOf(theirs)),
      ),
    }
  },
}

/** What is a check of its own here. */
const ownChecks: ReadonlySet<string> = new Set([
  'CRDNotInstalled',
  'SeveralLoadBalancers',
  'LoadBalancerIPPending',
  'ZoneNearlyFull',
])

type Coded = readonly [string, readonly Finding[] | undefined]

const byCount = ([a, as = []]: Coded, [b, bs = []]: Coded): number =>
  bs.length - as.length || (a < b ? -1 : 1)

const firstOf = ([first]: readonly Finding[]) =>
  first?.resource ?? (first?.subject === undefined ? undefined : refOf(first.subject))
