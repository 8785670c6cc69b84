import { counted } from '../../../lib/counted.ts'
import { findingLines } from '../finding-lines.ts'
import { paletteOf, type Style } from '../style.ts'
import { type ImportReport, sumOf } from './report.ts'

/** What could not be imported and why, and the sum of it: for people, beside the manifests. */
export function* importText(report: ImportReport, style: Style): Generator<string> {
  const palette = paletteOf(style)
  for (const finding of report.findings) yield* findingLines(finding, palette)
  if (report.findings.length > 0) yield '\n'
  const { dnsEndpoints, istioGateways } = report.owned
  const owned = dnsEndpoints + istioGateways
  const passedOver =
    owned === 0 ? '' : `; ${counted(owned, 'object')} of srouter ${owned === 1 ? 'was' : 'were'} passed over`
  yield `${palette.strong(`Reproduced: ${sumOf(report)}${passedOver}`)}\n`
}
