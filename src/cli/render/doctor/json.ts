import { outcomeOf, type Report, type Result } from '../../../doctor/examine.ts'
import { list, value } from '../document.ts'
import { resourceData } from '../finding-data.ts'
import { jsonText } from '../json.ts'

/** Additions are minor, all else is major. */
const formatVersion = '1.0'

/** Every key is always there: whoever reads it has to know null, but never a missing member. */
export const doctorJson = ({ cluster, results, summary }: Report): Iterable<string> =>
  jsonText([
    ['formatVersion', value(formatVersion)],
    ['cluster', value(cluster ?? null)],
    ['summary', value(summary)],
    ['checks', list(results, resultData)],
  ])

const resultData = ({ group, code, verdict, remedy }: Result): object => ({
  group,
  code,
  outcome: outcomeOf(verdict),
  message: 'ok' in verdict ? verdict.ok : 'notChecked' in verdict ? verdict.notChecked : null,
  problems:
    'problems' in verdict
      ? verdict.problems.map(({ severity, message, resource }) => ({
          severity,
          message,
          resource: resource === undefined ? null : resourceData(resource),
        }))
      : [],
  remedy: 'problems' in verdict ? remedy : null,
})
