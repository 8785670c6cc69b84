import type { Check, Verdict } from './check.ts'
import { checks, type Group } from './checks/index.ts'
import type { Facts } from './facts.ts'

export interface Result {
  readonly group: Group
  readonly code: string
  readonly verdict: Verdict
  readonly remedy: string
}

export interface Report {
  /** Undefined where there is no single valid ClusterIdentity, or it may not be read. */
  readonly cluster: { readonly cluster: string; readonly region: string; readonly domain: string } | undefined
  /** In the order of the table. */
  readonly results: readonly Result[]
  readonly summary: Summary
}

/** Counts checks, each by the worst that it found. */
export interface Summary {
  readonly ok: number
  readonly warnings: number
  readonly errors: number
  readonly notChecked: number
}

export type Outcome = 'ok' | 'warning' | 'error' | 'notChecked'

export const outcomeOf = (verdict: Verdict): Outcome => {
  if ('ok' in verdict) return 'ok'
  if ('notChecked' in verdict) return 'notChecked'
  return verdict.problems.some(({ severity }) => severity === 'error') ? 'error' : 'warning'
}

/** Asks every check. With `strict` warnings are errors. */
export const examine = (facts: Facts, strict = false): Report => {
  const results = Object.entries(checks).flatMap(([group, table]) =>
    Object.entries<Check>(table).map(([code, { look, remedy }]) => ({
      group: group as Group,
      code,
      verdict: strict ? hardened(look(facts)) : look(facts),
      remedy,
    })),
  )
  const count = (outcome: Outcome): number =>
    results.filter(({ verdict }) => outcomeOf(verdict) === outcome).length
  return {
    cluster: facts.state.known ? facts.state.value.plan.cluster : undefined,
    results,
    summary: {
      ok: count('ok'),
      warnings: count('warning'),
      errors: count('error'),
      notChecked: count('notChecked'),
    },
  }
}

const hardened = (verdict: Verdict): Verdict =>
  'problems' in verdict
    ? { problems: verdict.problems.map(each => ({ ...each, severity: 'error' })) }
    : verdict
