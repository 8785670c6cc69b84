import type { Finding, LocatedFinding } from '../../engine/finding.ts'
import type { Place, Places } from '../place.ts'
import { inOrder } from './findings.ts'

/** The findings with what they are about replaced by where that is, in the order of the files. */
export const locate = (findings: readonly Finding[], places: Places): LocatedFinding[] =>
  inOrder(
    findings.map(finding => {
      const { subject: _subject, path: _path, ...rest } = finding
      return { ...rest, ...placeOf(finding, places) }
    }),
  )

const placeOf = ({ subject, path }: Finding, places: Places): Place | undefined => {
  if (subject === undefined) return undefined
  return (path === undefined ? undefined : places.field(subject, path)) ?? places.start(subject)
}
