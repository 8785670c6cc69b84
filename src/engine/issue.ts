import type { KubeObject } from '../api/object.ts'
import { refOf } from '../api/object.ts'
import type { FieldPath, Finding, Severity } from './finding.ts'

/**
 * What one rule says of one resource.
 *
 * `effect` is what becomes of it: `note` nothing, `pending` and `error` keep the records that exist and make no
 * new ones, `inactive` withdraws them, because a policy says that another cluster writes them.
 */
export interface Issue {
  readonly code: string
  /** `none`: a state worth reporting in the status, but nothing that anyone should mend. */
  readonly severity: Severity | 'none'
  readonly effect: 'note' | 'pending' | 'error' | 'inactive'
  readonly message: string
  readonly hint: string
  readonly path?: FieldPath
  /** Issues of one group are reported once, at the first resource that has them. */
  readonly group?: string
  /** True where information is missing, rather than wrong: the plan is then not complete. */
  readonly incomplete?: boolean
}

/** A named question to one resource; the tables of rules are read from top to bottom. */
export type Rule<Subject, World> = (subject: Subject, world: World) => Issue | undefined

/** The issue that decides the phase: the first one in the order of the rules that has an effect. */
export const decisive = (issues: readonly Issue[]): Issue | undefined =>
  issues.find(issue => issue.effect !== 'note')

export const collect = <S, W>(rules: readonly Rule<S, W>[], subject: S, world: W): readonly Issue[] => {
  let issues: Issue[] | undefined
  for (const rule of rules) {
    const issue = rule(subject, world)
    if (issue !== undefined) issues = issues === undefined ? [issue] : [...issues, issue]
  }
  return issues ?? none
}

const none: readonly Issue[] = []

/** The findings of resources in their order, grouped ones folded into the first. */
export const findingsOf = (
  subjects: Iterable<{ readonly object: KubeObject; readonly issues: readonly Issue[] }>,
): Finding[] => {
  const findings: Finding[] = []
  const groups = new Map<string, { index: number; others: number }>()
  for (const { object, issues } of subjects) {
    for (const issue of issues) {
      if (issue.severity === 'none') continue
      if (issue.group !== undefined) {
        const group = groups.get(`${issue.code} ${issue.group}`)
        if (group !== undefined) {
          group.others++
          continue
        }
        groups.set(`${issue.code} ${issue.group}`, { index: findings.length, others: 0 })
      }
      findings.push({
        code: issue.code,
        severity: issue.severity,
        message: issue.message,
        hint: issue.hint,
        resource: refOf(object),
        subject: object,
        ...(issue.path === undefined ? {} : { path: issue.path }),
      })
    }
  }
  for (const { index, others } of groups.values()) {
    const first = findings[index]
    if (first !== undefined && others > 0) {
      const more = others === 1 ? '1 other resource needs it too' : `${others} other resources need it too`
      findings[index] = { ...first, message: `${first.message} (${more})` }
    }
  }
  return findings
}
