import { inChunks } from '../chunks.ts'
import type { Style } from '../style.ts'
import { findingsGithub } from './github.ts'
import { findingsJson } from './json.ts'
import { findingsJunit } from './junit.ts'
import type { FindingsReport } from './report.ts'
import { findingsSarif } from './sarif.ts'
import { findingsText } from './text.ts'

/** What `validate -o` takes. */
export const findingsFormats = ['text', 'json', 'github', 'junit', 'sarif'] as const
export type FindingsFormat = (typeof findingsFormats)[number]

const renderers: Record<FindingsFormat, (report: FindingsReport, style: Style) => Iterable<string>> = {
  text: findingsText,
  json: findingsJson,
  github: findingsGithub,
  junit: findingsJunit,
  sarif: findingsSarif,
}

/** In chunks that are worth a write each. */
export const renderFindings = (
  report: FindingsReport,
  format: FindingsFormat,
  style: Style,
): Iterable<string> => inChunks(renderers[format](report, style))
