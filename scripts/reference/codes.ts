import { recordStatus } from '../../src/daemon/events.ts'
import { createMetrics } from '../../src/daemon/metrics.ts'
import { checks } from '../../src/doctor/checks/index.ts'
import { conditionTypes, describedReasons, findingCodes, statusReasons } from './facts.ts'
import { cell, code, generatedBy, paragraphs, table } from './markdown.ts'

interface Metric {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly labelNames: readonly string[]
}

const reasons = [...new Set([...statusReasons, ...describedReasons])]
  .filter(reason => !findingCodes.includes(reason))
  .sort()

const checkCodes = Object.values(checks)
  .flatMap(table => Object.keys(table))
  .sort()

/** Every code that scripts, alerts and people may look for. */
export const codesPage = (): string => {
  const { registry } = createMetrics({ version: '', commit: '' })
  const metrics = registry.getMetricsAsArray() as unknown as readonly Metric[]
  return [
    paragraphs(
      '# Codes and metrics',
      generatedBy,
      'The names that srouter gives, in alphabetical order. They are stable.',
      '## Findings',
      `What each means and what to do is in [Findings](../findings.md): ${findingCodes.map(code).join(', ')}.`,
      '## Checks',
      `Of \`srouter doctor\`; what each looks at is in [Doctor](../doctor.md): ${checkCodes.map(code).join(', ')}.`,
      '## Reasons',
      `Of conditions, beside the codes above; see [Status reasons](../findings.md#status-reasons): ${reasons.map(code).join(', ')}.`,
      '## Conditions',
      'What they say is in [Status](../concepts.md#status). Where a change of one is an event, that has the reason of the condition; [Events](../metrics.md#events) says when it is a warning.',
    ),
    table(
      ['condition', 'its changes are events'],
      conditionTypes.map(type => [code(type), isTold(type) ? 'yes' : 'no']),
    ),
    paragraphs('## Metrics', '[Metrics](../metrics.md#metrics) says more of each, and has alerts.'),
    table(
      ['metric', 'type', 'labels', ''],
      metrics
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, type, labelNames, help }) => [
          code(name),
          type,
          labelNames.map(code).join(', '),
          cell(help),
        ]),
    ),
  ]
    .join('')
    .trimEnd()
    .concat('\n')
}

const isTold = (type: string): boolean => {
  let events = 0
  const subject = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' } }
  const condition = { type, status: 'False', reason: 'X', message: '' }
  recordStatus({ record: () => void events++ }, { subject, status: { conditions: [condition] } })
  return events > 0
}
