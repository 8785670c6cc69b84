import type { ResourceRef } from '../../api/object.ts'
import type { LocatedFinding, Severity } from '../../engine/finding.ts'
import { byText } from '../../lib/compare.ts'
import type { Place } from '../place.ts'
import { type Code, codes } from './codes.ts'

export interface Details {
  readonly hint?: string | undefined
  readonly severity?: Severity
  readonly resource?: ResourceRef | undefined
}

/** A finding at a place, with what the table of codes says of it. */
export const located = (
  code: Code,
  message: string,
  place: Place | { readonly file: string } | undefined,
  details: Details = {},
): LocatedFinding => ({
  code,
  severity: details.severity ?? codes[code].severity,
  message,
  hint: details.hint ?? codes[code].hint,
  ...(details.resource === undefined ? {} : { resource: details.resource }),
  ...place,
})

/** Nobody reads more, and a file of 20 MB can have millions. */
const mostFindings = 100_000

/** Collects findings, up to a number. */
export class Report {
  readonly findings: LocatedFinding[] = []

  /** `place` is only asked while there is room. */
  add(code: Code, message: string, place: () => Place | undefined, details?: Details): void {
    if (this.findings.length < mostFindings) this.findings.push(located(code, message, place(), details))
    else if (this.findings.length === mostFindings)
      this.findings.push(
        located(
          'TooManyFindings',
          `there are more findings than the ${mostFindings} that are shown`,
          undefined,
        ),
      )
  }
}

/** A text of ours is never as long; one that quotes a file may be, and would fill a build log. */
const longest = 2_000

const cut = (text: string): string => (text.length <= longest ? text : `${text.slice(0, longest)}…`)

const cutRef = ({ apiVersion, kind, namespace, name }: ResourceRef): ResourceRef => ({
  apiVersion: cut(apiVersion),
  kind: cut(kind),
  ...(namespace === undefined ? {} : { namespace: cut(namespace) }),
  name: cut(name),
})

const bounded = (finding: LocatedFinding): LocatedFinding => {
  const { message, hint, resource } = finding
  const texts = [message, hint, ...(resource === undefined ? [] : Object.values(resource))]
  if (texts.every(text => text.length <= longest)) return finding
  const ref = resource === undefined ? {} : { resource: cutRef(resource) }
  return { ...finding, message: cut(message), hint: cut(hint), ...ref }
}

/** By file, line, column and code; those without a file first. */
export const inOrder = (findings: readonly LocatedFinding[]): LocatedFinding[] =>
  findings
    .map(bounded)
    .sort(
      (a, b) =>
        byText(a.file ?? '', b.file ?? '') ||
        (a.line ?? 0) - (b.line ?? 0) ||
        (a.column ?? 0) - (b.column ?? 0) ||
        byText(a.code, b.code) ||
        byText(a.message, b.message),
    )
