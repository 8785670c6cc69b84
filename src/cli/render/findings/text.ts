import { findingLines } from '../finding-lines.ts'
import { paletteOf, type Style } from '../style.ts'
import { type FindingsReport, inputLine, verdict } from './report.ts'

/** For people: a finding a paragraph, the verdict last, where a terminal stops scrolling. */
export function* findingsText({ findings, summary }: FindingsReport, style: Style): Generator<string> {
  const palette = paletteOf(style)
  for (const finding of findings) yield* findingLines(finding, palette)
  if (findings.length > 0) yield '\n'
  const paint = summary.errors > 0 ? palette.error : summary.warnings > 0 ? palette.warning : palette.add
  yield `${inputLine(summary)}: ${paint(verdict(summary))}\n`
}
