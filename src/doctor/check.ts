import type { ResourceRef } from '../api/object.ts'
import type { Facts } from './facts.ts'

export type Severity = 'error' | 'warning'

/** What is wrong, with the values that make it so. */
export interface Problem {
  readonly severity: Severity
  readonly message: string
  readonly resource?: ResourceRef
}

/** What a check comes to. `notChecked` is no failure: it says why nothing can be said. */
export type Verdict =
  | { readonly ok: string }
  | { readonly notChecked: string }
  | { readonly problems: readonly Problem[] }

/** A question about a cluster's set-up. Its code, by which it is known outside, is its key in the table. */
export interface Check {
  /** What to do where it fails. */
  readonly remedy: string
  readonly look: (facts: Facts) => Verdict
}

export const problem = (severity: Severity, message: string, resource?: ResourceRef): Problem =>
  resource === undefined ? { severity, message } : { severity, message, resource }

/** The problems, each once, as an instance may write several zones; or what is well where there are none. */
export const verdict = (problems: readonly Problem[], ok: string): Verdict =>
  problems.length === 0
    ? { ok }
    : { problems: [...new Map(problems.map(each => [each.message, each])).values()] }

/** As many of `texts` as one reads: `a, b, c and 12 more`. */
export const some = (texts: readonly string[], most = 5): string =>
  texts.length <= most + 1
    ? texts.join(', ')
    : `${texts.slice(0, most).join(', ')} and ${texts.length - most} more`
